// Package own is a test that is built and run by a test of the recorder.
package own

import (
	"net/http"
	"os"
	"testing"

	"github.com/winupdates/winupdates-go/updates/recording"
)

type yes struct{}

func (yes) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 204, Header: http.Header{}, Body: http.NoBody}, nil
}

// TestOwn sends a literal, or a text that it puts together.
func TestOwn(t *testing.T) {
	if directory := os.Getenv("OWN_CHDIR"); directory != "" {
		t.Chdir(directory)
	}
	rec := recording.Open(t, recording.WithTransport(yes{}))
	url := "https://api.example/teams"
	if os.Getenv("OWN_JOINED") != "" {
		url = "https://api.example/" + "te" + "nants"
	}
	resp, err := (&http.Client{Transport: rec.Transport()}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}
