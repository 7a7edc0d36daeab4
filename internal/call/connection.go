package call

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// connection notices whether a request got as far as a connection.
type connection struct {
	traced atomic.Bool // the transport reports its connections
	had    atomic.Bool // the request was given one
}

// watchConnection returns a context that fills the connection while a transport
// uses it.
func watchConnection(ctx context.Context) (context.Context, *connection) {
	c := &connection{}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { c.traced.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { c.had.Store(true) },
	}), c
}

// mayHaveSent reports whether a request that failed may have reached the service. For a
// transport that does not report its connections, only the error itself can say that none was
// made.
func (c *connection) mayHaveSent(err error) bool {
	if c.traced.Load() {
		return c.had.Load()
	}
	return !neverConnected(err)
}

func neverConnected(err error) bool {
	var dns *net.DNSError
	var op *net.OpError
	var record tls.RecordHeaderError
	return errors.As(err, &dns) || isCertificateError(err) || isDryRunIncomplete(err) || errors.As(err, &record) ||
		errors.As(err, &op) && op.Op == "dial"
}

// isCertificateError reports whether the service's certificate was rejected: trying again
// cannot help.
func isCertificateError(err error) bool {
	var cert *tls.CertificateVerificationError
	return errors.As(err, &cert)
}
