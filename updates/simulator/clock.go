package simulator

import "time"

// change is an accepted write that shows at its time.
type change struct {
	at    time.Time
	apply func(at time.Time)
}

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
// each between the offers that were due before it and those that follow from it.
func (s *Server) settle() {
	now := s.now()
	for len(s.pending) > 0 && !s.pending[0].at.After(now) {
		next := s.pending[0]
		s.pending = s.pending[1:]
		s.offerUntil(next.at)
		next.apply(next.at)
		s.disturbed = true
		s.offerUntil(next.at)
	}
	s.offerUntil(now)
}
