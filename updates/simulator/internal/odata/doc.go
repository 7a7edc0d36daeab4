// Package odata is the OData of a simulated service: queries, bodies and errors over
// JSON objects whose types a [Schema] declares. It does not know Windows updates.
//
// A service declares its types and answers a GET with what a [Query] selects:
//
//	schema := odata.Schema{Namespace: "example.", Types: map[string]odata.Type{
//		"book": {Properties: "title text, pages number"},
//	}}
//	q, err := schema.ParseQuery(url.Values{"$filter": {"pages gt 100"}}, "book")
//	indexes := q.Limit(q.Find(len(books), func(i int) odata.Object { return books[i] }))
//
// [Query.Shape] then cuts each object to what was selected and expanded. A [Body] reads
// what was sent, [Arguments] those of a function, and each error is a [*Fault], which has
// the status of the response.
//
// # What a query can ask
//
//   - $filter with isof, eq, ne, gt, ge, lt, le, in, and, or, not, contains, startswith,
//     endswith, any and casts;
//   - $orderby, $select, $top, $skip, $count;
//   - $expand with options in parentheses;
//   - $skiptoken, which is a [PageToken].
//
// The $ may be left out. Other options with a $ are rejected with status 400, and so is a
// property of a derived type without its cast.
//
// A query, like a schema, can be used by several goroutines as long as none changes it.
package odata
