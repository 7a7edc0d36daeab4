// Package soak has a test in which many goroutines make all kinds of calls at once,
// over real connections, to a service that throttles and hangs up. In the end the
// service must hold what the callers were told, and nothing may be left over.
//
// It takes two seconds. The variable SOAK makes it longer:
//
//	SOAK=2m go test -race -v -timeout 20m ./internal/soak
package soak
