package odata

import "net/http"

// Fault is an error as the service reports it.
type Fault struct {
	Status  int // of the response
	Code    string
	Message string
}

// Error is the message.
func (f *Fault) Error() string { return f.Message }

// BadRequest is a fault with status 400.
func BadRequest(message string) error {
	return &Fault{http.StatusBadRequest, "BadRequest", message}
}

// BadParameter rejects a value of a body in the words of the service.
func BadParameter(name string) error {
	return BadRequest("Parameter '" + name + "' in payload has a value that does not match schema")
}

// SchemaFailure rejects a body in the words of the service.
func SchemaFailure(resource string) error {
	return BadRequest("Schema validation failed for resource '" + resource + "'")
}

// NotFound is a fault with status 404.
func NotFound(what string) error {
	return &Fault{http.StatusNotFound, "NotFound", "Requested resource '" + what + "' not found."}
}

// Conflict is a fault with status 409.
func Conflict(message string) error {
	return &Fault{http.StatusConflict, "Conflict", message}
}
