package simulator

import (
	"cmp"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Options configure a new simulator.
type Options struct {
	// Lag is the time until an accepted write (status 202) takes effect. Zero or less means
	// immediately. Other writes always take effect immediately.
	Lag time.Duration
	// NewObjectLag is the time in which requests for a new object get 404 although lists have it, as
	// observed on the service. It applies to objects that a POST creates, and to audiences that are created
	// with them. Zero or less means that new objects can be used immediately.
	NewObjectLag time.Duration
	// PageSize is the largest number of items in a page of a list. Zero or less means 100.
	PageSize int
	// Seed shuffles the order in which devices are offered an update. Run a test with several seeds to
	// see that it does not depend on the order.
	Seed uint64
	// Start is the simulator's time at first, before or after the real one. The zero time means time.Now.
	Start time.Time
	// InstallWithin makes devices install what they are offered, at most this time after the offer; when
	// exactly depends on Seed. Zero or less means that only [Server.Install] installs.
	InstallWithin time.Duration
	// Empty omits the built-in catalog, products, and known issues.
	Empty bool
	// Quirks are the initial quirks; [Server.SetQuirks] replaces them.
	Quirks Quirks
}

// New creates a tenant with the built-in catalog, products, and known issues. Nil options are the
// defaults.
func New(opts *Options) *Server {
	if opts == nil {
		opts = &Options{}
	}
	s := &Server{
		lag:      max(opts.Lag, 0),
		newLag:   max(opts.NewObjectLag, 0),
		created:  map[string]time.Time{},
		pageSize: opts.PageSize,
		routes:   allRoutes(),
		steps:    allSteps(),
		schema:   newSchema(),
		key:      randomBytes(32),
		quirks:   opts.Quirks,
		seed:     opts.Seed,

		installWithin: opts.InstallWithin,
		profilesOf:    map[string][]*profile{},
	}
	if !opts.Start.IsZero() {
		s.ahead = time.Until(opts.Start)
	}
	if s.pageSize <= 0 {
		s.pageSize = 100
	}
	if !opts.Empty {
		s.addBuiltins()
	}
	return s
}

// ServeHTTP responds to one request. Use it to serve the simulator on a port; otherwise [Server.Transport]
// is simpler. A failure that breaks the connection panics with [http.ErrAbortHandler], as HTTP servers
// expect.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.answer(r).writeTo(w, r)
}

// answer answers a request, or applies a failure to it.
func (s *Server) answer(r *http.Request) answer {
	body, err := readBody(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.newCall(r, body)
	a := s.nextFailure(r).answer(c, func() answer { return s.rightAnswer(c, err) })
	s.remember(c, a.status)
	return a
}

// rightAnswer is the response without a failure. unread is the error of reading the body, if any.
func (s *Server) rightAnswer(c *call, unread error) answer {
	if err := cmp.Or(unread, c.admit()); err != nil {
		return c.failure(err)
	}
	s.settle()
	handle, err := s.find(c)
	if err != nil {
		return c.failure(err)
	}
	r, err := handle(s, c)
	if err != nil {
		return c.failure(err)
	}
	if id, ok := r.body["id"].(string); ok && r.status == http.StatusCreated {
		s.noteCreated(id)
	}
	s.settle()
	return c.success(r)
}

func (s *Server) newCall(r *http.Request, body []byte) *call {
	return &call{server: s, request: r, body: body, received: s.now(), requestID: newID()}
}

// readBody reads and decompresses a body, up to one byte more than is allowed.
func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	reader, err := decompressed(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(reader, maxBody+1))
	if err != nil {
		return body, odata.BadRequest("The request body could not be read.")
	}
	return body, nil
}

// decompressed reads the body of a request, which can be compressed by gzip.
func decompressed(r *http.Request) (io.Reader, error) {
	switch r.Header.Get("Content-Encoding") {
	case "", "identity":
		return r.Body, nil
	case "gzip":
		reader, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, odata.BadRequest("The request body could not be decompressed.")
		}
		return reader, nil
	}
	return nil, odata.NewFault(http.StatusUnsupportedMediaType, "The content encoding is not supported.")
}

// admit makes the checks that precede finding the resource.
func (c *call) admit() error {
	if err := c.server.authenticate(c.request); err != nil {
		return err
	}
	if c.request.Method == http.MethodPost && c.request.ContentLength < 0 {
		return odata.NewFault(http.StatusLengthRequired, "A Content-Length header is required.")
	}
	if len(c.body) > maxBody {
		return odata.NewFault(http.StatusRequestEntityTooLarge, "The request body is too large.")
	}
	return nil
}

func (s *Server) remember(c *call, status int) {
	query, err := c.query()
	if err != nil {
		query = nil
	}
	header := c.request.Header.Clone()
	header.Del("Authorization")
	s.log = append(s.log, Request{
		Time:   c.received,
		Method: c.request.Method,
		Path:   pathInArea(c.request.URL.Path),
		Query:  query,
		Header: header,
		Body:   c.body,
		Status: status,
	})
}

func pathInArea(path string) string {
	if rest, ok := strings.CutPrefix(path, areaRoot); ok && strings.HasPrefix(rest, "/") {
		return rest
	}
	return path
}

// SetQuirks replaces the quirks from now on. It changes responses, not what the simulator holds; the
// zero Quirks turn all of them off.
func (s *Server) SetQuirks(v Quirks) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quirks = v
}
