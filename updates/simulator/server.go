package simulator

import (
	"fmt"
	"sync"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Server is one tenant of the service, in memory. Make it with [New]; the zero
// value is not usable. All its methods may be called by several goroutines.
type Server struct {
	lag      time.Duration
	pageSize int
	routes   []route
	steps    []step
	schema   odata.Schema
	key      []byte // signs the tokens

	mu        sync.Mutex
	quirks    Quirks
	plans     []*plan       // failures to come, oldest first
	ahead     time.Duration // what Advance added
	pending   []change      // accepted writes that do not show yet, by time
	disturbed bool          // something changed since the last steps
	log       []Request
	alerts    []Alert

	entries           orderedMap[*entry]
	products          orderedMap[*product]
	issues            orderedMap[*knownIssue]
	audiences         orderedMap[*audience]
	deployments       orderedMap[*deployment]
	assets            orderedMap[*asset]
	failures          orderedMap[[]string] // registration errors by device id
	updatePolicies    orderedMap[*updatePolicy]
	policies          orderedMap[*qualityPolicy]
	entraGroups       orderedMap[[]string] // device ids by group id
	connections       orderedMap[*connection]
	lostWorkspaces    orderedMap[bool]    // names in lower case
	idleSubscriptions orderedMap[bool]    // ids in lower case
	processesData     bool                // a setting of the tenant
	apps              orderedMap[*mdmApp] // by ids in lower case
}

// change is an accepted write that shows at its time.
type change struct {
	at    time.Time
	apply func(at time.Time)
}

// step lets something happen by itself that falls due until a time, with everything as
// it is now.
type step func(s *Server, to time.Time)

// Now is the simulator's time: time.Now and what [Server.Advance] added, in UTC and
// in whole steps of 100 nanoseconds.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// Advance moves the simulator's clock forward, so that a test sees what a rollout
// does next week. Zero and negative durations do nothing. Tokens do not grow
// older. Within testing/synctest it is not needed, because there time.Now moves.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += max(d, 0)
	s.settle()
}

// now is cut to what the service can write, so that a time in this package's API
// equals the one in a response.
func (s *Server) now() time.Time {
	return time.Now().Add(s.ahead).UTC().Truncate(100 * time.Nanosecond)
}

// after lets a change show when the lag is over.
func (s *Server) after(apply func(at time.Time)) {
	s.pending = append(s.pending, change{s.now().Add(s.lag), apply})
}

// settle brings everything up to the present: changes whose time has come show,
// each between the steps that were due before it and those that follow from it.
func (s *Server) settle() {
	now := s.now()
	for len(s.pending) > 0 && !s.pending[0].at.After(now) {
		next := s.pending[0]
		s.pending = s.pending[1:]
		s.proceed(next.at)
		next.apply(next.at)
		s.disturb()
		s.proceed(next.at)
	}
	s.proceed(now)
}

// disturb says that something changed, from which the next steps may follow.
func (s *Server) disturb() { s.disturbed = true }

// proceed takes all steps until a time.
func (s *Server) proceed(to time.Time) {
	for _, step := range s.steps {
		step(s, to)
	}
	s.disturbed = false
}

// invalid is the error of a method that a test calls wrongly.
func invalid(format string, args ...any) error { return fmt.Errorf("simulator: "+format, args...) }
