package call_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/answers"
	"github.com/winupdates/winupdates-go/internal/stub"
)

var parameter = regexp.MustCompile(`{[^}]*}`)

// mutant is a transport that answers each request with an answer that the description allows, most of them
// mutated.
type mutant struct {
	service  *answers.Description
	random   *rand.Rand
	answered map[string]int // answers by operation, of all transports
	largest  int            // size of a body
}

func (m *mutant) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	answer := answers.Answer{Status: 404}
	if op, ok := m.service.Find(req.Method, strings.TrimPrefix(req.URL.Path, "/beta/admin/windows/updates")); ok {
		m.answered[op.Name]++
		if answer = m.service.Random(op, m.random); m.random.IntN(20) == 0 {
			answer = m.service.Failure(m.random)
		}
		if m.random.IntN(4) > 0 {
			answer = answers.Mutate(answer, m.random)
		}
	}
	m.largest = max(m.largest, len(answer.Body))
	return &http.Response{
		StatusCode: answer.Status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer.Body)), ContentLength: -1, Request: req,
	}, nil
}

// Whatever the service answers to whatever call, the call ends, and its answers take no more memory than
// their size allows. MUTATE is how many answers there are, and MUTATE_SEED repeats a run.
func TestMutatedAnswersCauseNoPanicAndTakeLittleMemory(t *testing.T) {
	wanted, seed := numberFrom(t, "MUTATE", 2_000), numberFrom(t, "MUTATE_SEED", 1)
	text, err := os.ReadFile("../openapi/windowsupdates.yaml")
	require.NoError(t, err)
	service, err := answers.Read(text)
	require.NoError(t, err)
	answered := map[string]int{}
	m := &mutant{service: service, answered: answered}
	for ; sum(answered) < wanted; seed++ {
		for _, call := range m.round(t, uint64(seed)) {
			peak := stub.PeakHeap(func() { m.one(t, uint64(seed), call) })
			require.LessOrEqual(t, peak>>10, stub.HeapFor(m.largest)>>10,
				"MUTATE_SEED=%d: KiB in call %d for an answer of %d KiB", seed, call, m.largest>>10)
		}
	}
	t.Logf("%d answers of %d operations, up to MUTATE_SEED=%d", sum(answered), len(answered), seed-1)
	var missing []string
	none := notSent(t)
	for _, op := range service.Operations() {
		if answered[op.Name] == 0 && !none[parameter.ReplaceAllString(op.Name, "{}")] {
			missing = append(missing, op.Name)
		}
	}
	require.Empty(t, missing, "operations that were never answered")
}

// round makes every call once, and returns those that have allocated more than a heap may have. That is
// more than what a heap has at a time, so these are tried again with a closer look.
func (m *mutant) round(t *testing.T, seed uint64) (suspicious []int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		for i, call := range everyCall(t.Context(), stub.NewClient(t, stub.Token{}, m, stub.Attempts(2))) {
			before := allocated()
			m.run(t, seed, i, call)
			if allocated()-before > stub.HeapFor(m.largest) {
				suspicious = append(suspicious, i)
			}
		}
	})
	return suspicious
}

// one makes one call of a round again.
func (m *mutant) one(t *testing.T, seed uint64, i int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m.run(t, seed, i, everyCall(t.Context(), stub.NewClient(t, stub.Token{}, m, stub.Attempts(2)))[i])
	})
}

func (m *mutant) run(t *testing.T, seed uint64, i int, call publicCall) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("MUTATE_SEED=%d: %s panics: %v\n%s", seed, call.name, p, debug.Stack())
		}
	}()
	m.random, m.largest = rand.New(rand.NewPCG(seed, uint64(i))), 0
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	call.run(ctx, m.varied(call.within(ctx)))
}

// varied are arguments with an audience of another owner, and with options.
func (m *mutant) varied(args []reflect.Value) []reflect.Value {
	for i, arg := range args {
		switch {
		case arg.Type() == reflect.TypeFor[audience.Ref]():
			owners := []audience.Ref{audience.ByID("x"), audience.OfDeployment("x"), audience.OfUpdatePolicy("x")}
			args[i] = reflect.ValueOf(owners[m.random.IntN(len(owners))])
		case arg.Kind() == reflect.Pointer && arg.IsNil() && strings.HasSuffix(arg.Type().Elem().Name(), "Options"):
			args[i] = m.options(arg.Type().Elem())
		}
	}
	return args
}

// options are options with each switch on or off.
func (m *mutant) options(of reflect.Type) reflect.Value {
	options := reflect.New(of)
	for i := range of.NumField() {
		if field := options.Elem().Field(i); field.Kind() == reflect.Bool && field.CanSet() {
			field.SetBool(m.random.IntN(2) == 0)
		}
	}
	return options
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func sum(counts map[string]int) (all int) {
	for _, n := range counts {
		all += n
	}
	return all
}

func numberFrom(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, variable)
	return n
}

// notSent are the operations that no method sends, by the table of coverage.
func notSent(t *testing.T) map[string]bool {
	t.Helper()
	table, err := os.ReadFile("../apicheck/coverage.md")
	require.NoError(t, err)
	operations := map[string]bool{}
	for line := range strings.Lines(string(table)) {
		if columns := strings.Split(line, " | "); len(columns) > 1 && strings.HasPrefix(columns[1], "none: ") {
			operations[strings.TrimPrefix(columns[0], "| ")] = true
		}
	}
	require.NotEmpty(t, operations)
	return operations
}
