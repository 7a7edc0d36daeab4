package stub

import (
	"fmt"
	"net/http"
	"strings"
)

// Root is the root of the service, below which all paths are.
const Root = "https://graph.microsoft.com/beta/admin/windows/updates"

// Site returns a transport that answers with the body that a target has, and with 404
// where there is none. A target is what a [Route] has after the method.
func Site(bodies map[string]string) *Transport {
	return Serving(func(req *http.Request) (int, string) {
		if body, ok := bodies[target(req)]; ok {
			return http.StatusOK, body
		}
		return http.StatusNotFound, `{"error":{"code":"NotFound","message":"nothing here"}}`
	})
}

// Serving returns a transport that answers with the status and body that serve returns.
func Serving(serve func(*http.Request) (int, string)) *Transport {
	return Answering(func(req *http.Request) (*http.Response, error) {
		status, body := serve(req)
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
		return Answer(status, body)(req)
	})
}

// Page returns a page of a list, with a next link if there is one. The link begins
// below [Root].
func Page(next string, items ...string) string {
	page := `{"value":[` + strings.Join(items, ",") + `]`
	if next != "" {
		page += fmt.Sprintf(`,"@odata.nextLink":%q`, Root+next)
	}
	return page + "}"
}
