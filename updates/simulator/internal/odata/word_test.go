package odata_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// shelves are of a service whose shelves have a kind, which is an enumeration, and a reader.
func shelves() (odata.Schema, []odata.Object) {
	return odata.Schema{Namespace: namespace, Types: map[string]odata.Type{
			"shelf": {
				Properties: "id text, kind word, label text, reader person",
				Expandable: []odata.Expandable{{Path: "reader", Unasked: true, Brief: true}},
			},
			"person": {Properties: "id text, name text"},
		}}, []odata.Object{
			{
				"id": "s", "kind": "openShelf", "label": "openShelf", "reader@odata.context": "readers",
				"reader": odata.Object{"id": "r", "name": "Rae"},
			},
			{"id": "t", "kind": nil, "label": "x", "reader": nil},
		}
}

func TestWordsAreComparedWithoutTheirCase(t *testing.T) {
	t.Parallel()
	schema, all := shelves()
	for filter, want := range map[string]string{
		"kind eq 'OPENSHELF'":       "s",
		"kind eq 'openShelf'":       "s",
		"'openshelf' eq kind":       "s",
		"kind ne 'openshelf'":       "t",
		"kind in ('a','OpenShelf')": "s",
		"kind in ('a','b')":         "",
		"kind eq null":              "t",
		"kind eq label":             "s",
		"label eq 'openshelf'":      "",
		"label in ('openshelf')":    "",
	} {
		q, err := schema.ParseQuery(url.Values{"$filter": {filter}}, "shelf")
		require.NoError(t, err, filter)
		require.Equal(t, want, found(q, all), filter)
	}
	for _, filter := range []string{"kind eq 5", "kind", "contains(kind,'open')", "kind in (5)", "kind eq true"} {
		_, err := schema.ParseQuery(url.Values{"$filter": {filter}}, "shelf")
		requireRejected(t, err, filter)
	}
	q, err := schema.ParseQuery(url.Values{"$orderby": {"kind desc"}}, "shelf")
	require.NoError(t, err)
	require.Equal(t, "s t", found(q, all))
}

func TestABriefPropertyIsItsIDInListsOnly(t *testing.T) {
	t.Parallel()
	schema, all := shelves()
	for options, want := range map[string]any{
		"":                             odata.Object{"id": "r"},
		"$select=reader":               odata.Object{"id": "r"},
		"$select=id":                   nil,
		"$expand=reader":               odata.Object{"id": "r", "name": "Rae"},
		"$expand=reader($select=id)":   odata.Object{"id": "r"},
		"$select=id&$expand=reader":    odata.Object{"id": "r", "name": "Rae"},
		"$filter=reader/name eq 'Rae'": odata.Object{"id": "r"},
	} {
		values, err := url.ParseQuery(options)
		require.NoError(t, err)
		q, err := schema.ParseQuery(values, "shelf")
		require.NoError(t, err)
		alone := q.Shape(all[0])
		q.InList = true
		item := q.Shape(all[0])
		require.Equal(t, want, item["reader"], options)
		require.Equal(t, values.Has("$expand"), item["reader@odata.context"] != nil, options)
		if !values.Has("$select") {
			require.Contains(t, alone, "reader@odata.context", options)
		}
		require.Nil(t, q.Shape(all[1])["reader"], options)
	}
}

func TestNamesWithTheSignAreOptions(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"$top": true, "top": true, "$search": true, "search": false, "@n": false, "": false, "$": true} {
		require.Equal(t, want, odata.IsOption(name), name)
	}
}
