package call_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/answers"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// described is a transport that answers with the same answers each time, but for a change of one property.
type described struct {
	service *answers.Description
	seed    uint64
	change  answers.Change
	sent    []string
	asked   map[string]answers.Operation
	made    map[madeFor]answers.Answer
	loses   bool // whether responses to creates are lost; lists are empty before
	created bool // whether one was lost
}

// madeFor is what an answer is made for.
type madeFor struct {
	operation string
	change    answers.Change
}

func (d *described) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	path := strings.TrimPrefix(req.URL.Path, "/beta/admin/windows/updates")
	body := []byte(nil)
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
	}
	d.sent = append(d.sent, req.Method+" "+req.URL.String()+" "+string(body))
	if d.loses && req.Method == http.MethodPost {
		d.created = true
		return nil, stub.ErrReset
	}
	answer := answers.Answer{Status: 404}
	if op, ok := d.service.Find(req.Method, path); ok {
		d.asked[op.Name] = op
		if answer = d.answer(op, d.change); d.loses && !d.created && isPage(answer.Body) {
			answer.Body = []byte(stub.NoItems)
		}
	}
	return &http.Response{
		StatusCode: answer.Status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer.Body)), ContentLength: -1, Request: req,
	}, nil
}

func isPage(body []byte) bool {
	var page struct{ Value []json.RawMessage }
	return json.Unmarshal(body, &page) == nil && page.Value != nil
}

func (d *described) answer(op answers.Operation, change answers.Change) answers.Answer {
	key := madeFor{op.Name, change}
	if _, made := d.made[key]; !made {
		d.made[key] = d.service.RandomWith(op, rand.New(rand.NewPCG(d.seed, 0)), change)
	}
	return d.made[key]
}

// ending is what a call has concluded: its error, what it has sent, and its result but for objects of the
// service, which say themselves what was not read.
type ending struct {
	err     string
	unsure  bool // whether the error says that it is not sure
	results []any
	sent    []string // each read once
	reads   bool     // whether nothing was sent but reads
}

func (d *described) ending(t *testing.T, call publicCall, change answers.Change) (o ending) {
	t.Helper()
	d.change, d.sent, d.created, d.loses = change, nil, false, strings.HasSuffix(call.name, "Once")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	for _, result := range call.run(ctx, call.within(ctx)) {
		if err, failed := reflect.TypeAssert[error](result); failed {
			o.err = err.Error()
			o.unsure = errors.Is(err, apierr.ErrAmbiguous)
		} else {
			o.results = append(o.results, concluded(result))
		}
	}
	o.sent = withoutPolls(d.sent)
	if d.loses { // other reads are other ways to search for what was created
		o.sent = slices.DeleteFunc(o.sent, func(request string) bool { return !isChange(request) })
	}
	o.reads = !slices.ContainsFunc(o.sent, isChange)
	return o
}

func isChange(request string) bool { return !strings.HasPrefix(request, "GET ") }

// withoutPolls leaves out the reads that were sent before: how many there are depends on random intervals.
func withoutPolls(sent []string) []string {
	var kept []string
	for _, request := range sent {
		if isChange(request) || !slices.Contains(kept, request) {
			kept = append(kept, request)
		}
	}
	return kept
}

// concludesLike reports whether a property does not matter. Another way to the same end does not either, if all
// that was sent were reads.
func (o ending) concludesLike(whole ending, property string) bool {
	sameEnd := o.err == whole.err && o.without(property) == whole.without(property)
	return sameEnd && (o.reads && whole.reads || slices.Equal(o.sent, whole.sent))
}

func (o ending) text() string {
	text, _ := json.Marshal(o.results) // it was marshaled before
	return o.err + "\n" + strings.Join(o.sent, "\n") + string(text)
}

// without are the results as text, without a property, and without what is kept of unknown ones.
func (o ending) without(property string) string {
	text, _ := json.Marshal(o.results) // it was marshaled before
	var results any
	_ = json.Unmarshal(text, &results)
	text, _ = json.Marshal(without(results, property))
	return string(text)
}

func concluded(result reflect.Value) any {
	switch {
	case !result.IsValid():
		return nil
	case result.Kind() == reflect.Slice && isObject(result.Type().Elem()):
		return result.Len()
	case isObject(result.Type()):
		return result.IsZero()
	}
	text, err := json.Marshal(result.Interface())
	if err != nil {
		return err.Error()
	}
	var report map[string]json.RawMessage
	if json.Unmarshal(text, &report) != nil || report["polls"] == nil {
		return json.RawMessage(text)
	}
	delete(report, "polls") // which depends on random intervals
	return report
}

// isObject reports whether a type is one of objects of the service.
func isObject(of reflect.Type) bool {
	_, ok := of.MethodByName("Unread")
	return ok || of.Kind() == reflect.Interface && of.NumMethod() > 0 && of != reflect.TypeFor[error]()
}

// without removes a property, and what is kept of unknown ones.
func without(value any, property string) any {
	switch v := value.(type) {
	case map[string]any:
		delete(v, property)
		delete(v, "extra")
		for name := range v {
			v[name] = without(v[name], property)
		}
	case []any:
		for i := range v {
			v[i] = without(v[i], property)
		}
	}
	return value
}

// A property that matters to a call makes a difference if it is absent. If it could not be read, the call
// must not do what it does for an absent one: it fails, or says what it does not know.
func TestNoCallTakesAPropertyThatCouldNotBeReadForItsZero(t *testing.T) {
	first, rounds := numberFrom(t, "UNREAD_SEED", 2), numberFrom(t, "UNREAD", 1)
	text, err := os.ReadFile("../openapi/windowsupdates.yaml")
	require.NoError(t, err)
	service, err := answers.Read(text)
	require.NoError(t, err)
	matter, wrong := map[string]int{}, []string{}
	for seed := first; seed < first+rounds; seed++ {
		synctest.Test(t, func(t *testing.T) {
			d := &described{service: service, seed: uint64(seed), made: map[madeFor]answers.Answer{}}
			for _, call := range everyKindOfCall(t.Context(), stub.NewClient(t, stub.Token{}, d, stub.Attempts(1))) {
				d.asked = map[string]answers.Operation{}
				whole := d.ending(t, call, answers.Change{})
				for _, change := range d.changes() {
					change.Absent = true
					absent := d.ending(t, call, change)
					change.Absent = false
					if absent.concludesLike(whole, change.Property) {
						continue
					}
					matter[call.name]++
					if !absent.unsure && d.ending(t, call, change).text() == absent.text() {
						wrong = append(wrong, call.name+" "+change.Type+"."+change.Property)
					}
				}
			}
		})
	}
	t.Logf("how often a property mattered: %v", matter)
	wrong = slices.DeleteFunc(wrong, func(one string) bool {
		call, property, _ := strings.Cut(one, " ")
		return isListed(alike, call, property)
	})
	slices.Sort(wrong)
	require.Empty(t, slices.Compact(wrong), "UNREAD_SEED=%d and %d more", first, rounds-1)
}

// changes are those of properties that the answers to the requests have.
func (d *described) changes() []answers.Change {
	found := map[answers.Change]bool{}
	for _, op := range d.asked {
		whole := d.answer(op, answers.Change{})
		for _, change := range d.service.Changes(op) {
			if !found[change] && !bytes.Equal(d.answer(op, change).Body, whole.Body) {
				found[change] = true
			}
		}
	}
	all := make([]answers.Change, 0, len(found))
	for change := range found {
		all = append(all, change)
	}
	slices.SortFunc(all, func(a, b answers.Change) int {
		return strings.Compare(a.Type+" "+a.Property, b.Type+" "+b.Property)
	})
	return all
}
