package main

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
)

const (
	perPage    = 100 // members, as the service sends them
	membersURL = root + "/deploymentAudiences/" + audienceID + "/members"
)

// members is a transport with an audience. The first POST replaces every hundredth device.
type members struct {
	before, after []string // ids
	posted        bool
}

func newMembers(n int) *members {
	m := &members{before: deviceIDs(n), after: deviceIDs(n)}
	for i := 0; i < n; i += 100 {
		m.after[i] = deviceID(n + i)
	}
	return m
}

func (m *members) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodPost {
		m.posted = true
		_, err := io.Copy(io.Discard, req.Body)
		return answer(req, http.StatusAccepted, nil), err
	}
	from, err := skipped(req.URL)
	if err != nil {
		return nil, err
	}
	return answer(req, http.StatusOK, m.page(from)), nil
}

func skipped(u *url.URL) (int, error) {
	if !u.Query().Has("$skiptoken") {
		return 0, nil
	}
	return strconv.Atoi(u.Query().Get("$skiptoken"))
}

func (m *members) page(from int) []byte {
	text := append(make([]byte, 0, 256*perPage), `{"value":[`...)
	for i, id := range m.ids()[from : from+perPage] {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, `{"@odata.type":"`+deviceType+`","id":"`...)
		text = append(text, id...)
		text = append(text, `","errors":[],"enrollment":{"feature":{"enrollmentState":"enrolled",`...)
		text = append(text, `"lastModifiedDateTime":"2024-10-08T17:00:00Z"}}}`...)
	}
	text = append(text, ']')
	if next := from + perPage; next < len(m.before) {
		text = append(text, `,"@odata.nextLink":"`+membersURL+`?$skiptoken=`+strconv.Itoa(next)+`"`...)
	}
	return append(text, '}')
}

func (m *members) ids() []string {
	if m.posted {
		return m.after
	}
	return m.before
}
