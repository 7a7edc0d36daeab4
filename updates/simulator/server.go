package simulator

import (
	"cmp"
	"net/http"
	"sync"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Options shape a simulator when it is made.
type Options struct {
	// Lag is how long an accepted write (status 202) takes to show. Zero or less
	// means at once. Other writes always show at once.
	Lag time.Duration
	// PageSize is the largest number of items in a page of a list. Zero or less
	// means 100.
	PageSize int
	// Empty leaves out the catalog that comes with the simulator, with its products
	// and known issues. False keeps them.
	Empty bool
	// Vices are those to begin with. [Server.Behave] replaces them.
	Vices Vices
}

// Server is one tenant of the service, in memory. Make it with [New]; the zero
// value is not usable. All its methods may be called by several goroutines.
type Server struct {
	lag      time.Duration
	pageSize int
	routes   []route
	schema   odata.Schema
	key      []byte // signs the tokens

	mu        sync.Mutex
	vices     Vices
	plans     []*plan       // failures to come, oldest first
	ahead     time.Duration // what Advance added
	pending   []change      // accepted writes that do not show yet, by time
	disturbed bool          // something changed since the last offers were made
	log       []Request
	alerts    []Alert

	entries           shelf[*entry]
	products          shelf[*product]
	issues            shelf[*knownIssue]
	audiences         shelf[*audience]
	deployments       shelf[*deployment]
	assets            shelf[*asset]
	failures          map[string][]string // registration errors by device id
	updatePolicies    shelf[*updatePolicy]
	policies          shelf[*qualityPolicy]
	entraGroups       map[string][]string // device ids by group id
	connections       shelf[*connection]
	lostWorkspaces    map[string]bool // names in lower case
	idleSubscriptions map[string]bool // ids in lower case
	processesData     bool            // a setting of the tenant
	apps              shelf[*mdmApp]  // by ids in lower case
}

// New makes a tenant with a catalog, products and known issues, and nothing else.
// Nil options are the defaults.
func New(opts *Options) *Server {
	if opts == nil {
		opts = &Options{}
	}
	s := &Server{
		lag:      max(opts.Lag, 0),
		pageSize: opts.PageSize,
		routes:   allRoutes(),
		schema:   newSchema(),
		key:      randomBytes(32),
		vices:    opts.Vices,

		failures:          map[string][]string{},
		entraGroups:       map[string][]string{},
		lostWorkspaces:    map[string]bool{},
		idleSubscriptions: map[string]bool{},
	}
	if s.pageSize <= 0 {
		s.pageSize = 100
	}
	if !opts.Empty {
		s.stock()
	}
	return s
}

// ServeHTTP answers one request, so that the simulator can be given to an HTTP
// server. Without a need for a port [Server.Transport] is simpler. A failure that
// breaks the connection panics with [http.ErrAbortHandler], which an HTTP server
// takes for just that.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.answer(r).writeTo(w, r)
}

// answer answers a request, or lets it fail.
func (s *Server) answer(r *http.Request) answer {
	body, err := readBody(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.newCall(r, body)
	a := s.nextFailure(c).answer(c, func() answer { return s.rightAnswer(c, err) })
	s.remember(c, a.status)
	return a
}

// rightAnswer is that of a call whose body could be read, or could not.
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
	s.settle()
	return c.success(r)
}
