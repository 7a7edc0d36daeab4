package simulator

import (
	"net/http"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// envelope is the body of an error.
func (c *call) envelope(f *odata.Fault) object {
	if f.Status == http.StatusTooManyRequests {
		return c.throttled()
	}
	return object{"error": object{
		"code":    f.Code,
		"message": f.Message,
		"innerError": object{
			"date":              c.received.Format("2006-01-02T15:04:05"),
			"request-id":        c.requestID,
			"client-request-id": c.clientRequestID(),
		},
	}}
}

// throttled is the body of status 429, which is not like that of other errors.
func (c *call) throttled() object {
	return object{"error": object{
		"code":    "TooManyRequests",
		"message": "Please retry again later.",
		"innerError": object{
			"code":       "429",
			"date":       c.received.Format("2006-01-02T15:04:05"),
			"message":    "Please retry after",
			"request-id": c.requestID,
			"status":     "429",
		},
	}}
}
