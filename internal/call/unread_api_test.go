package call_test

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/answers"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// notTried are functions of values that may have unread properties, and that the two tests of those
// properties do not try. They have their name in the listing of the API, and the reason.
var notTried = map[string]string{
	"deployments.Settings.ContainedIn":  bothConclude,
	"deployments.Settings.EquivalentTo": bothConclude,
}

const bothConclude = "true and false both conclude, and tests of package deployments try each property"

// A new function or method that takes such a value is tried, or its reason is listed.
func TestEachFunctionThatTakesWhatWasReadIsTried(t *testing.T) {
	api := listedAPI()
	tried := triedFunctions(t)
	var forgotten []string
	for name, takes := range api.functions {
		method := name[strings.LastIndexByte(name, '.')+1:]
		if !api.mayBeUnread(takes) || tried[name] || isPlumbing(method) || notTried[name] != "" {
			continue
		}
		forgotten = append(forgotten, name)
	}
	slices.Sort(forgotten)
	require.Empty(t, forgotten)
	for name := range notTried {
		require.Contains(t, api.functions, name, "there is no such function")
		require.False(t, tried[name], "%s is tried", name)
	}
}

// triedFunctions are what the two tests of properties that could not be read try, in enough worlds for each
// kind of value to be in one.
func triedFunctions(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("../openapi/windowsupdates.yaml")
	require.NoError(t, err)
	service, err := answers.Read(text)
	require.NoError(t, err)
	tried := map[string]bool{}
	for seed := range uint64(8) {
		synctest.Test(t, func(t *testing.T) {
			d := &described{service: service, seed: seed, made: map[madeFor]answers.Answer{}, asked: map[string]answers.Operation{}}
			for _, call := range everyCall(t.Context(), stub.NewClient(t, stub.Token{}, d, stub.Attempts(1))) {
				tried[call.listed] = true
				for place := range d.say(t, call, answers.Change{}).texts {
					_, method, _ := strings.Cut(place, " ")
					tried[method] = true
				}
			}
		})
	}
	return tried
}

// api are the functions and types of the listing of the API, by package and name.
type api struct {
	functions map[string][]string // the types that a function takes, with that of its receiver
	types     map[string][]string // the types that a type has in it
	bases     map[string][]string // what Common of a type returns
	embedding map[string][]string // the types that embed a type
	unread    map[string]bool     // whether a type says what could not be read of it
}

var (
	fieldLine    = regexp.MustCompile(`^type (\w+), field (\w+) (.*)$`)
	methodLine   = regexp.MustCompile(`^type (\w+), method func \(\*?\w+(?:\[\w+\])?\)\.(\w+)(\(.*)$`)
	typeLine     = regexp.MustCompile(`^type (\w+)(?:\[.*?\])? (.*)$`)
	functionLine = regexp.MustCompile(`^func (\w+)(?:\[.*?\])?(\(.*)$`)
	typeName     = regexp.MustCompile(`(?:\b([a-z]+)\.)?\b([A-Z]\w*)`)
)

// listedAPI reads the listing once.
var listedAPI = sync.OnceValue(func() api {
	text, err := os.ReadFile("../apicheck/api.txt")
	if err != nil {
		panic(err)
	}
	return readAPI(string(text))
})

func readAPI(listing string) api {
	a := api{map[string][]string{}, map[string][]string{}, map[string][]string{}, map[string][]string{}, map[string]bool{}}
	for line := range strings.Lines(listing) {
		pkg, line, _ := strings.Cut(strings.TrimSpace(line), ": ")
		a.add(path.Base(pkg), line)
	}
	return a
}

func (a *api) add(pkg, line string) {
	of := func(name string) string { return pkg + "." + name }
	if m := fieldLine.FindStringSubmatch(line); m != nil {
		a.types[of(m[1])] = append(a.types[of(m[1])], typesIn(pkg, m[3])...)
		if m[2] == m[3] {
			a.embedding[of(m[2])] = append(a.embedding[of(m[2])], of(m[1]))
		}
	} else if m := methodLine.FindStringSubmatch(line); m != nil {
		a.functions[of(m[1])+"."+m[2]] = append(typesIn(pkg, parameters(m[3])), of(m[1]))
		a.unread[of(m[1])] = a.unread[of(m[1])] || m[2] == "Unread"
		if m[2] == "Common" {
			a.bases[of(m[1])] = typesIn(pkg, m[3])
		}
	} else if m := functionLine.FindStringSubmatch(line); m != nil {
		a.functions[of(m[1])] = typesIn(pkg, parameters(m[2]))
	} else if m := typeLine.FindStringSubmatch(line); m != nil {
		a.types[of(m[1])] = append(a.types[of(m[1])], typesIn(pkg, m[2])...)
	}
}

// parameters is the first pair of parentheses of a signature.
func parameters(signature string) string {
	depth := 0
	for i, r := range signature {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return signature[:i]
			}
		}
	}
	return signature
}

func typesIn(pkg, text string) (names []string) {
	for _, m := range typeName.FindAllStringSubmatch(text, -1) {
		if m[1] == "" {
			m[1] = pkg
		}
		names = append(names, m[1]+"."+m[2])
	}
	return names
}

// mayBeUnread reports whether a value of one of the types may have a property that could not be read, in it
// or in what is in it.
func (a api) mayBeUnread(types []string) bool {
	seen := map[string]bool{}
	for len(types) > 0 {
		name := types[0]
		types = types[1:]
		if a.unread[name] {
			return true
		}
		if !seen[name] {
			seen[name] = true
			types = append(types, a.types[name]...)
			for _, base := range a.bases[name] { // a value of an interface is one of the types that embed its base
				types = append(types, a.embedding[base]...)
			}
		}
	}
	return false
}
