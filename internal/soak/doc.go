// Package soak tests calls of all kinds from many goroutines, over real connections, to a service that is
// sometimes unavailable and breaks connections. At the end the service must hold what the callers were told,
// and no goroutine or connection may be left.
//
// It takes two seconds. The variable SOAK makes it longer:
//
//	SOAK=2m go test -race -v -timeout 20m ./internal/soak
package soak
