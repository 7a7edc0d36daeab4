package simulator

import (
	"fmt"
	"sync"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Server is one tenant of the service, in memory. Create it with [New]; the zero value is not usable.
type Server struct {
	lag      time.Duration
	newLag   time.Duration
	pageSize int
	routes   []route
	steps    []step
	schema   odata.Schema
	key      []byte // signs the tokens
	seed     uint64

	installWithin time.Duration

	mu        sync.Mutex
	quirks    Quirks
	plans     []*plan       // failures to come, oldest first
	ahead     time.Duration // what Start and Advance added
	pending   []change      // accepted writes that have not taken effect, by time
	disturbed bool          // something changed since the last steps
	log       []Request
	alerts    []Alert
	created   map[string]time.Time // of objects that can be too new, by ID

	entries           orderedMap[*entry]
	products          orderedMap[*product]
	issues            orderedMap[*knownIssue]
	audiences         orderedMap[*audience]
	deployments       orderedMap[*deployment]
	assets            orderedMap[*asset]
	failures          orderedMap[[]string] // registration errors by device ID
	updatePolicies    orderedMap[*updatePolicy]
	policies          orderedMap[*ringPolicy]
	featureDevices    map[string]bool      // IDs of the devices in rings for feature updates
	entraGroups       orderedMap[[]string] // device IDs by group ID
	profiles          orderedMap[*profile]
	profilesOf        map[string][]*profile // by device ID, the one that was put last first
	installs          []plannedInstall
	connections       orderedMap[*connection]
	lostWorkspaces    orderedMap[bool]    // names in lower case
	idleSubscriptions orderedMap[bool]    // IDs in lower case
	processesData     bool                // a setting of the tenant
	apps              orderedMap[*mdmApp] // by IDs in lower case
}

// change is an accepted write that takes effect at a time.
type change struct {
	at    time.Time
	apply func(at time.Time)
}

// step does what happens automatically by a time, with everything as it is now.
type step func(s *Server, to time.Time)

// Now returns the simulator's time: time.Now, or the time that began at [Options].Start, plus what
// [Server.Advance] added, in whole steps of 100 nanoseconds.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// Advance moves the simulator's clock forward. Use it to test what a rollout does next week. Zero and
// negative durations do nothing, and tokens do not expire. Within testing/synctest Advance is not
// needed, because time.Now moves there.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += max(d, 0)
	s.settle()
}

// now is cut to the precision of the service, so that times in this package's API equal those in
// responses.
func (s *Server) now() time.Time {
	return time.Now().Add(s.ahead).UTC().Truncate(100 * time.Nanosecond)
}

// after schedules a change to take effect after the lag.
func (s *Server) after(apply func(at time.Time)) {
	s.pending = append(s.pending, change{s.now().Add(s.lag), apply})
}

// settle applies everything that is due by now: each change between the steps that were due before it
// and those that follow from it.
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

// disturb records that something changed, from which steps can follow.
func (s *Server) disturb() { s.disturbed = true }

// proceed takes all steps until a time.
func (s *Server) proceed(to time.Time) {
	for _, step := range s.steps {
		step(s, to)
	}
	s.disturbed = false
}

// invalid is the error of a method that a test called incorrectly.
func invalid(format string, args ...any) error { return fmt.Errorf("simulator: "+format, args...) }
