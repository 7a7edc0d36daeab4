package simulator

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// query has the options of a GET.
type query struct {
	schema  schema
	kind    string // declared type of the objects
	filter  predicate
	orders  []orderBy
	selects []path // empty: everything
	expands []expansion
	top     int // -1: no limit
	skip    int
	page    pageToken
	count   bool
}

type orderBy struct {
	by   path
	desc bool
}

// parseQuery reads the options of a GET of objects of a type. Names may lack
// their $. Options that begin with $ and are not known are refused, others are
// ignored.
func (s schema) parseQuery(values url.Values, kind string) (*query, error) {
	q := s.newQuery(kind)
	seen := map[string]bool{}
	for name, given := range values {
		option := strings.TrimPrefix(name, "$")
		set, known := queryOption(option)
		if !known && option == name {
			continue
		}
		if !known {
			return nil, badRequest(fmt.Sprintf("The query option '%s' is not supported.", name))
		}
		if len(given) != 1 || seen[option] {
			return nil,
				badRequest(fmt.Sprintf("Query option '%s' was specified more than once, but it must be specified at most once.", option))
		}
		seen[option] = true
		if err := set(q, given[0]); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// newQuery is a query without options.
func (s schema) newQuery(kind string) *query { return &query{schema: s, kind: kind, top: -1} }

func queryOption(name string) (set func(*query, string) error, known bool) {
	switch name {
	case "filter":
		return (*query).setFilter, true
	case "orderby":
		return (*query).setOrder, true
	case "select":
		return (*query).setSelect, true
	case "expand":
		return (*query).setExpand, true
	case "top":
		return func(q *query, v string) error { return setNumber(&q.top, name, v) }, true
	case "skip":
		return func(q *query, v string) error { return setNumber(&q.skip, name, v) }, true
	case "skiptoken":
		return (*query).setToken, true
	case "count":
		return (*query).setCount, true
	}
	return nil, false
}

func (q *query) setFilter(value string) (err error) {
	q.filter, err = q.schema.parseFilter(value, q.kind)
	return err
}

func (q *query) setOrder(value string) error {
	for item := range strings.SplitSeq(value, ",") {
		words := strings.Fields(item)
		if len(words) == 0 || len(words) > 2 || len(words) == 2 && words[1] != "asc" && words[1] != "desc" {
			return badRequest("Invalid $orderby clause.")
		}
		by, err := q.schema.newPath(q.kind, strings.Split(words[0], "/"))
		if err != nil {
			return err
		}
		if !isValue(by.kind) {
			return badRequest(fmt.Sprintf("Objects cannot be ordered by '%s'.", words[0]))
		}
		q.orders = append(q.orders, orderBy{by, len(words) == 2 && words[1] == "desc"})
	}
	return nil
}

func (q *query) setSelect(value string) error {
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
		return badRequest(fmt.Sprintf("Invalid value '%s' for $%s query option found.", value, option))
	}
	*to = int(n)
	return nil
}

func (q *query) setCount(value string) error {
	if value != "true" && value != "false" {
		return badRequest("Invalid value for $count query option found.")
	}
	q.count = value == "true"
	return nil
}

func (q *query) setToken(value string) (err error) {
	q.page, err = readPageToken(value)
	return err
}

// match returns the indexes of the rows that the filter lets through, in the
// order that was asked for.
func (q *query) match(n int, at func(int) object) []int {
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

// limit leaves out what $skip and $top leave out.
func (q *query) limit(found []int) []int {
	found = found[min(q.skip, len(found)):]
	if q.top >= 0 {
		found = found[:min(q.top, len(found))]
	}
	return found
}

func (q *query) keys(o object) []any {
	keys := make([]any, len(q.orders))
	for i, order := range q.orders {
		keys[i] = order.by.follow(o)
	}
	return keys
}

func (q *query) compare(a, b []any) int {
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

// shape returns what of an object was asked for.
func (q *query) shape(o object) object {
	kept, kind := object{}, q.schema.typeOf(o, q.kind)
	for name, value := range o {
		if inner := q.expansion(kind, name); inner != nil {
			kept[name] = inner.within(value)
		} else if q.keeps(kind, name) {
			kept[name] = value
		}
	}
	return kept
}

// keeps decides on one member. An annotation belongs to the member before its
// sign, and without one to the object.
func (q *query) keeps(kind, name string) bool {
	member, _, _ := strings.Cut(name, "@")
	if member == "" {
		return true
	}
	if q.omits(kind, member) || q.expansion(kind, member) != nil {
		return q.expansion(kind, member) != nil
	}
	return len(q.selects) == 0 || q.selected(kind, member)
}

func (q *query) selected(kind, member string) bool {
	return slices.ContainsFunc(q.selects, func(p path) bool {
		name, on := p.member()
		return name == member && (on == q.kind || q.schema.derives(kind, on))
	})
}
