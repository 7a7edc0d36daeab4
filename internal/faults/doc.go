// Package faults tests what calls claim while the service fails, returns wrong responses, or changes
// concurrently. After each call the test compares the claim with what the service holds.
//
// The service is small, keeps its state in memory, and shares no code with package
// simulator. Each of its faults is drawn by a seed, for each request; see fault_test.go for
// the list. A schedule is a random sequence of calls of one program. It runs in a bubble
// of testing/synctest, so that its hours take milliseconds.
//
// go test runs some hundred schedules. Variables change that:
//
//	FAULTS=10000 go test -v ./internal/faults
//	FAULTS_SEED=17 go test -v ./internal/faults
//
// The first runs 10,000 schedules. With less than 400, a fault may not be hit, which is a failure. The
// second runs the schedule of one seed, which sends the same requests each time.
package faults
