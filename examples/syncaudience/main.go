// Syncaudience gives an audience the devices of a table: it adds those that are new,
// removes those that are not in the table any more, and looks until that holds.
//
//	go run ./examples/syncaudience
//	go run ./examples/syncaudience -plan -file devices.csv
//
// It runs on the simulator, with an audience that has the devices of last month. A
// program for a tenant takes a credential from package auth instead, and the id of an
// audience that is there.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

//go:embed testdata/devices.csv
var thisMonth []byte

func main() {
	file := flag.String("file", "", "a table with a column deviceId; a made-up one when it is left out")
	planOnly := flag.Bool("plan", false, "only say what would be done")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	table, err := read(*file)
	if err == nil {
		err = run(ctx, os.Stdout, simulator.New(nil), bytes.NewReader(table), *planOnly)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "syncaudience:", err)
		os.Exit(1)
	}
}

func read(file string) ([]byte, error) {
	if file == "" {
		return thisMonth, nil
	}
	return os.ReadFile(file)
}

func run(ctx context.Context, out io.Writer, service *simulator.Server, table io.Reader, planOnly bool) error {
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	of, err := lastMonth(ctx, client)
	if err != nil {
		return err
	}
	if planOnly {
		return plan(ctx, out, client, of, table)
	}
	return inStep(ctx, out, client, of, table)
}

// plan says what would be done and changes nothing.
func plan(ctx context.Context, out io.Writer, client *updates.Client, of audience.Ref, table io.Reader) error {
	plan, err := client.Audiences().PlanSeq(ctx, of, devicesFromCSV(table), nil)
	if err != nil {
		return err
	}
	fmt.Fprint(out, plan)
	return nil
}

// inStep brings the audience in step with the table. There is a report as soon as
// something was sent, with an error too.
func inStep(ctx context.Context, out io.Writer, client *updates.Client, of audience.Ref, table io.Reader) error {
	report, err := client.Audiences().SyncSeq(ctx, of, devicesFromCSV(table), &audience.SyncOptions{
		ChunkSize:  4,                                                       // leave it out for a tenant
		Poll:       audience.PollOptions{InitialInterval: time.Millisecond}, // and this too
		OnProgress: func(p audience.SyncProgress) { show(out, p) },
	})
	if report != nil {
		fmt.Fprintf(out, "\n%v\n", report)
	}
	return err
}

// show writes over the line before it, as terminals do.
func show(out io.Writer, p audience.SyncProgress) {
	fmt.Fprintf(out, "\r%d of %d sent, read back %d times, %d to come ", p.Sent, p.Total, p.Polls, p.Remaining)
}

// lastMonth makes an audience with the devices of last month.
func lastMonth(ctx context.Context, client *updates.Client) (audience.Ref, error) {
	made, err := client.Audiences().Create(ctx)
	if err != nil {
		return audience.Ref{}, err
	}
	var ids []string
	for i := range 25 {
		ids = append(ids, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	of := audience.ByID(made.ID)
	return of, client.Audiences().AddDevices(ctx, of, ids, nil)
}
