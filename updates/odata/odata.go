// Package odata has what the methods of all packages share: lists, queries, and changes
// of properties.
//
// A [List] is a recipe: nothing is sent before the first item is asked for, and
// it can be ranged over again and again, by many goroutines.
//
//	for d, err := range client.Deployments().List(nil).All(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(d.ID)
//	}
//
// [List.Pages] yields whole pages, [List.First] is the first item or
// apierr.ErrNotFound, and [List.Collect] is a slice of at most so many items: where
// there are more it says so with apierr.ErrTooMany, and cuts nothing off silently.
//
// A [Query] says what to list. A [Change] is a value in a PATCH that knows three
// states: keep, set, and set to null; it can be stored as JSON.
package odata

// Query says which items of a collection are wanted. The zero Query lists
// everything. Names of properties are those of the service; one that a derived
// type declares needs the full type in front, such as
// "microsoft.graph.windowsUpdates.azureADDevice/errors".
type Query struct {
	// Filter is an OData expression ($filter); empty keeps everything.
	Filter string
	// OrderBy are the properties to sort by, each with an optional " desc"
	// ($orderby); nil leaves the order to the service.
	OrderBy []string
	// Select are the properties to send ($select); nil sends the usual ones.
	// What is not selected has its zero value in the result.
	Select []string
	// Expand are the related objects to send along ($expand); nil for none.
	Expand []string
	// Top is the largest number of items to list over all pages ($top); 0 for
	// no limit. The limit holds even where the service ignores it.
	Top int
	// Skip is the number of items to pass over ($skip); 0 for none.
	Skip int
	// Count asks for the number of items in the whole collection ($count),
	// which comes in [Page.Total].
	Count bool
}

// Page is one answer of a list.
type Page[T any] struct {
	// Items are the items of the page. A page may be empty in the middle of a
	// list.
	Items []T
	// Skipped counts the nulls among the items that the service sent.
	Skipped int
	// Total is the number of items in the whole collection; nil unless it was
	// asked for and sent.
	Total *int64
	// NextLink is the address of the next page; empty on the last one.
	NextLink string
}
