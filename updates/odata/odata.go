// Package odata defines the types that all packages of the SDK share for lists of objects.
//
// A method that lists objects returns a [List]. A List sends nothing until it is used, and it can be
// used again. Range over its items:
//
//	for d, err := range client.Deployments().List(nil).All(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(d.ID)
//	}
//
// To read whole pages, call [List.Pages]. [List.First] returns the first item, or apierr.ErrNotFound.
// [List.Collect] returns a slice with at most the number of items that you allow. If there are more, the
// error is apierr.ErrTooMany: no list is cut off silently. A program that stops between two pages can keep
// [Page.NextLink], and go on with [List.From].
//
// A [Query] selects what a list returns. A [Change] is the value of one property in a PATCH request: set,
// null, or unset. Changes can be stored as JSON.
//
// # Conventions
//
// Lists are safe for concurrent use.
package odata

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Query selects the items of a collection. The zero Query lists everything. Property names are those of
// the service. A property of a derived type needs the full type as a prefix, as in
// "microsoft.graph.windowsUpdates.azureADDevice/errors".
type Query struct {
	// Filter is an OData expression ($filter); empty for no filter.
	Filter string
	// OrderBy are the properties to sort by, each with an optional " desc" ($orderby); nil for the order
	// of the service.
	OrderBy []string
	// Select are the properties to return ($select); nil for the default properties. Other properties
	// are zero in the result.
	Select []string
	// Expand are the related objects to include ($expand).
	Expand []string
	// Top is the largest number of items over all pages ($top); 0 for no limit. The SDK applies it even
	// if the service does not.
	Top int
	// Skip is the number of items to skip ($skip).
	Skip int
	// Count requests the number of items in the whole collection ($count), returned in [Page.Total].
	Count bool
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error, because a query without it
// can list more than was meant.
func (q *Query) UnmarshalJSON(text []byte) error {
	type fields Query
	if err := checkTwice(text); err != nil {
		return err
	}
	return unmarshal(text, (*fields)(q))
}

// checkTwice rejects a property that is given twice, because the first value would be lost.
func checkTwice(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return err // what is no object has no properties
	}
	var names []string
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		name, _ := token.(string)
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			return fmt.Errorf("%s: property is given twice", name)
		}
		names = append(names, name)
	}
	return nil
}

// unmarshal is json.Unmarshal that loses no property.
func unmarshal(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// Page is one response to a list request.
type Page[T any] struct {
	// Items are the items of the page. A page in the middle of a list can be empty.
	Items []T
	// Skipped is the number of nulls among the items; they are not in Items.
	Skipped int
	// Total is the number of items in the whole collection; nil if it was not requested or not sent.
	Total *int64
	// NextLink is the URL of the next page; empty on the last page.
	NextLink string
}

// String returns the numbers of items, such as "3 items of 7, more pages follow".
func (p *Page[T]) String() string { return describePage(len(p.Items), p.Total, p.NextLink != "") }

func describePage(items int, total *int64, more bool) string {
	text := strconv.Itoa(items) + " items"
	if items == 1 {
		text = "1 item"
	}
	if total != nil {
		text += " of " + strconv.FormatInt(*total, 10)
	}
	if more {
		text += ", more pages follow"
	}
	return text
}
