package apicheck

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

func TestWhateverIsExportedIsUsed(t *testing.T) {
	t.Parallel()
	u := usage{}
	for _, p := range ourPackages(t) {
		switch {
		case isUnder(short(p.PkgPath), "examples"):
			u.read(p, isAnyFile)
		case p.ForTest != "" && (isPublicName(short(p.ForTest)) || strings.HasSuffix(p.PkgPath, "internal/call_test")):
			u.read(p, isTestFile)
		}
	}
	for _, name := range u.unused(packagesThat(t, isPublic)) {
		t.Error(name + " is used by no test, Example or program")
	}
}

func isTestFile(name string) bool { return strings.HasSuffix(name, "_test.go") }
func isAnyFile(string) bool       { return true }

func TestWhatIsUnusedIsFound(t *testing.T) {
	t.Parallel()
	const catalog = `
type T struct { F, G int; f int }
func (*T) M() {}
func (*T) N() {}
func (T) String() string { return "" }
func (T) m() {}
type L[K any] struct { Items []K }
func (L[K]) All() {}
type Seen struct{}
func Made() []*Seen { return nil }
type I interface { Do() }
func Error() {}
const C, D = 1, 2
type hidden struct{ F int }
`
	cases := map[string]struct{ in, source, want string }{
		"nothing": {"other", "", "C D Error I I.Do L L.All L.Items Made Seen T T.F T.G T.M T.N"},
		"another package": {
			"other", "func f(i catalog.I) { i.Do(); catalog.Error(); var l catalog.L[int]; l.All(); _ = l.Items }",
			"C D Made Seen T T.F T.G T.M T.N",
		},
		"unnamed types": {"other", "func f() { catalog.Made() }", "C D Error I I.Do L L.All L.Items T T.F T.G T.M T.N"},
		"literals and embeds": {
			"other", "type e struct{ catalog.T }\nfunc f(v e) { v.M(); _ = catalog.T{F: catalog.C} }",
			"D Error I I.Do L L.All L.Items Made Seen T.G T.N",
		},
		"an inner test": {"catalog", "func f(t T) { t.N(); _ = t.G }", "C D Error I I.Do L L.All L.Items Made Seen T.F T.M"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			known := standIns(t)
			public := known.add(t, modulePath+"/catalog", catalog)
			u := usage{}
			if c.in == "catalog" {
				u.read(known.add(t, modulePath+"/catalog", catalog, c.source), isTestFile)
			} else {
				u.read(known.add(t, modulePath+"/"+c.in, "", c.source), isTestFile)
			}
			unused := u.unused([]*packages.Package{public})
			require.Equal(t, c.want, strings.ReplaceAll(strings.Join(unused, " "), "catalog.", ""))
		})
	}
}

func TestOnlyFilesThatCountAreUsers(t *testing.T) {
	t.Parallel()
	known := standIns(t)
	public := known.add(t, modulePath+"/catalog", "func A() {}\nfunc B() {}\ntype Internal int")
	user := known.add(t, modulePath+"/other", "func f() { catalog.A() }", "func g() { catalog.B() }")
	tests, all := usage{}, usage{}
	tests.read(user, isTestFile)
	all.read(user, isAnyFile)
	require.Equal(t, []string{"catalog.A"}, tests.unused([]*packages.Package{public}))
	require.Empty(t, all.unused([]*packages.Package{public}))
}
