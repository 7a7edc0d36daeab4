package call

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ListLimited is [List] for a route that has fewer options than the generated code offers:
// it rejects $skip, and $expand except for expandable.
func ListLimited[P Page[W], W, T any](
	c *Client, op Op, q *odata.Query, expandable []string, fetch Fetch[P], read func(W) (T, bool),
) odata.List[T] {
	q = CopyQuery(q)
	pages := Pages(c, op, q, fetch, read)
	return odata.NewList(op.Name, max(0, q.Top), func(ctx context.Context, link string) (*odata.Page[T], error) {
		if err := checkOptions(q, expandable); err != nil {
			return nil, Invalid(op.Name, err)
		}
		return pages(ctx, link)
	})
}

// checkOptions rejects what [CheckQuery] does, and options that the service does not have in this list.
func checkOptions(q *odata.Query, expandable []string) error {
	errs := []error{CheckQuery(q)}
	if q.Skip > 0 {
		errs = append(errs, &apierr.FieldError{
			Field: "Query.Skip", Value: strconv.Itoa(q.Skip),
			Rule: "must be 0, because the service does not skip in this list",
		})
	}
	for _, property := range q.Expand {
		if !slices.Contains(expandable, property) {
			rule := expandRule(expandable)
			errs = append(errs, &apierr.FieldError{Field: "Query.Expand", Value: strconv.Quote(property), Rule: rule})
		}
	}
	return errors.Join(errs...)
}

func expandRule(expandable []string) string {
	if len(expandable) == 0 {
		return "must be empty, because the service expands nothing in this list"
	}
	return "must be " + strings.Join(expandable, " or ")
}
