package odata

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Query has the options of a GET.
type Query struct {
	schema  Schema
	kind    string // declared type of the objects
	filter  predicate
	orders  []orderBy
	selects []path // empty: everything
	expands []expansion
	Top     int // -1: no limit
	skip    int
	Page    PageToken
	Count   bool
	InList  bool // the objects are items of a list
}

type orderBy struct {
	by   path
	desc bool
}

// ParseQuery reads the options of a GET of objects of a type. The $ of names is optional. Unknown
// options with a $ are rejected, others are ignored.
func (s Schema) ParseQuery(values url.Values, kind string) (*Query, error) {
	q := s.NewQuery(kind)
	seen := map[string]bool{}
	for name, given := range values {
		option := strings.TrimPrefix(name, "$")
		set, known := queryOption(option)
		if !known && option == name {
			continue
		}
		if !known {
			return nil, BadRequest(fmt.Sprintf("The query option '%s' is not supported.", name))
		}
		if len(given) != 1 || seen[option] {
			return nil,
				BadRequest(fmt.Sprintf("Query option '%s' was specified more than once, but it must be specified at most once.", option))
		}
		seen[option] = true
		if err := set(q, given[0]); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// NewQuery is a query without options.
func (s Schema) NewQuery(kind string) *Query { return &Query{schema: s, kind: kind, Top: -1} }

// IsOption reports whether a name of the query is an option of OData, known or not.
func IsOption(name string) bool {
	option, signed := strings.CutPrefix(name, "$")
	_, known := queryOption(option)
	return known || signed
}

func queryOption(name string) (set func(*Query, string) error, known bool) {
	switch name {
	case "filter":
		return (*Query).setFilter, true
	case "orderby":
		return (*Query).setOrder, true
	case "select":
		return (*Query).setSelect, true
	case "expand":
		return (*Query).setExpand, true
	case "top":
		return func(q *Query, v string) error { return setNumber(&q.Top, name, v) }, true
	case "skip":
		return func(q *Query, v string) error { return setNumber(&q.skip, name, v) }, true
	case "skiptoken":
		return (*Query).setToken, true
	case "count":
		return (*Query).setCount, true
	}
	return nil, false
}

func (q *Query) setFilter(value string) (err error) {
	q.filter, err = q.schema.parseFilter(value, q.kind)
	return err
}

func (q *Query) setOrder(value string) error {
	for item := range strings.SplitSeq(value, ",") {
		words := strings.Fields(item)
		if len(words) == 0 || len(words) > 2 || len(words) == 2 && words[1] != "asc" && words[1] != "desc" {
			return BadRequest("Invalid $orderby clause.")
		}
		by, err := q.schema.newPath(q.kind, strings.Split(words[0], "/"))
		if err != nil {
			return err
		}
		if !isValue(by.kind) {
			return BadRequest(fmt.Sprintf("Objects cannot be ordered by '%s'.", words[0]))
		}
		q.orders = append(q.orders, orderBy{by, len(words) == 2 && words[1] == "desc"})
	}
	return nil
}

func (q *Query) setSelect(value string) error {
	var selected []path
	for item := range strings.SplitSeq(value, ",") {
		item = strings.TrimSpace(item)
		if item == "*" {
			return nil
		}
		p, err := q.schema.newPath(q.kind, strings.Split(item, "/"))
		if err != nil {
			return err
		}
		selected = append(selected, p)
	}
	q.selects = selected
	return nil
}

func setNumber(to *int, option, value string) error {
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil || n < 0 {
		return BadRequest(fmt.Sprintf("Invalid value '%s' for $%s query option found.", value, option))
	}
	*to = int(n)
	return nil
}

func (q *Query) setCount(value string) error {
	if value != "true" && value != "false" {
		return BadRequest("Invalid value for $count query option found.")
	}
	q.Count = value == "true"
	return nil
}

func (q *Query) setToken(value string) (err error) {
	q.Page, err = readPageToken(value)
	return err
}

// Find returns the indexes of the objects that match the filter, in the requested order.
func (q *Query) Find(n int, at func(int) Object) []int {
	var found []int
	for i := range n {
		if q.filter == nil || q.filter(row{"": at(i)}) {
			found = append(found, i)
		}
	}
	if len(q.orders) == 0 {
		return found
	}
	keys := make(map[int][]any, len(found))
	for _, i := range found {
		keys[i] = q.keys(at(i))
	}
	slices.SortStableFunc(found, func(a, b int) int { return q.compare(keys[a], keys[b]) })
	return found
}

// Limit applies $skip and $top.
func (q *Query) Limit(found []int) []int {
	found = found[min(q.skip, len(found)):]
	if q.Top >= 0 {
		found = found[:min(q.Top, len(found))]
	}
	return found
}

func (q *Query) keys(o Object) []any {
	keys := make([]any, len(q.orders))
	for i, order := range q.orders {
		keys[i] = order.by.follow(o)
	}
	return keys
}

func (q *Query) compare(a, b []any) int {
	var results []int
	for i, by := range q.orders {
		n := order(a[i], b[i])
		if by.desc {
			n = -n
		}
		results = append(results, n)
	}
	return cmp.Or(results...)
}

// Shape returns the requested part of an object.
func (q *Query) Shape(o Object) Object {
	kept, kind := Object{}, q.schema.typeOf(o, q.kind)
	for name, value := range o {
		if inner := q.expansion(kind, name); inner != nil {
			kept[name] = inner.within(value)
		} else if q.keeps(kind, name) {
			kept[name] = q.brief(name, value)
		}
	}
	return kept
}

// keeps decides on one property. An annotation belongs to the property before its sign, otherwise to
// the object.
func (q *Query) keeps(kind, name string) bool {
	member, _, _ := strings.Cut(name, "@")
	if member == "" {
		return true
	}
	if q.isBrief(member) && member != name {
		return false
	}
	if q.omits(kind, member) || q.expansion(kind, member) != nil {
		return q.expansion(kind, member) != nil
	}
	return len(q.selects) == 0 || q.selected(kind, member)
}

// isBrief reports whether a property is sent as its ID alone.
func (q *Query) isBrief(member string) bool {
	e, ok := q.schema.expandable(q.kind, member)
	return ok && e.Brief && q.InList && q.expansion(q.kind, member) == nil
}

// brief is a value as its ID alone, if it is sent so.
func (q *Query) brief(member string, value any) any {
	o, ok := value.(Object)
	if !ok || !q.isBrief(member) {
		return value
	}
	return Object{"id": o["id"]}
}

func (q *Query) selected(kind, member string) bool {
	return slices.ContainsFunc(q.selects, func(p path) bool {
		first := p.property()
		return first.name == member && (first.from == q.kind || q.schema.derives(kind, first.from))
	})
}
