package deployments_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// ahead is a transport whose Date is ahead of the times in its responses.
type ahead struct {
	next http.RoundTripper
	by   time.Duration
}

func (a ahead) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := a.next.RoundTrip(req)
	if err == nil {
		resp.Header.Set("Date", time.Now().Add(a.by).UTC().Format(http.TimeFormat))
	}
	return resp, err
}

func TestNoSecondDeploymentIsMadeWhateverTheClocksSay(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]time.Duration{
		"61 s ahead": 61 * time.Second, "10 minutes ahead": 10 * time.Minute, "an hour ahead": time.Hour,
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			service := simulator.New(nil)
			client := stub.NewClient(t, service.Credential(), ahead{service.Transport(), by})
			spec := deployments.ForFeature(feature(t, client)).With(gradual())
			service.FailNext(1, simulator.Break().AfterEffect(), creates)
			_, err := client.Deployments().CreateOnce(t.Context(), spec, nil)
			require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
			ids := existing(t, client)
			require.Len(t, ids, 1)
			requireCandidates(t, err, ids...)
			require.ErrorContains(t, err, "the service's clock")
		})
	}
}

const (
	unnamedHead = `"content":{"@odata.type":"#` + namespace + `catalogContent","catalogEntry":{` +
		`"@odata.type":"#` + namespace + `qualityUpdateCatalogEntry","id":"","displayName":null,`
	julySecurity = `"releaseDateTime":"2026-07-14T00:00:00Z","qualityUpdateClassification":"security","qualityUpdateCadence":"monthly"`
	julyEntry    = `{"@odata.type":"#` + namespace + `qualityUpdateCatalogEntry","id":"e",` + julySecurity + `}`
)

// unnamed are deployments of quality updates whose entry has no ID, and what comes of them if
// the entry of the spec is the security update of July.
var unnamed = map[string]struct {
	content string
	want    error // nil if it is found
	because string
}{
	"all is the same":   {unnamedHead + julySecurity + `}}`, nil, ""},
	"another month":     {unnamedHead + strings.Replace(julySecurity, "07-14", "06-09", 1) + `}}`, apierr.ErrNotFound, ""},
	"not security":      {unnamedHead + strings.Replace(julySecurity, `"security"`, `"nonSecurity"`, 1) + `}}`, apierr.ErrNotFound, ""},
	"out of band":       {unnamedHead + strings.Replace(julySecurity, "monthly", "outOfBand", 1) + `}}`, apierr.ErrNotFound, ""},
	"a feature update":  {strings.Replace(unnamedHead, "quality", "feature", 1) + `"releaseDateTime":"2026-07-14T00:00:00Z"}}`, apierr.ErrNotFound, ""},
	"no date":           {unnamedHead + `"qualityUpdateClassification":"security","qualityUpdateCadence":"monthly"}}`, apierr.ErrAmbiguous, "d does not name its catalog entry"},
	"no cadence":        {unnamedHead + `"releaseDateTime":"2026-07-14T00:00:00Z","qualityUpdateClassification":"security"}}`, apierr.ErrAmbiguous, "d does not name its catalog entry"},
	"a cadence unread":  {unnamedHead + strings.Replace(julySecurity, `"monthly"`, "7", 1) + `}}`, apierr.ErrAmbiguous, "d does not name its catalog entry"},
	"nothing but a key": {unnamedHead[:len(unnamedHead)-1] + `}}`, apierr.ErrAmbiguous, "d does not name its catalog entry"},
	"an unknown kind":   {strings.Replace(unnamedHead, "quality", "lunar", 1) + julySecurity + `}}`, apierr.ErrAmbiguous, "d does not name its catalog entry"},
	"no content":        {`"new":1`, apierr.ErrAmbiguous, "d does not name its catalog entry"},
}

// byPath answers with the reply of the path, and with 404 for others.
func byPath(replies map[string]stub.Reply) stub.Reply {
	return func(req *http.Request) (*http.Response, error) {
		for path, reply := range replies {
			if strings.HasSuffix(req.URL.Path, path) {
				return reply(req)
			}
		}
		return answer(404, `{"error":{"code":"NotFound"}}`)(req)
	}
}

func TestAnEntryWithoutAnIDIsKnownByWhatIsSaidOfIt(t *testing.T) {
	t.Parallel()
	for name, c := range unnamed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(byPath(map[string]stub.Reply{
				"/deployments":       answer(200, `{"value":[{"id":"d","createdDateTime":"2026-11-29T08:00:00Z",`+c.content+`}]}`),
				"/catalog/entries/e": answer(200, julyEntry),
			}))
			found, err := service.Client(t).Deployments().FindCreated(t.Context(),
				deployments.Spec{Kind: "qualityUpdateCatalogEntry", EntryID: "e"}, time.Time{})
			require.ErrorIs(t, err, c.want)
			if c.want == nil {
				require.Equal(t, "d", found.ID)
			} else if c.because != "" {
				requireCandidates(t, err, "d")
				require.ErrorContains(t, err, c.because)
			}
		})
	}
}

// Without the entry of the catalog there is nothing to compare with.
func TestAnEntryWithoutAnIDIsUnclearIfTheCatalogDoesNotAnswer(t *testing.T) {
	t.Parallel()
	service := stub.Answering(byPath(map[string]stub.Reply{
		"/deployments": answer(200, `{"value":[{"id":"d","createdDateTime":"2026-11-29T08:00:00Z",`+unnamed["all is the same"].content+`}]}`),
	}))
	_, err := service.Client(t).Deployments().FindCreated(t.Context(),
		deployments.Spec{Kind: "qualityUpdateCatalogEntry", EntryID: "e"}, time.Time{})
	requireCandidates(t, err, "d")
	require.ErrorContains(t, err, "d does not name its catalog entry")
}

func TestALostCreateIsNotTakenForThatOfAnotherUnnamedEntry(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]error{"another month": apierr.ErrUnknownOutcome, "all is the same": nil, "no date": apierr.ErrAmbiguous} {
		synctest.Test(t, func(t *testing.T) {
			var posted int
			list := func(req *http.Request) (*http.Response, error) {
				if posted == 0 {
					return answer(200, `{"value":[]}`)(req)
				}
				return answer(200, `{"value":[{"id":"d",`+unnamed[name].content+`}]}`)(req)
			}
			service := stub.Answering(byPath(map[string]stub.Reply{
				"/catalog/entries/e": answer(200, julyEntry),
				"/deployments": func(req *http.Request) (*http.Response, error) {
					if req.Method == http.MethodGet {
						return list(req)
					}
					posted++
					return answer(503, `{}`)(req)
				},
			}))
			found, err := service.Client(t).Deployments().CreateOnce(t.Context(),
				deployments.Spec{Kind: "qualityUpdateCatalogEntry", EntryID: "e"}, nil)
			require.ErrorIs(t, err, want, name)
			require.Equal(t, map[string]int{"another month": 3, "all is the same": 1, "no date": 1}[name], posted, name)
			if want == nil {
				require.Equal(t, "d", found.ID)
			}
		})
	}
}
