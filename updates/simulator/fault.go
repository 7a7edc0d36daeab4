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
