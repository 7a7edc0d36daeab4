// Package soak has a test in which many goroutines make calls of all kinds concurrently,
// over real connections, to a service that is unavailable now and then and breaks connections. At the end the
// service must hold what the callers were told, and no goroutine or connection may be left.
//
// It takes two seconds. The variable SOAK makes it longer:
//
//	SOAK=2m go test -race -v -timeout 20m ./internal/soak
package soak
