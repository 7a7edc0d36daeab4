// Replaytest shows how to test a program without a tenant: the test replays recorded requests
// and responses. Copy archive_test.go, and pass the client to your functions as archive does.
//
//	go run ./examples/replaytest
//
// runs the program on the simulator, where a deployment goes wrong first.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "replaytest:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	service := simulator.New(nil)
	if err := goWrong(ctx, service); err != nil {
		return err
	}
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	return archive(ctx, client, out)
}
