package recording_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/recording"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// newestVersion is the code under test.
func newestVersion(ctx context.Context, rec *recording.Recorder) (string, error) {
	client, err := updates.NewClient(rec.Credential(), &updates.Options{Transport: rec.Transport()})
	if err != nil {
		return "", err
	}
	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
	if err != nil {
		return "", err
	}
	return entry.Version + ", build " + entry.Build, nil
}

// A program records and replays without a test. The simulator stands in for a
// tenant; on a real one, give a credential only.
func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "recordings")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(folder) }()
	file := filepath.Join(folder, "newest.txtar")

	service := simulator.New(nil)
	rec := recording.Record(file, recording.WithTransport(service.Transport()), recording.WithCredential(service.Credential()))
	fmt.Println(newestVersion(ctx, rec))
	fmt.Println(rec.Close())

	rec, err = recording.Replay(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(newestVersion(ctx, rec))
	fmt.Println(rec.Close())
	// Output:
	// Windows 11, version 24H2, build 26100 <nil>
	// <nil>
	// Windows 11, version 24H2, build 26100 <nil>
	// <nil>
}

// Any client of net/http can replay. A request that was not recorded is an error.
func ExampleRecorder_Transport() {
	rec, err := recording.Replay("testdata/recordings/ExampleRecorder_Transport.txtar")
	if err != nil {
		fmt.Println(err)
		return
	}
	client := http.Client{Transport: rec.Transport()}
	for _, id := range []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"} {
		resp, err := client.Get("https://graph.microsoft.com/beta/admin/windows/updates/updatableAssets/" + id)
		if err != nil {
			fmt.Println(errors.Is(err, recording.ErrNotRecorded))
			continue
		}
		fmt.Println(resp.Status)
		_ = resp.Body.Close()
	}
	// Output:
	// 200 OK
	// true
}
