package odata

import (
	"cmp"
	"net/http"
	"strings"
)

// Fault is an error as the service reports it.
type Fault struct {
	Status  int // of the response
	Code    string
	Message string
}

// Error is the message.
func (f *Fault) Error() string { return f.Message }

// NewFault returns a fault whose code is the name of its status, such as NotFound.
func NewFault(status int, message string) *Fault {
	return &Fault{status, strings.ReplaceAll(StatusText(status), " ", ""), message}
}

// StatusText is the name of a status, also of one that has no name.
func StatusText(status int) string {
	return cmp.Or(http.StatusText(status), "Unknown Error")
}

// BadRequest is a fault with status 400.
func BadRequest(message string) error { return NewFault(http.StatusBadRequest, message) }

// BadParameter rejects a value of a body with the message of the service.
func BadParameter(name string) error {
	return BadRequest("Parameter '" + name + "' in payload has a value that does not match schema")
}

// SchemaFailure rejects a body with the message of the service.
func SchemaFailure(resource string) error {
	return BadRequest("Schema validation failed for resource '" + resource + "'")
}

// NotFound is a fault with status 404.
func NotFound(what string) error {
	return NewFault(http.StatusNotFound, "Requested resource '"+what+"' not found.")
}

// Conflict is a fault with status 409.
func Conflict(message string) error { return NewFault(http.StatusConflict, message) }
