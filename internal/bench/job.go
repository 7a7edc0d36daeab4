package main

import "fmt"

// job is a task that a program does with the service, in several ways.
type job struct {
	name    string
	goals   goals
	prepare func() ([]way, error) // ours and plain, then others
}

// goals are the largest ratios of the SDK to the plain way; 0 means no goal.
type goals struct{ time, allocs float64 }

// way is one way to do a job.
type way struct {
	name   string       // ours, plain or stock
	before func() error // comes before each operation and is not measured; nil for nothing
	once   func() error
}

const (
	ours  = "ours"  // this SDK
	plain = "plain" // net/http and encoding/json
	stock = "stock" // the same generated code with the stock parts of Kiota
)

// many is the number of members of large audiences in the table.
const many = 100_000

// jobs returns all jobs, in the order of the table. members is the size of a large audience.
func jobs(members int) []job {
	return []job{
		{"one GET", goals{time: 1.5, allocs: 3.2}, get},
		{"one POST", goals{time: 1.9, allocs: 4}, post},
		{"a page of 1000 catalog entries", goals{time: 0.85, allocs: 2.5}, page},
		{"a body of 1000 members", goals{}, func() ([]way, error) { return body(1_000) }},
		{"adding 1000 members", goals{time: 1.7, allocs: 5}, adding},
		{fmt.Sprintf("listing %d members", members), goals{time: 0.8, allocs: 1.3}, func() ([]way, error) { return listing(members) }},
		{"200 requests to a recording of 200", goals{}, replaying},
		{fmt.Sprintf("Sync of %d members", members), goals{}, func() ([]way, error) { return syncing(members) }},
	}
}

// try does the job once.
func (w way) try() error {
	if w.before != nil {
		if err := w.before(); err != nil {
			return err
		}
	}
	return w.once()
}

// try prepares a job, does it once in each way, and names the one that fails.
func (j job) try() ([]way, error) {
	ways, err := j.prepare()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", j.name, err)
	}
	for _, w := range ways {
		if err := w.try(); err != nil {
			return nil, fmt.Errorf("%s, %s: %w", j.name, w.name, err)
		}
	}
	return ways, nil
}
