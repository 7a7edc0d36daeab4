package call

import (
	"context"
	"net/http"
	"time"
)

// record is what the attempts of one call have learned. The attempts follow one
// another, so it needs no lock. A request that is sent again with another token shares
// the record.
type record struct {
	ctx             context.Context // of the call; Kiota gets another one, see withoutSpans
	op              Op
	clientRequestID string
	resource        string // that tokens are asked for
	template        string // of the URL; empty if the caller gives the path
	path            string // of the URL
	created         *created
	request         []byte   // the body that is sent
	made            []string // ids of what a create has made

	attempts    int           // requests handed to the user's transport
	wave        int           // of the throttle, when the last request was sent
	heldFor     time.Duration // until the turn of a request that was not sent, because that is after the deadline
	token       string        // that the last request carried
	sent        []string      // tokens of all requests, see sends
	claims      string        // that a challenge to it asks for
	renewed     bool          // another token was requested, because the service rejected the first
	isTokenSame bool          // the credential had no other
	status      int           // of the last answer; 0 before the first
	header      http.Header   // of the last answer
	body        []byte        // of the last answer; nil for a success that broke off
	unread      []string      // paths of properties of a wrong type in the last answer
	err         error         // what ended the call locally; nil after a complete answer
	proxy       string        // that rejected the last attempt, in words; empty for none
	ambiguous   bool          // some attempt may have taken effect without saying so
	misses      int           // how many 404s to a DELETE came in a row since then
}

type recordKey struct{}

func recordOf(ctx context.Context) *record {
	rec, _ := ctx.Value(recordKey{}).(*record)
	return rec
}

// answered notes a response.
func (r *record) answered(resp *http.Response, body []byte) {
	r.status, r.header, r.body, r.err = resp.StatusCode, resp.Header, body, nil
	r.ambiguous = r.ambiguous || ambiguousStatus(resp.StatusCode)
	if r.misses++; !r.maybeDeleted() {
		r.misses = 0
	}
}

// failed notes an attempt without a complete response. sent is whether the request may have
// reached the service.
func (r *record) failed(err error, sent bool) {
	r.err = err
	r.ambiguous = r.ambiguous || sent
}

// refused notes that a request could not be made.
func (r *record) refused(err error) { r.failed(err, false) }

// throttled reports whether the last attempt got 429.
func (r *record) throttled() bool {
	return r.err == nil && r.status == http.StatusTooManyRequests
}

// unknown reports whether the call may have changed something although it failed.
func (r *record) unknown() bool {
	return r.ambiguous && r.op.Kind != Read
}

// maybeDeleted reports whether an attempt may have deleted what the last one did not find.
func (r *record) maybeDeleted() bool {
	return r.err == nil && r.op.Kind == Delete && r.ambiguous && r.status == http.StatusNotFound
}

// alreadyDeleted reports whether an attempt has deleted what two others did not find any
// more: one 404 can come from an old copy.
func (r *record) alreadyDeleted() bool { return r.maybeDeleted() && r.misses > 1 }

func isSuccess(status int) bool { return status >= 200 && status <= 299 }

// ambiguousStatus reports whether a request with this response may have taken effect.
func ambiguousStatus(status int) bool {
	return status == http.StatusRequestTimeout || status >= 500
}
