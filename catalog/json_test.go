package catalog_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
)

func TestEachKindOfEntryIsPrintedLikeThis(t *testing.T) {
	t.Parallel()
	entries := list(t, `{"value":[`+strings.Join([]string{stub.Testdata(t, "feature.json"), quality, driver, recovery, unknown}, ",")+`]}`)
	printed, err := json.MarshalIndent(entries, "", "\t")
	require.NoError(t, err)
	require.Equal(t, stub.Testdata(t, "printed.json"), string(printed)+"\n")
	require.Equal(t, entries, unmarshaled(t, printed))
}

// unmarshaled reads a list of entries.
func unmarshaled(t *testing.T, printed []byte) []catalog.Entry {
	t.Helper()
	var texts []json.RawMessage
	require.NoError(t, json.Unmarshal(printed, &texts))
	entries := []catalog.Entry{}
	for _, text := range texts {
		entry, err := catalog.UnmarshalEntry(text)
		require.NoError(t, err)
		entries = append(entries, entry)
	}
	return entries
}

func TestAnEntryIsTheSameAfterJSON(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		want := source{rand.New(rand.NewPCG(seed, 0))}.entry(2)
		text, err := json.Marshal(want)
		require.NoError(t, err)
		got, err := catalog.UnmarshalEntry(text)
		require.NoError(t, err, "seed %d: %s", seed, text)
		require.Equal(t, want, got, "seed %d: %s", seed, text)
	}
}

func TestAnEntryMadeByHandIsStoredWithTheKindOfItsStruct(t *testing.T) {
	t.Parallel()
	for kind, entry := range map[catalog.Kind]catalog.Entry{
		catalog.KindFeature: &catalog.FeatureUpdate{}, catalog.KindQuality: &catalog.QualityUpdate{},
		catalog.KindDriver: &catalog.DriverUpdate{}, catalog.KindRecovery: &catalog.RecoveryUpdate{},
	} {
		text, err := json.Marshal(catalog.Revision{Entry: entry})
		require.NoError(t, err)
		require.Empty(t, entry.Common().Kind, "what is stored stays as it is")
		var got catalog.Revision
		require.NoError(t, json.Unmarshal(text, &got))
		require.IsType(t, entry, got.Entry)
		require.Equal(t, kind, got.Entry.Common().Kind)
	}
}

func TestAKindThatIsSetIsStored(t *testing.T) {
	t.Parallel()
	base := catalog.Base{Kind: "lunarCatalogEntry"}
	for _, entry := range []any{
		catalog.FeatureUpdate{Base: base}, catalog.QualityUpdate{Base: base}, catalog.DriverUpdate{Base: base},
		catalog.RecoveryUpdate{Base: base},
	} {
		text, err := json.Marshal(entry)
		require.NoError(t, err)
		require.Contains(t, string(text), `"kind":"lunarCatalogEntry"`)
	}
}

func TestEntriesInOneAnotherAreReadUpToAHundredDeep(t *testing.T) {
	t.Parallel()
	entry, err := catalog.UnmarshalEntry(nested(100))
	require.NoError(t, err)
	depth := 1
	for inner := entry.(*catalog.QualityUpdate).Revisions[0].Entry; inner != nil; depth++ {
		inner = inner.(*catalog.QualityUpdate).Revisions[0].Entry
	}
	require.Equal(t, 100, depth)
	for _, depth := range []int{101, 5000} {
		entry, err = catalog.UnmarshalEntry(nested(depth))
		require.Nil(t, entry)
		require.EqualError(t, err, "catalog: unmarshal entry: value has more than 100 nested entries")
	}
}

// nested is an entry in a revision of an entry, and so on.
func nested(depth int) []byte {
	const before, after = `{"kind":"qualityUpdateCatalogEntry","productRevisions":[{"catalogEntry":`, `}]}`
	const innermost = `{"kind":"qualityUpdateCatalogEntry","productRevisions":[{}]}`
	return []byte(strings.Repeat(before, depth-1) + innermost + strings.Repeat(after, depth-1))
}

func TestBracketsInTextsAreNoLevels(t *testing.T) {
	t.Parallel()
	want := &catalog.UnknownEntry{Base: catalog.Base{ID: strings.Repeat(`[{"\`, 400), Kind: "lunarCatalogEntry"}}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	got, err := catalog.UnmarshalEntry(text)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func TestAProductIsTheSameAfterJSON(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		want := source{rand.New(rand.NewPCG(seed, 1))}.product()
		text, err := json.Marshal(want)
		require.NoError(t, err)
		var got catalog.Product
		require.NoError(t, json.Unmarshal(text, &got), "seed %d: %s", seed, text)
		require.Equal(t, want, got, "seed %d: %s", seed, text)
	}
}

func TestAProductIsPrintedLikeThis(t *testing.T) {
	t.Parallel()
	product, err := stub.Answering(stub.Answer(200, stub.Testdata(t, "find-by-kb.response.json"))).Client(t).Products().ListByKB(5044284).First(t.Context())
	require.NoError(t, err)
	printed, err := json.MarshalIndent(product, "", "\t")
	require.NoError(t, err)
	require.Equal(t, stub.Testdata(t, "product.json"), string(printed)+"\n")
}

func TestWhatIsNoEntryIsNotUnmarshaled(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":        ``,
		"null":           `null`,
		"list":           `[]`,
		"no JSON":        `{"kind":`,
		"numeric kind":   `{"kind":1}`,
		"numeric id":     `{"kind":"featureUpdateCatalogEntry","id":1}`,
		"entry in entry": `{"kind":"qualityUpdateCatalogEntry","productRevisions":[{"catalogEntry":[]}]}`,
		"revision":       `{"kind":"qualityUpdateCatalogEntry","productRevisions":[7]}`,
	} {
		entry, err := catalog.UnmarshalEntry([]byte(text))
		require.ErrorContains(t, err, "catalog: ", name)
		require.Nil(t, entry, name)
	}
}

func TestAnEntryWithoutAKindIsUnknown(t *testing.T) {
	t.Parallel()
	entry, err := catalog.UnmarshalEntry([]byte(" \n{\"id\":\"x\"}"))
	require.NoError(t, err)
	require.Equal(t, &catalog.UnknownEntry{Base: catalog.Base{ID: "x"}}, entry)
}

func TestARevisionWithoutAnEntryHasNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"id":"r"}`, `{"id":"r","catalogEntry":null}`} {
		var got catalog.Revision
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		require.Equal(t, catalog.Revision{ID: "r"}, got)
		got.Entry = &catalog.FeatureUpdate{}
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		require.Nil(t, got.Entry, "what was there before is gone")
	}
}

// source makes random entries, each part of which is there or not.
type source struct{ *rand.Rand }

// entry makes an entry whose revisions have entries down to a depth.
func (s source) entry(depth int) catalog.Entry {
	switch s.IntN(5) {
	case 0:
		return &catalog.FeatureUpdate{Base: s.base(catalog.KindFeature), Version: s.text(), Build: s.text()}
	case 1:
		return &catalog.QualityUpdate{
			Base: s.base(catalog.KindQuality), CatalogName: s.text(), ShortName: s.text(), Expeditable: s.flag(),
			Cadence: catalog.Cadence(s.text()), Classification: catalog.Classification(s.text()),
			Severity: s.severity(), Revisions: several(s, func() catalog.Revision { return s.revision(depth) }), Incomplete: s.flag(),
		}
	case 2:
		return &catalog.DriverUpdate{
			Base: s.base(catalog.KindDriver), Description: s.text(), Class: s.text(), Manufacturer: s.text(),
			Provider: s.text(), SetupFile: s.text(), Version: s.text(), VersionDate: s.time(),
		}
	case 3:
		return &catalog.RecoveryUpdate{
			Base: s.base(catalog.KindRecovery), CatalogName: s.text(),
			Revisions: several(s, func() catalog.Revision { return s.revision(depth) }), Incomplete: s.flag(),
		}
	}
	return &catalog.UnknownEntry{Base: s.base(catalog.Kind("k" + s.text()))}
}

func (s source) base(kind catalog.Kind) catalog.Base {
	return catalog.Base{ID: s.text(), Kind: kind, DisplayName: s.text(), Released: s.time(), DeployableUntil: s.time(), Extra: s.extra()}
}

func (s source) severity() *catalog.Severity {
	if s.flag() {
		return nil
	}
	severity := &catalog.Severity{Level: s.text(), Extra: s.extra(), Exploited: several(s, func() catalog.CVE {
		return catalog.CVE{Number: s.text(), URL: s.text(), Extra: s.extra()}
	})}
	if s.flag() {
		severity.Score = new(s.Float64() * 10)
	}
	return severity
}

func (s source) revision(depth int) catalog.Revision {
	r := catalog.Revision{
		ID: s.text(), DisplayName: s.text(), Product: s.text(), Version: s.text(), Hotpatch: s.flag(), Released: s.time(),
		Build:   catalog.Build{Major: s.Int(), Minor: -s.Int(), Number: s.IntN(9), Revision: s.IntN(2), Extra: s.extra()},
		Article: s.article(), Extra: s.extra(),
	}
	if depth > 0 && s.flag() {
		r.Entry = s.entry(depth - 1)
	}
	return r
}

func (s source) product() catalog.Product {
	return catalog.Product{
		ID: s.text(), Name: s.text(), GroupName: s.text(), FriendlyNames: several(s, s.text), Incomplete: s.flag(), Extra: s.extra(),
		Editions: several(s, s.edition), Revisions: several(s, func() catalog.Revision { return s.revision(1) }),
		KnownIssues: several(s, s.issue),
	}
}

func (s source) edition() catalog.Edition {
	return catalog.Edition{
		ID: s.text(), Name: s.text(), ReleasedName: s.text(), DeviceFamily: s.text(), InService: s.flag(), Available: s.time(),
		EndOfService: s.time(),
		ServicingPeriods: several(s, func() catalog.ServicingPeriod {
			return catalog.ServicingPeriod{Name: s.text(), Start: s.time(), End: s.time(), Extra: s.extra()}
		}), Extra: s.extra(),
	}
}

func (s source) issue() *catalog.KnownIssue {
	return &catalog.KnownIssue{
		ID: s.text(), Title: s.text(), Description: s.text(), WebURL: s.text(), Status: catalog.IssueStatus(s.text()),
		Started: s.time(), Updated: s.time(), Resolved: s.time(), SafeguardHoldIDs: several(s, s.Int),
		History: several(s, func() catalog.IssueNote {
			return catalog.IssueNote{
				Created: s.time(), Body: catalog.IssueBody{Content: s.text(), ContentType: s.text(), Extra: s.extra()}, Extra: s.extra(),
			}
		}), Originating: s.article(), Resolving: s.article(), Extra: s.extra(),
	}
}

func (s source) article() *catalog.Article {
	if s.flag() {
		return nil
	}
	return &catalog.Article{ID: s.text(), URL: s.text(), Extra: s.extra()}
}

// several makes none, an empty list or some items.
func several[T any](s source, item func() T) []T {
	if s.flag() {
		return nil
	}
	items := []T{}
	for range s.IntN(3) {
		items = append(items, item())
	}
	return items
}

func (s source) flag() bool { return s.IntN(2) == 0 }

func (s source) text() string {
	return []string{"", "a", `"\/`, "<&>", "\u2028 ü 🪟", "null", fmt.Sprint(s.Uint64())}[s.IntN(7)]
}

func (s source) time() time.Time {
	if s.flag() {
		return time.Time{}
	}
	return time.Unix(s.Int64N(4e9), s.Int64N(1e9)).UTC()
}

func (s source) extra() map[string]json.RawMessage {
	values := []string{"null", "true", "9007199254740993", "1e400", `"x"`, "[]", `{"id":null,"extra":{"a":[1]}}`}
	if s.flag() {
		return nil
	}
	members := map[string]json.RawMessage{}
	for range s.IntN(3) {
		members[s.text()] = json.RawMessage(values[s.IntN(len(values))])
	}
	return members
}
