//go:build unix

// Command budget measures what the SDK costs a program that imports it: the time and memory of
// a build, its size, and what it links. It compares a program with one call to one that has
// only kiota-http-go and azidentity, the two libraries below the SDK. It prints the table in
// MIGRATING.md:
//
//	go run ./internal/budget
//
// Each program is built with an empty cache of its own, so it takes some minutes. What the SDK
// adds to a cold build is small compared to what both programs build. So it is not the
// difference of two large figures: the program with the SDK is built once more with the cache
// of the other one. On a busy machine compare the columns of one run, not the figures of two.
// The exit status is 1 if the SDK has more than a fifth of the cold build of the program with
// it.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "budget")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // what stays is in a folder for temporary files
	alone := builds{cache: filepath.Join(dir, "alone"), folder: "./internal/budget/testdata/alone"}
	one := builds{cache: filepath.Join(dir, "one"), folder: "./internal/budget/testdata/one"}
	onTop := builds{cache: alone.cache, folder: one.folder}
	costOfAlone, err := alone.measure(ctx)
	if err != nil {
		return err
	}
	costOfOne, err := one.measure(ctx)
	if err != nil {
		return err
	}
	more, err := onTop.build(ctx)
	if err != nil {
		return err
	}
	fmt.Print(table(costOfOne, costOfAlone, more))
	if part := share(costOfAlone, more); part > largestShare {
		return fmt.Errorf("the SDK is %.0f %% of a cold build, and at most %.0f %% are allowed", 100*part, 100*largestShare)
	}
	return nil
}

// largestShare is the part of the cold build of a program that the SDK may have.
const largestShare = 0.20

// added is what the SDK adds to a cold build. Both builds build their own package and link.
func added(alone cost, more usage) time.Duration { return more.cpu - alone.warm.cpu }

// share is the part that the SDK adds, of the cold build with it.
func share(alone cost, more usage) float64 {
	with := alone.cold.cpu + added(alone, more)
	return added(alone, more).Seconds() / with.Seconds()
}

// table is in Markdown. The figures of the official SDK were measured once, with
// msgraph-beta-sdk-go v0.165.0 on a machine with two cores. more is the build of one
// after that of alone.
func table(one, alone cost, more usage) string {
	text := "| | official SDK | with this SDK | kiota-http-go and azidentity alone | more |\n|---|---|---|---|---|\n"
	row := func(what, official, format string, a, b float64) {
		text += fmt.Sprintf("| %s | %s | "+format+" | "+format+" | "+format+" |\n", what, official, a, b, a-b)
	}
	text += fmt.Sprintf("| cold build, CPU-seconds | 700 | %.0f | %.0f | %.0f |\n",
		one.cold.cpu.Seconds(), alone.cold.cpu.Seconds(), added(alone, more).Seconds())
	text += fmt.Sprintf("| cold build, the SDK's share, percent | | | | %.0f |\n", 100*share(alone, more))
	row("cold build, largest process, MB", "9,700", "%.0f", one.cold.megabytes, alone.cold.megabytes)
	row("rebuild after a change, CPU-seconds", "", "%.1f", one.warm.cpu.Seconds(), alone.warm.cpu.Seconds())
	row("first `go test` after the build, CPU-seconds", "", "%.0f", one.test.cpu.Seconds(), alone.test.cpu.Seconds())
	row("binary, MB", "", "%.1f", one.binary, alone.binary)
	row("modules linked", "", "%.0f", float64(one.modules), float64(alone.modules))
	row("packages linked", "", "%.0f", float64(one.packages), float64(alone.packages))
	return text
}
