package recording_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/winupdates/winupdates-go/updates/recording"
)

// team is what a service of your own sends.
type team struct {
	Name   string `json:"name"`
	Status string `json:"status"`
	Lead   string `json:"lead"`
}

// inviteLead is the code under test: it reads a team and writes to its lead.
func inviteLead(client *http.Client, url string) (*team, error) {
	resp, err := client.Get(url + "/teams/alpha")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var found team
	if err := json.NewDecoder(resp.Body).Decode(&found); err != nil {
		return nil, err
	}
	invitation, err := client.Post(url+"/teams/alpha/invitations?to="+found.Lead, "application/json", nil)
	if err != nil {
		return nil, err
	}
	return &found, invitation.Body.Close()
}

// A service that has nothing to do with Windows is recorded too. Of its responses the
// recorder knows nothing, so it keeps only the status, which the test names: names and
// addresses of people become fakes, in the request that uses them too.
func Example_ownService() {
	directory, err := os.MkdirTemp("", "recordings")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(directory) }()
	file := filepath.Join(directory, "invite.txtar")
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"name":"Blue Whale","status":"active","lead":"carol@fabrikam.com"}`)
	}))

	rec := recording.Record(file, recording.KeepProperty("status"))
	live, err := inviteLead(&http.Client{Transport: rec.Transport()}, service.URL)
	fmt.Println(live, err, rec.Close())
	service.Close()

	rec, err = recording.Replay(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	replayed, err := inviteLead(&http.Client{Transport: rec.Transport()}, service.URL)
	fmt.Println(replayed, err, rec.Close())
	// Output:
	// &{Blue Whale active carol@fabrikam.com} <nil> <nil>
	// &{text-1 active user-1@contoso.example} <nil> <nil>
}
