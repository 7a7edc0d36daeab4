// Command bench compares the SDK with plain net/http and encoding/json, and with the stock parts of
// Kiota, and prints a table:
//
//	go run ./internal/bench
//
// It takes some minutes; -job measures some of the jobs. The ways to do a job take turns, and each figure is
// the median of five rounds, in processor time if the system reports it. Compare ratios, not times. A second
// table has the throughput of many goroutines with one client, over HTTP/1.1 and HTTP/2. The exit status is
// 1 if a goal is missed.
//
// The same jobs are benchmarks of package testing, for profiles:
//
//	go test -run x -bench . ./internal/bench
//
// Package internal/kjson has benchmarks of reading and writing JSON.
package main

import (
	"flag"
	"fmt"
	"log"
	"strings"
)

func main() {
	rounds := flag.Int("rounds", 5, "how often each way takes its turn, 1 or more")
	only := flag.String("job", "", "measure only the jobs whose names contain this, and not the growth")
	flag.Parse()
	if err := run(max(*rounds, 1), *only); err != nil {
		log.Fatal(err)
	}
}

func run(rounds int, only string) error {
	fmt.Printf(head, rounds)
	var missed []string
	for _, j := range jobs(many) {
		if !strings.Contains(j.name, only) {
			continue
		}
		m, err := j.measure(rounds)
		if err != nil {
			return err
		}
		fmt.Print(m.row())
		missed = append(missed, m.missed()...)
	}
	if only == "" {
		slow, err := grow(rounds)
		if err != nil {
			return err
		}
		missed = append(missed, slow...)
	}
	if len(missed) > 0 {
		return fmt.Errorf("goals missed: %q", missed)
	}
	return nil
}
