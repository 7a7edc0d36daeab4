package odata_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

const namespace = "example.books."

// library is a service of works on paper and of copies of them.
func library() odata.Schema {
	return odata.Schema{Namespace: namespace, Types: map[string]odata.Type{
		"entity": {Properties: "id text"},
		"work": {
			Base:       "entity",
			Properties: "title text, published time, availableUntil time",
			Expandable: []odata.Expandable{
				{Path: namespace + "atlas/maps", With: "engraver"}, {Path: namespace + "novel/author"},
			},
		},
		"print":   {Base: "work"},
		"novel":   {Base: "print", Properties: "subtitle text, author person"},
		"atlas":   {Base: "print", Properties: "isIllustrated flag, binding binding, maps []map"},
		"binding": {Properties: "weight number, material text"},
		"map": {
			Base:       "entity",
			Properties: "isFolded flag, size size, engraver person, work work",
			Expandable: []odata.Expandable{{Path: "engraver"}, {Path: "work"}},
		},
		"size":   {Properties: "width number"},
		"person": {Base: "entity", Properties: "name text"},
		"reader": {Base: "person", Properties: "errors []text"},
		"copy": {
			Base:       "entity",
			Properties: "work work, shelf shelf, loans []loan, reader reader",
			Expandable: []odata.Expandable{{Path: "work"}, {Path: "loans"}, {Path: "reader", Unasked: true}},
		},
		"shelf":       {Properties: "room text, work work"},
		"openShelf":   {Base: "shelf", Properties: "height number"},
		"closedShelf": {Base: "shelf", Properties: "key text"},
		"loan":        {Properties: "days number, tags []tag"},
		"renewal":     {Base: "loan", Properties: "times number"},
		"tag":         {Properties: "name text"},
	}}
}

// works are a novel n, an atlas a, and x, which is of a type that is not declared.
func works() []odata.Object {
	return []odata.Object{
		{
			"@odata.type": "#" + namespace + "novel", "id": "n", "title": "Winter 11", "subtitle": "it's 11",
			"published": "2024-10-01T00:00:00Z", "availableUntil": nil,
			"author@odata.context": "authors", "author": odata.Object{"id": "p", "name": "Poe"},
		},
		{
			"@odata.type": "#" + namespace + "atlas", "id": "a", "title": "Montana", "isIllustrated": true,
			"published": "2025-11-11T00:00:00Z", "availableUntil": "2030-01-01T00:00:00Z",
			"binding": odata.Object{"weight": 9.8, "material": "linen"},
			"maps": []any{
				odata.Object{
					"id": "1", "isFolded": false, "size": odata.Object{"width": 26100},
					"engraver": odata.Object{"id": "e", "name": "Eve"}, "work": odata.Object{"id": "a"},
				},
				odata.Object{"id": "2", "isFolded": true, "engraver": nil},
				odata.Object{"id": "3", "isFolded": true, "size": odata.Object{"width": 7.5}},
			},
		},
		{
			"@odata.type": "#" + namespace + "scroll", "id": "x", "title": "Moon",
			"published": "2026-01-01T00:00:00Z", "phase": "new", "subtitle": "it's 11",
		},
	}
}

// found are the IDs of the objects that a query finds.
func found(q *odata.Query, objects []odata.Object) string {
	ids := []string{}
	for _, i := range q.Limit(q.Find(len(objects), func(i int) odata.Object { return objects[i] })) {
		ids = append(ids, objects[i]["id"].(string))
	}
	return strings.Join(ids, " ")
}

// requireRejected wants an error that the service answers with status 400.
func requireRejected(t *testing.T, err error, about ...any) {
	t.Helper()
	var fault *odata.Fault
	require.ErrorAs(t, err, &fault, about...)
	require.Equal(t, http.StatusBadRequest, fault.Status, about...)
	require.NotEmpty(t, fault.Message, about...)
}
