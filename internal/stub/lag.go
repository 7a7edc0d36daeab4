package stub

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// Lagging returns a transport of a simulator whose lists lack objects younger than lag, as if they
// came from an index.
func Lagging(service *simulator.Server, lag time.Duration) http.RoundTripper {
	return lagging{service.Transport(), lag}
}

type lagging struct {
	next http.RoundTripper
	lag  time.Duration
}

func (l lagging) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(req)
	if err != nil || req.Method != http.MethodGet {
		return resp, err
	}
	return withoutYoung(resp, time.Now().Add(-l.lag))
}

// withoutYoung removes objects from a list that were created after a time.
func withoutYoung(resp *http.Response, after time.Time) (*http.Response, error) {
	text, err := io.ReadAll(resp.Body)
	var list map[string]json.RawMessage
	var items []json.RawMessage
	if err == nil && json.Unmarshal(text, &list) == nil && json.Unmarshal(list["value"], &items) == nil {
		items = slices.DeleteFunc(items, func(item json.RawMessage) bool {
			var made struct {
				Created time.Time `json:"createdDateTime"`
			}
			return json.Unmarshal(item, &made) == nil && made.Created.After(after)
		})
		list["value"], _ = json.Marshal(items)
		text, err = json.Marshal(list)
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return resp, err
}
