// Syncaudience keeps an audience in sync with a table of devices: it adds new devices,
// removes those that are no longer in the table, and waits until the service reports it.
//
//	go run ./examples/syncaudience
//	go run ./examples/syncaudience -plan -file devices.csv
//
// It runs on the simulator, with an audience that has the devices of last month. To use a
// real tenant, replace the simulator with a credential from package auth and the ID of an
// existing audience.
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
	file := flag.String("file", "", "a CSV table with a column deviceId; if empty, a made-up one")
	planOnly := flag.Bool("plan", false, "print the plan and change nothing")
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
	return sync(ctx, out, client, of, table)
}

// plan prints the plan and changes nothing.
func plan(ctx context.Context, out io.Writer, client *updates.Client, of audience.Ref, table io.Reader) error {
	plan, err := client.Audiences().PlanSeq(ctx, of, devicesFromCSV(table), nil)
	if err != nil {
		return err
	}
	fmt.Fprint(out, plan)
	return nil
}

// sync makes the audience match the table. As soon as something was sent there is a
// report, with an error too.
func sync(ctx context.Context, out io.Writer, client *updates.Client, of audience.Ref, table io.Reader) error {
	report, err := client.Audiences().SyncSeq(ctx, of, devicesFromCSV(table), &audience.SyncOptions{
		ChunkSize:  4,                                                       // omit it for a tenant
		Poll:       audience.PollOptions{InitialInterval: time.Millisecond}, // omit it too
		OnProgress: func(p audience.SyncProgress) { show(out, p) },
	})
	if report != nil {
		fmt.Fprintf(out, "\n%v\n", report)
	}
	return err
}

// show overwrites the previous line in a terminal.
func show(out io.Writer, p audience.SyncProgress) {
	fmt.Fprintf(out, "\r%d of %d sent, polls: %d, %d remaining ", p.Sent, p.Total, p.Polls, p.Remaining)
}

// lastMonth creates an audience with the devices of last month.
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
