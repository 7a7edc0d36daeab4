// Command bench compares the SDK with what a program would write that has only
// net/http and encoding/json, and with the stock parts of Kiota, and prints a table:
//
//	go run ./internal/bench
//
// It takes some minutes. The ways to do a job take turns, and each figure is the
// median of five rounds, in processor time where the system tells it: trust the
// ratios, not the times. A second table shows how many requests goroutines get through
// with one client, over HTTP/1.1 and HTTP/2. The exit status is 1 when a goal is missed.
//
// The same jobs are benchmarks of package testing, for profiles:
//
//	go test -run x -bench . ./internal/bench
//
// What is compared below the client, node by node, is in internal/kjson.
package main

import (
	"flag"
	"fmt"
	"log"
)

func main() {
	rounds := flag.Int("rounds", 5, "how often each way takes its turn, 1 or more")
	flag.Parse()
	if err := run(max(*rounds, 1)); err != nil {
		log.Fatal(err)
	}
}

func run(rounds int) error {
	fmt.Printf(head, rounds)
	var missed []string
	for _, j := range jobs(many) {
		m, err := j.measure(rounds)
		if err != nil {
			return err
		}
		fmt.Print(m.row())
		missed = append(missed, m.missed()...)
	}
	slow, err := grow(rounds)
	if err != nil {
		return err
	}
	if missed = append(missed, slow...); len(missed) > 0 {
		return fmt.Errorf("goals missed: %q", missed)
	}
	return nil
}
