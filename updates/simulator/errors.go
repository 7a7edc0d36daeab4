package simulator

import "net/http"

// fault is an error as the service tells it.
type fault struct {
	status  int
	code    string
	message string
}

func (f *fault) Error() string { return f.message }

func badRequest(message string) error {
	return &fault{http.StatusBadRequest, "BadRequest", message}
}

// badParameter refuses a value of the body in the words of the service.
func badParameter(name string) error {
	return badRequest("Parameter '" + name + "' in payload has a value that does not match schema")
}

// schemaFailure refuses a body in the words of the service.
func schemaFailure(resource string) error {
	return badRequest("Schema validation failed for resource '" + resource + "'")
}

func notFound(what string) error {
	return &fault{http.StatusNotFound, "NotFound", "Requested resource '" + what + "' not found."}
}

func conflict(message string) error {
	return &fault{http.StatusConflict, "Conflict", message}
}

// envelope is the body of an error.
func (c *call) envelope(f *fault) object {
	if f.status == http.StatusTooManyRequests {
		return c.throttled()
	}
	return object{"error": object{
		"code":    f.code,
		"message": f.message,
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
