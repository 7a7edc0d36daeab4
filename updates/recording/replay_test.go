package recording

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRequestsThatMeanTheSameMatch(t *testing.T) {
	t.Parallel()
	const recorded = `{"b":[1,{"d":1,"c":"` + entryGUID + `"}],"a":12345678901234567890}`
	cases := map[string]struct{ method, url, body string }{
		"as recorded":    {"POST", base + "/catalog/entries/" + entryGUID + "?$top=1&$filter=a%20eq%20'b'", recorded},
		"order of query": {"POST", base + "/catalog/entries/" + entryGUID + "?$filter=a%20eq%20'b'&$top=1", recorded},
		"encoding":       {"POST", base + "/catalog/entries/" + entryGUID + "?%24top=1&%24filter=a+eq+%27b%27", recorded},
		"encoded path":   {"POST", base + "/%63atalog/entries/" + entryGUID + "?$top=1&$filter=a%20eq%20'b'", recorded},
		"host and port": {
			"POST", "https://GRAPH.microsoft.com:443/beta/admin/windows/updates/catalog/entries/" + entryGUID +
				"?$top=1&$filter=a%20eq%20'b'", recorded,
		},
		"fragment": {"POST", base + "/catalog/entries/" + entryGUID + "?$top=1&$filter=a%20eq%20'b'#x", recorded},
		"case of GUIDs": {
			"POST", base + "/catalog/entries/" + strings.ToUpper(entryGUID) + "?$top=1&$filter=a%20eq%20'b'",
			strings.Replace(recorded, entryGUID, strings.ToUpper(entryGUID), 1),
		},
		"order and space": {
			"POST", base + "/catalog/entries/" + entryGUID + "?$top=1&$filter=a%20eq%20'b'",
			"{ \"a\": 12345678901234567890,\n\"b\": [1, {\"c\":\"" + entryGUID + `","d":1}] }`,
		},
	}
	first := cases["as recorded"]
	file := recordTo(t, answering("{}"), func(rec *Recorder) { ask(t, rec, first.method, first.url, first.body) })
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := mustReplay(t, file)
			ask(t, rec, c.method, c.url, c.body)
			require.NoError(t, rec.Close())
		})
	}
}

func TestRequestsThatMeanSomethingElseDoNotMatch(t *testing.T) {
	t.Parallel()
	const url, body = "/deployments?$filter=a%20eq%20'b%26c'&$top=1", `{"a":12345678901234567890,"b":[1,2]}`
	file := recordTo(t, answering("{}"), func(rec *Recorder) { ask(t, rec, "POST", url, body) })
	cases := map[string]struct{ method, url, body string }{
		"method":         {"PATCH", url, body},
		"path":           {"POST", strings.Replace(url, "deployments", "Deployments", 1), body},
		"query":          {"POST", strings.Replace(url, "top=1", "top=2", 1), body},
		"ampersand":      {"POST", strings.Replace(url, "%26", "&", 1), body},
		"no query":       {"POST", "/deployments", body},
		"scheme":         {"POST", "http://graph.microsoft.com/beta/admin/windows/updates" + url, body},
		"host":           {"POST", "https://graph.microsoft.us/beta/admin/windows/updates" + url, body},
		"last digit":     {"POST", url, strings.Replace(body, "890", "891", 1)},
		"order of items": {"POST", url, strings.Replace(body, "1,2", "2,1", 1)},
		"no body":        {"POST", url, ""},
		"text":           {"POST", url, "text"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := mustReplay(t, file)
			_, _, err := try(t, rec, c.method, c.url, c.body)
			require.ErrorIs(t, err, ErrNotRecorded)
			require.ErrorIs(t, rec.Close(), ErrNotRecorded)
		})
	}
}

func TestAHostOfIPv6HasBrackets(t *testing.T) {
	t.Parallel()
	for url, stored := range map[string]string{
		"https://[2001:DB8::1]/x": "https://[2001:db8::1]/x", "https://[2001:db8::1]:443/x": "https://[2001:db8::1]/x",
		"https://[2001:db8::1]:8443/x": "https://[2001:db8::1]:8443/x", "https://[::1]:8443/x": "https://localhost/x",
	} {
		file := recordTo(t, answering("{}"), func(rec *Recorder) { ask(t, rec, "GET", url, "") })
		require.Contains(t, contentOf(t, file), "GET "+stored+"\n")
		ask(t, mustReplay(t, file), "GET", url, "")
	}
}

// The default port of one scheme is not a default port of the other.
func TestOnlyTheDefaultPortOfTheSchemeIsLeftOut(t *testing.T) {
	t.Parallel()
	for full, same := range map[string]bool{
		"https://a.example:443": true, "http://a.example:80": true, "http://a.example:443": false, "https://a.example:80": false,
	} {
		file := recordTo(t, answering("{}"), func(rec *Recorder) { ask(t, rec, "GET", full+"/x", "") })
		ask(t, mustReplay(t, file), "GET", full+"/x", "")
		_, _, err := try(t, mustReplay(t, file), "GET", full[:strings.LastIndex(full, ":")]+"/x", "")
		require.Equal(t, same, err == nil, full)
	}
}

func TestEqualRequestsAreAnsweredInRecordedOrder(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{"n":1}`, `{"n":2}`, `{"n":3}`), func(rec *Recorder) {
		for range 3 {
			ask(t, rec, "GET", "/deployments", "")
		}
	})
	rec := mustReplay(t, file)
	for n := range 3 {
		_, body := ask(t, rec, "GET", "/deployments", "")
		require.JSONEq(t, fmt.Sprintf(`{"n":%d}`, n+1), body)
	}
	_, _, err := try(t, rec, "GET", "/deployments", "")
	require.ErrorIs(t, err, ErrNotRecorded)
}

func TestTheOrderOfDifferentRequestsMattersOnlyWhereAskedFor(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{}`), func(rec *Recorder) {
		ask(t, rec, "GET", "/a", "")
		ask(t, rec, "GET", "/b", "")
	})
	rec := mustReplay(t, file)
	ask(t, rec, "GET", "/b", "")
	ask(t, rec, "GET", "/a", "")
	require.NoError(t, rec.Close())

	rec = mustReplay(t, file, RequireOrder())
	_, _, err := try(t, rec, "GET", "/b", "")
	require.ErrorContains(t, err, "next:     01 GET graph.microsoft.com/beta/admin/windows/updates/a\n")
	ask(t, rec, "GET", "/a", "")
	ask(t, rec, "GET", "/b", "")
}

func TestIgnoredMembersAreNeitherComparedNorStored(t *testing.T) {
	t.Parallel()
	const text = `{"rules":[{"start":"%s"},{"start":"%s","x":%d}],"start":1}`
	ignoring := IgnoreProperty("rules/start")
	file := recordTo(t, answering(`{}`), func(rec *Recorder) {
		ask(t, rec, "POST", "/a", fmt.Sprintf(text, "monday", deviceGUID, 1))
	}, ignoring)
	require.NotContains(t, contentOf(t, file), "monday")
	require.Contains(t, contentOf(t, file), `"start": 1`)

	_, _, err := try(t, mustReplay(t, file, ignoring), "POST", "/a", fmt.Sprintf(text, "friday", "", 2))
	require.ErrorIs(t, err, ErrNotRecorded)
	rec := mustReplay(t, file, ignoring)
	ask(t, rec, "POST", "/a", fmt.Sprintf(text, "friday", "", 1))
	require.NoError(t, rec.Close())
}

func TestExchangesThatWereNotRequestedAreListed(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{}`), func(rec *Recorder) {
		ask(t, rec, "GET", "/a", "")
		ask(t, rec, "POST", "/b?x=1", "{}")
	})
	rec := mustReplay(t, file)
	ask(t, rec, "GET", "/a", "")
	err := rec.Close()
	require.ErrorContains(t, err, "were not used:\n  02 POST graph.microsoft.com/beta/admin/windows/updates/b?x=1\n")
	require.NotContains(t, err.Error(), "01 GET")
	require.NoError(t, mustReplay(t, file, AllowUnused()).Close())
}

func TestAnswersShareNothing(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{"a":1}`), func(rec *Recorder) { ask(t, rec, "GET", "/a", "") })
	rec := mustReplay(t, file)
	found, err := rec.transport.(*replayTransport).find(request{"GET", base + "/a", ""})
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), "GET", base+"/a", nil)
	require.NoError(t, err)
	one, two := found.reply(req), found.reply(req)
	one.Header.Set("Content-Type", "changed")
	require.Equal(t, "application/json", two.Header.Get("Content-Type"))
	require.Equal(t, "200 OK", two.Status)
	require.Equal(t, int64(len(found.response.body)), two.ContentLength)
	require.Same(t, req, two.Request)
}

func TestManyGoroutinesReplayOneRecording(t *testing.T) {
	t.Parallel()
	const goroutines, each = 16, 10
	file := recordTo(t, answering(`{}`), func(rec *Recorder) {
		for n := range goroutines * each {
			ask(t, rec, "POST", fmt.Sprintf("/deployments/%d", n/goroutines), `{"a":1}`)
		}
	})
	rec := mustReplay(t, file)
	errs := make(chan error, goroutines*each)
	var group sync.WaitGroup
	for range goroutines {
		group.Go(func() {
			for n := range each {
				_, _, err := try(t, rec, "POST", fmt.Sprintf("/deployments/%d", n), `{"a":1}`)
				errs <- err
			}
		})
	}
	group.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	require.NoError(t, rec.Close())
}

func TestManyGoroutinesRecordTogether(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{}`), func(rec *Recorder) {
		var group sync.WaitGroup
		for range 16 {
			group.Go(func() { _, _, _ = try(t, rec, "GET", "/a", "") })
		}
		group.Wait()
	})
	require.Equal(t, 16, strings.Count(contentOf(t, file), "request --"))
}

// poll asks every thirty seconds until the deployment is offered.
func poll(t *testing.T, rec *Recorder) (requests int) {
	t.Helper()
	for requests = 1; requests < 100; requests++ {
		if _, body := ask(t, rec, "GET", "/deployments/"+rec.Secret("deployment"), ""); strings.Contains(body, "offering") {
			return requests
		}
		<-time.After(30 * time.Second)
	}
	return requests
}

func TestTenMinutesOfPollingTakeNoTimeInABubble(t *testing.T) {
	t.Parallel()
	secrets := environment{"UPDATES_SECRET_DEPLOYMENT": deviceGUID}.option()
	state := func(value string) string { return `{"state":{"effectiveValue":"` + value + `"}}` }
	states := append(slices.Repeat([]string{state("scheduled")}, 20), state("offering"))
	file := filepath.Join(t.TempDir(), "a.txtar")
	synctest.Test(t, func(t *testing.T) {
		rec := Record(file, WithTransport(answering(states...)), secrets)
		poll(t, rec)
		require.NoError(t, rec.Close())
	})
	require.Contains(t, contentOf(t, file), "/deployments/deployment\n")

	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		rec := mustReplay(t, file)
		require.Equal(t, 21, poll(t, rec))
		require.NoError(t, rec.Close())
		require.Equal(t, 10*time.Minute, time.Since(start))
	})
	require.Less(t, time.Since(began), 10*time.Minute)
}

func TestWhatCannotBeReplayedSaysWhy(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{"a":1}`), func(rec *Recorder) { ask(t, rec, "POST", "/a", "{}") })
	whole := contentOf(t, file)
	cut := func(at string) string {
		before, _, found := strings.Cut(whole, at)
		require.True(t, found, at)
		return before
	}
	replaced := func(before, after string) string {
		require.Contains(t, whole, before)
		return strings.Replace(whole, before, after, 1)
	}
	cases := map[string]struct{ content, want string }{
		"empty":            {"", "first line"},
		"no first line":    {whole[strings.Index(whole, "\n")+1:], "first line"},
		"other first line": {replaced("# recorded", "# Recorded"), "first line"},
		"first line only":  {cut("-- 01"), "breaks off"},
		"no end":           {cut("-- end"), "breaks off"},
		"no answer":        {cut("-- 01 response") + "-- end --\n", "breaks off"},
		"in the body":      {cut(`"a"`), "breaks off"},
		"no URL":           {replaced("https://graph.microsoft.com", "https://%zz"), "method and a URL"},
		"newer version":    {replaced("recorder 1", "recorder 2"), "made by recorder 2 and this one is 1: use a newer version"},
		"no time":          {"# recorded today · recorder 1\n-- end --\n", "the time in its first line"},
		"missing exchange": {replaced("-- 01 response", "-- 02 response"), "exchange 01 is broken"},
		"no method":        {replaced("POST https", "https"), "method and a URL"},
		"no status":        {replaced("200 OK", "OK"), "does not begin with a status"},
		"strange status":   {replaced("200 OK", "20 OK"), "does not begin with a status"},
		"no header":        {replaced("Content-Type: ", "Content-Type "), "01 request is broken: its line 2 is no header"},
		"broken JSON":      {replaced(`"a": 1`, `"a": `), "01 response is broken: its body is not the JSON"},
		"unknown encoding": {
			replaced("200 OK\n", "200 OK\nBody-Encoding: rot13\n"), "its Body-Encoding is one that the SDK does not recognize",
		},
		"broken encoding":    {replaced("200 OK\n", "200 OK\nBody-Encoding: json\n"), "not one string of JSON"},
		"conflict":           {replaced("-- 01 response --", "<<<<<<< HEAD\n-- 01 response --\n>>>>>>>"), "broken"},
		"without JSON's end": {replaced("}\n-- end", "-- end"), "not the JSON"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "a.txtar")
			require.NoError(t, os.WriteFile(file, []byte(c.content), 0o644))
			rec, err := Replay(file)
			require.ErrorContains(t, err, c.want)
			require.Equal(t, name != "newer version", strings.Contains(err.Error(), "fix the file, or record it with recording.Record"))
			require.Nil(t, rec)
		})
	}
}

func TestAMissingFileSaysHowToMakeIt(t *testing.T) {
	t.Parallel()
	_, err := Replay(filepath.Join(t.TempDir(), "none.txtar"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.True(t, strings.HasSuffix(err.Error(), "none.txtar is missing; record it with recording.Record"), err)
	_, err = Replay(t.TempDir())
	require.ErrorContains(t, err, "recording: read ")
}

func TestURLsThatAPersonEditedAreCompared(t *testing.T) {
	t.Parallel()
	const url = base + "/B%20c?$top=1&$filter=a%20eq%20'b'"
	file := recordTo(t, answering(`{}`), func(rec *Recorder) { ask(t, rec, "GET", url, "") })
	whole := contentOf(t, file)
	for _, edit := range [][2]string{
		{"a eq 'b'", "a%20eq%20'b'"},
		{"?$filter=a eq 'b'&$top=1", "?$top=1&$filter=a eq 'b'"},
		{"graph.microsoft.com", "Graph.microsoft.com:443"},
		{"$top=1\n", "$top=1 \n"},
	} {
		require.Contains(t, whole, edit[0])
		require.NoError(t, os.WriteFile(file, []byte(strings.Replace(whole, edit[0], edit[1], 1)), 0o644))
		rec := mustReplay(t, file)
		ask(t, rec, "GET", url, "")
		require.NoError(t, rec.Close(), edit[1])
	}
}

func TestABlankAtTheEndOfAURLSurvives(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{}`), func(rec *Recorder) { ask(t, rec, "GET", "/a?$search=b%20", "") })
	require.Contains(t, contentOf(t, file), "?$search=b%20\n")
	rec := mustReplay(t, file)
	ask(t, rec, "GET", "/a?$search=b%20", "")
	_, _, err := try(t, rec, "GET", "/a?$search=b", "")
	require.ErrorIs(t, err, ErrNotRecorded)
}

func TestAURLThatIsNotTakenApartIsRejected(t *testing.T) {
	t.Parallel()
	s := answering(`{}`)
	file := recordTo(t, s, func(rec *Recorder) { ask(t, rec, "GET", "/a", "") })
	for _, rec := range []*Recorder{Record(file, WithTransport(s)), mustReplay(t, file)} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", base+"/a", nil)
		require.NoError(t, err)
		req.URL.Opaque = "//graph.microsoft.com/other"
		_, err = rec.Transport().RoundTrip(req)
		require.ErrorContains(t, err, "a URL with Opaque can be neither recorded nor replayed")
	}
	require.Equal(t, 1, s.count())
}

func TestLineEndsOfOtherSystemsAreRead(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{"a":1}`), func(rec *Recorder) { ask(t, rec, "POST", "/a", "{}") })
	require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(contentOf(t, file), "\n", "\r\n")), 0o644))
	_, body := ask(t, mustReplay(t, file), "POST", "/a", "{}")
	require.Equal(t, "{\n  \"a\": 1\n}\n", body)
}

func TestAReplayKnowsWhenItWasRecorded(t *testing.T) {
	t.Parallel()
	var recorded time.Time
	file := recordTo(t, answering(`{}`), func(rec *Recorder) {
		recorded = rec.Now()
		ask(t, rec, "GET", "/a", "")
	})
	require.WithinDuration(t, time.Now(), recorded, time.Hour)
	require.True(t, recorded.Equal(recorded.Truncate(time.Second)))
	text := strings.Replace(contentOf(t, file), recorded.Format(time.RFC3339), "2026-11-22T08:00:00Z", 1)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	require.Equal(t, time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), mustReplay(t, file).Now())
}
