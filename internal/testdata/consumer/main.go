// Rollout offers a feature update to the devices that it reads, one on a line:
//
//	rollout "Windows 11, version 24H2" < devices.txt
//
// It is a module of its own and uses the SDK as any other program does: only what is
// exported, and a credential of its own. The token comes from the variable
// GRAPH_TOKEN. With -n it prints the requests and sends none that changes anything.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"time"
)

func main() {
	dry := flag.Bool("n", false, "print the requests, and change nothing")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	if err := run(ctx, *dry, flag.Arg(0)); err != nil {
		cancel()
		log.Fatalf("%v: %s", err, advice(err))
	}
}

func run(ctx context.Context, dry bool, version string) error {
	t, err := connect(&variable{name: "GRAPH_TOKEN"}, nil, slog.Default())
	if err != nil {
		return err
	}
	devices, err := readLines(os.Stdin)
	if err != nil {
		return err
	}
	p := plan{version: version, devices: devices, start: time.Now().AddDate(0, 0, 7), perWeek: 100}
	if dry {
		return t.print(ctx, p)
	}
	d, err := t.deploy(ctx, p)
	if err != nil {
		return err
	}
	return t.follow(ctx, d.ID, os.Stdout)
}

func (t *tool) print(ctx context.Context, p plan) error {
	requests, err := t.preview(ctx, p)
	for _, request := range requests {
		fmt.Println(request)
	}
	return err
}

func readLines(r io.Reader) ([]string, error) {
	var lines []string
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	return lines, scanner.Err()
}
