package catalog_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
)

// document is a JSON object. What encoding/json makes of a number is kept as text.
type document = map[string]any

// TestNothingThatTheServiceSendsIsLost writes random entries and products as the service does,
// and reads them. It compares what they marshal to, with the unknown properties back in their
// places.
func TestNothingThatTheServiceSendsIsLost(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		w := wire{source{rand.New(rand.NewPCG(seed, 2))}}
		entry, product := w.entry(2), w.product()
		client := stub.Answering(stub.Answer(200, page(t, entry)), stub.Answer(200, page(t, product))).Client(t)
		gotEntry, err := client.Catalog().List(nil).First(t.Context())
		require.NoError(t, err)
		require.Equal(t, essence(entry), restored(t, gotEntry), "seed %d: %s", seed, page(t, entry))
		gotProduct, err := client.Products().List(nil).First(t.Context())
		require.NoError(t, err)
		require.Equal(t, essence(product), restored(t, gotProduct), "seed %d: %s", seed, page(t, product))
	}
}

func page(t *testing.T, item document) string {
	t.Helper()
	text, err := json.Marshal(document{"value": []any{item}})
	require.NoError(t, err)
	return string(text)
}

// essence is what must survive of what the service sends: everything but what
// OData says about the answer, and members that are known to be nothing.
func essence(value any) any {
	switch value := value.(type) {
	case document:
		kept := document{}
		for name, member := range value {
			known := !strings.HasPrefix(name, "new")
			switch {
			case name == "@odata.type":
				kept[name] = strings.TrimPrefix(member.(string), "#")
			case strings.Contains(name, "@odata."), known && member == nil:
			case known:
				kept[name] = essence(member)
			default:
				kept[name] = member
			}
		}
		return kept
	case []any:
		kept := []any{}
		for _, item := range value {
			if item != nil {
				kept = append(kept, essence(item))
			}
		}
		return kept
	}
	return value
}

// restored is what a public value marshals to, in the form of the service.
func restored(t *testing.T, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	var stored any
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&stored))
	return unfolded(stored)
}

// unfolded puts the members of "extra" beside the others, and the kind where the
// service has it.
func unfolded(value any) any {
	switch value := value.(type) {
	case document:
		out := document{}
		for name, member := range value {
			switch name {
			case "extra":
				maps.Copy(out, member.(document))
			case "kind":
				out["@odata.type"] = "microsoft.graph.windowsUpdates." + member.(string)
			default:
				out[name] = unfolded(member)
			}
		}
		return out
	case []any:
		out := []any{}
		for _, item := range value {
			out = append(out, unfolded(item))
		}
		return out
	}
	return value
}

// wire makes random objects as the service sends them.
type wire struct{ source }

func (w wire) entry(depth int) document {
	kind := []string{"feature", "quality", "driver", "recovery", "lunar"}[w.IntN(5)]
	members := map[string][]string{
		"feature":  {"version", "buildNumber"},
		"quality":  {"catalogName", "shortName", "qualityUpdateCadence", "qualityUpdateClassification"},
		"driver":   {"description", "driverClass", "manufacturer", "provider", "setupInformationFile", "version", "versionDateTime"},
		"recovery": {"catalogName"},
	}[kind]
	d := w.with(append(members, "displayName", "releaseDateTime", "deployableUntilDateTime")...)
	d["@odata.type"] = []string{"#", ""}[w.IntN(2)] + "microsoft.graph.windowsUpdates." + kind + "UpdateCatalogEntry"
	switch kind {
	case "quality":
		d["isExpeditable"] = w.flag()
		w.maybe(d, "cveSeverityInformation", w.severity)
		fallthrough
	case "recovery":
		w.list(d, "productRevisions", func() any { return w.revision(depth) })
	}
	return d
}

func (w wire) severity() any {
	d := w.with("maxSeverity")
	delete(d, "id")
	w.maybe(d, "maxBaseScore", func() any { return json.Number(fmt.Sprint(w.IntN(10), ".5")) })
	w.list(d, "exploitedCves", func() any {
		cve := w.with("url")
		delete(cve, "id")
		cve["number"] = w.word()
		return cve
	})
	return d
}

func (w wire) revision(depth int) document {
	d := w.with("displayName", "product", "version", "releaseDateTime")
	d["isHotpatchUpdate"] = w.flag()
	build := w.with()
	delete(build, "id")
	for _, part := range []string{"majorVersion", "minorVersion", "buildNumber", "updateBuildRevision"} {
		build[part] = json.Number(fmt.Sprint(w.IntN(100000)))
	}
	d["osBuild"] = build
	w.maybe(d, "knowledgeBaseArticle", func() any { return w.with("url") })
	if depth > 0 {
		w.maybe(d, "catalogEntry", func() any { return w.entry(depth - 1) })
	}
	return d
}

func (w wire) product() document {
	d := w.with("name", "groupName")
	w.list(d, "friendlyNames", func() any { return w.word() })
	w.list(d, "revisions", func() any { return w.revision(1) })
	w.list(d, "editions", func() any {
		edition := w.with("name", "releasedName", "deviceFamily", "generalAvailabilityDateTime", "endOfServiceDateTime")
		edition["isInService"] = w.flag()
		w.list(edition, "servicingPeriods", func() any {
			period := w.with("name", "startDateTime", "endDateTime")
			delete(period, "id")
			return period
		})
		return edition
	})
	w.list(d, "knownIssues", w.issue)
	return d
}

func (w wire) issue() any {
	d := w.with("title", "description", "webViewUrl", "status", "startDateTime", "lastUpdatedDateTime", "resolvedDateTime")
	w.list(d, "safeguardHoldIds", func() any { return json.Number(fmt.Sprint(w.Int32())) })
	w.maybe(d, "originatingKnowledgeBaseArticle", func() any { return w.with("url") })
	w.maybe(d, "resolvingKnowledgeBaseArticle", func() any { return w.with("url") })
	w.list(d, "knownIssueHistories", func() any {
		note, body := w.with("createdDateTime"), w.with("content", "contentType")
		delete(note, "id")
		delete(body, "id")
		body["content"] = w.word()
		note["body"] = body
		return note
	})
	return d
}

// with is an object with an id and some of the members that it is known to have,
// texts and times by their names, and some that are unknown.
func (w wire) with(names ...string) document {
	d := document{"id": w.word(), "new": nil}
	for _, name := range names {
		w.maybe(d, name, func() any {
			if strings.HasSuffix(name, "DateTime") {
				return fmt.Sprintf("20%02d-0%d-11T10:00:00.%dZ", w.IntN(90)+10, w.IntN(9)+1, w.IntN(9)+1)
			}
			return w.word()
		})
		if w.IntN(9) == 0 {
			d[name+"@odata.context"] = w.word()
		}
	}
	for range w.IntN(3) {
		d["new"+w.word()] = []any{
			nil, true, "x", json.Number("9007199254740993"), json.Number("1e400"), []any{nil}, document{"id": nil, "@odata.type": "t"},
		}[w.IntN(7)]
	}
	return d
}

// maybe adds a member, or null, or nothing.
func (w wire) maybe(d document, name string, value func() any) {
	switch w.IntN(5) {
	case 0:
	case 1:
		d[name] = nil
	default:
		d[name] = value()
	}
}

// list may add a list, which may have nulls in it.
func (w wire) list(d document, name string, item func() any) {
	w.maybe(d, name, func() any {
		items := []any{}
		for range w.IntN(3) {
			items = append(items, item())
			if w.IntN(4) == 0 {
				items = append(items, nil)
			}
		}
		return items
	})
}

// word is a text that is not empty.
func (w wire) word() string { return "w" + w.text() }
