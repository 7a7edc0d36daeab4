package recording

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A planted value is made at random, encoded in up to two ways, and put in one place. The
// place is in a request that the code under test makes, or in a response. No recording may
// have it, unless it is a literal in the test, and what was recorded can be replayed.

// plant is one planted value.
type plant struct {
	kind, place  string
	inner, outer string // encodings, or empty
	from         string // where the code under test has it
	seed         uint64
}

// origins are where code has values from.
var origins = []string{"literal", "environment", "file", "parts"}

// value is the value by itself, and as it is planted.
func (p plant) value() (plain, hidden string) {
	plain = kindsOfSecrets[p.kind](newSeed(p.seed))
	hidden = plain
	for _, name := range []string{p.inner, p.outer} {
		if name != "" {
			hidden = encodings()[name](hidden)
		}
	}
	return plain, hidden
}

// origin hands a value to the code under test. What the recorder reads of the test's
// source has a literal only.
func (p plant) origin(t *testing.T, hidden string) (func() string, Option) {
	t.Helper()
	switch name := "RECORDING_PLANT_" + fmt.Sprint(p.seed); p.from {
	case "environment":
		if !strings.Contains(hidden, "\x00") { // which variables cannot have
			require.NoError(t, os.Setenv(name, hidden))
			return func() string { return os.Getenv(name) }, wrote("own", "text ")
		}
		fallthrough
	case "file":
		file := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(file, []byte(hidden), 0o600))
		return func() string { text, _ := os.ReadFile(file); return string(text) }, wrote("own", "text ")
	case "parts":
		half := len(hidden) / 2
		return func() string { return hidden[:half] + hidden[half:] }, wrote("own", "text ")
	}
	return func() string { return hidden }, wrote("own", "text ", hidden)
}

// run is the code under test.
func (p plant) run(t *testing.T, rec *Recorder, value func() string) error {
	t.Helper()
	where := places[p.place]
	first := sent{"/policies", ""}
	if where.request != nil {
		first = where.request(value())
	}
	resp, text, err := send(t, rec, first, where.header)
	if err != nil || where.take == nil {
		return err
	}
	taken := where.take(resp, text)
	next := sent{"/policies", `{"displayName":` + quoteJSON(taken) + `}`}
	if strings.HasPrefix(taken, graph) {
		next = sent{taken, ""}
	}
	_, _, err = send(t, rec, next, nil)
	return err
}

func send(t *testing.T, rec *Recorder, s sent, header http.Header) (*http.Response, string, error) {
	t.Helper()
	address := s.url
	if !strings.HasPrefix(address, "http") {
		address = base + address
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", address, strings.NewReader(s.body))
	if err != nil {
		return nil, "", err
	}
	maps.Copy(req.Header, header)
	resp, err := rec.Transport().RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp, string(text), err
}

// service responds with the value, or with what the request had.
func (p plant) service(hidden string) *service {
	return &service{answer: func(*http.Request) *http.Response {
		if response := places[p.place].response; response != nil {
			return response(hidden)
		}
		return ok(`{"own":[` + quoteJSON(hidden) + `]}`)
	}}
}

// try records, looks for the value, and replays. It reports whether there is a recording.
func (p plant) try(t *testing.T) bool {
	t.Helper()
	plain, hidden := p.value()
	value, source := p.origin(t, hidden)
	file := filepath.Join(t.TempDir(), "a.txtar")
	rec := Record(file, WithTransport(p.service(hidden)), source)
	err := p.run(t, rec, value)
	if closed := rec.Close(); closed != nil || err != nil {
		require.NoFileExists(t, file, "%+v", p)
		requireNoTrace(t, fmt.Sprint(err, closed), plain, hidden, p)
		return false
	}
	text := contentOf(t, file)
	where := places[p.place]
	if where.known != nil && where.known.MatchString(hidden) {
		return true // as the service says what it is
	}
	if p.from != "literal" || where.response != nil && !where.names {
		requireNoTrace(t, text, plain, hidden, p)
	}
	requireStable(t, text, source, p)
	rec, err = Replay(file)
	require.NoError(t, err, "%+v", p)
	require.NoError(t, p.run(t, rec, value), "%+v\n%s", p, text)
	require.NoError(t, rec.Close(), "%+v\n%s", p, text)
	return true
}

// requireStable redacts a recording again, as Check does, which must change nothing.
func requireStable(t *testing.T, text string, source Option, p plant) {
	t.Helper()
	saved, err := parse([]byte(text))
	require.NoError(t, err)
	r := newStoredRedactor(saved, settingsOf([]Option{source}).source)
	again := *saved
	again.exchanges = r.redactAll(liveOf(saved))
	require.Empty(t, r.errs, "%+v\n%s", p, text)
	require.Equal(t, text, string(again.format()), "%+v", p)
}

// requireNoTrace looks for a value, for each of its words, and for what its encodings
// have of it.
func requireNoTrace(t *testing.T, text, plain, hidden string, p plant) {
	t.Helper()
	traces := append(wordsOf(plain), plain, hidden)
	if p.inner != "" {
		traces = append(traces, encodings()[p.inner](plain))
	}
	for _, encode := range encodings() {
		traces = append(traces, encode(plain), encode(hidden))
	}
	lower := strings.ToLower(strings.Join(decodings(text), "\n"))
	for line := range strings.Lines(text) {
		lower += "\n" + strings.ToLower(strings.Join(decodings(line), "\n"))
	}
	for _, trace := range traces {
		require.False(t, len(trace) >= leastFound && strings.Contains(lower, strings.ToLower(trace)), "%+v left %q in\n%s", p, trace, text)
	}
}

// wordsOf are the parts of a value that are made at random and long enough to be found.
func wordsOf(plain string) []string {
	words := strings.FieldsFunc(plain, func(c rune) bool { return !strings.ContainsRune(mixed, c) })
	return slices.DeleteFunc(words, func(word string) bool { return len(word) < 8 || isCommonWord(word) })
}

// isCommonWord is whether a word of a value stands in all values of its kind.
func isCommonWord(word string) bool {
	a, b := newSeed(1), newSeed(2)
	for _, kind := range kindsOfSecrets {
		if strings.Contains(kind(a), word) && strings.Contains(kind(b), word) {
			return true
		}
	}
	return false
}

// plantOf is the nth value to plant: each kind in turn, and the rest at random.
func plantOf(n uint64) plant {
	kinds, where := slices.Sorted(maps.Keys(kindsOfSecrets)), slices.Sorted(maps.Keys(places))
	codings := append([]string{""}, slices.Sorted(maps.Keys(encodings()))...)
	s := newSeed(n)
	return plant{
		kind: kinds[int(n)%len(kinds)], place: where[s.IntN(len(where))], from: origins[s.IntN(len(origins))],
		inner: codings[s.IntN(len(codings))], outer: codings[s.IntN(len(codings))], seed: n,
	}
}

func TestThereAreEnoughKindsAndPlaces(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(kindsOfSecrets), 100)
	require.GreaterOrEqual(t, len(places), 20)
}

// PLANT is how long values are planted, as in PLANT=10m; without it a few are.
func TestNoPlantedValueReachesTheDisk(t *testing.T) {
	t.Parallel()
	const few = 1000
	length, _ := time.ParseDuration(os.Getenv("PLANT"))
	end := time.Now().Add(length)
	var planted, saved atomic.Uint64
	t.Run("all", func(t *testing.T) {
		for worker := range 4 {
			t.Run(fmt.Sprint(worker), func(t *testing.T) {
				t.Parallel()
				for n := planted.Add(1); n <= few || time.Now().Before(end); n = planted.Add(1) {
					if plantOf(n).try(t) {
						saved.Add(1)
					}
				}
			})
		}
	})
	t.Logf("%d values were planted, and %d recordings written", planted.Load(), saved.Load())
	require.Greater(t, saved.Load(), planted.Load()/4, "values in responses are replaced, and not refused")
}

func FuzzNoSecretReachesTheDisk(f *testing.F) {
	f.Add("correct horse", "", uint8(0), uint8(0))
	f.Add(deviceGUID, "eyJ", uint8(3), uint8(4))
	f.Add("pass\nword", "%41\\u00", uint8(5), uint8(7))
	f.Add("üäöß&<>", "=&", uint8(8), uint8(2))
	f.Add("recorded", "graph", uint8(1), uint8(1))
	where, codings := slices.Sorted(maps.Keys(places)), slices.Sorted(maps.Keys(encodings()))
	f.Fuzz(func(t *testing.T, secret, around string, place, coding uint8) {
		secret = strings.TrimSpace(secret)
		p := plant{place: where[int(place)%len(where)]}
		hidden := around + encodings()[codings[int(coding)%len(codings)]](secret) + around
		rec := Record(filepath.Join(t.TempDir(), "a.txtar"), WithTransport(p.service(hidden)), wrote("own", "text ", around),
			environment{"UPDATES_SECRET_PLANTED": secret}.option())
		if rec.Secret("planted"); rec.secrets.err() != nil || digits.MatchString(secret) {
			return // fakes have digits too
		}
		err := p.run(t, rec, func() string { return hidden })
		file := rec.transport.(*recordTransport).file
		if closed := rec.Close(); err != nil || closed != nil {
			require.NoFileExists(t, file)
			return
		}
		text := strings.ToLower(contentOf(t, file))
		for _, encode := range encodings() {
			require.NotContains(t, text, strings.ToLower(encode(secret)))
		}
		require.NotContains(t, text, strings.ToLower(secret))
	})
}
