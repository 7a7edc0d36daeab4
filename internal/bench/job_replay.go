package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/winupdates/winupdates-go/updates/recording"
)

// replaying sends 200 requests that a recording answers, the last one first, so that each must be
// searched for. Reading the file is not measured. The plain way finds the responses in a map.
func replaying() ([]way, error) {
	const exchanges = 200
	file, err := recordingOf(exchanges)
	if err != nil {
		return nil, err
	}
	answers := map[string][]byte{}
	for i := range exchanges {
		answers[recordedURL(i)] = recordedAnswer(i)
	}
	replayed, mapped := newPlainClient(nil), newPlainClient(byURL(answers))
	return []way{
		{name: ours, before: func() error { return replayed.open(file) }, once: func() error { return replayed.ask(exchanges) }},
		{name: plain, once: func() error { return mapped.ask(exchanges) }},
	}, nil
}

// recordingOf returns the archive of a recording, independent of its file.
func recordingOf(exchanges int) (text []byte, err error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	file := filepath.Join(folder, "recording.txtar")
	rec := recording.Record(file, recording.WithTransport(recorded{}), recording.WithCredential(credential{}))
	client := newPlainClient(rec.Transport())
	for i := range exchanges {
		if err := client.send(http.MethodGet, recordedURL(i), nil, &flatDevice{}); err != nil {
			return nil, err
		}
	}
	if err := rec.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// open replays the recording from a file that is read at once.
func (c *plainClient) open(text []byte) (err error) {
	file, err := os.CreateTemp("", "bench*.txtar")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(file.Name())) }()
	_, err = file.Write(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	rec, err := recording.Replay(file.Name())
	if err == nil {
		c.http.Transport = rec.Transport()
	}
	return err
}

func (c *plainClient) ask(exchanges int) error {
	for i := exchanges - 1; i >= 0; i-- {
		var got flatDevice
		if err := c.send(http.MethodGet, recordedURL(i), nil, &got); err != nil {
			return err
		}
		if err := want("id", got.ID, recordedID(i)); err != nil {
			return err
		}
	}
	return nil
}

// recordedID is one of those that recordings keep as they are.
func recordedID(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", i) }

func recordedURL(i int) string { return root + "/updatableAssets/" + recordedID(i) }

func recordedAnswer(i int) []byte {
	return fmt.Appendf(nil, `{"@odata.type":%q,"id":%q,"errors":[],"enrollment":null}`, deviceType, recordedID(i))
}

// recorded answers each URL with its own device.
type recorded struct{}

func (recorded) RoundTrip(req *http.Request) (*http.Response, error) {
	var i int
	_, err := fmt.Sscanf(filepath.Base(req.URL.Path), "00000000-0000-4000-8000-%d", &i)
	return answer(req, http.StatusOK, recordedAnswer(i)), err
}

type byURL map[string][]byte

func (m byURL) RoundTrip(req *http.Request) (*http.Response, error) {
	return answer(req, http.StatusOK, m[req.URL.String()]), nil
}
