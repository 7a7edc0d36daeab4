package simulator

// noteCreated starts the time in which requests for a new object get 404.
func (s *Server) noteCreated(id string) {
	if s.newLag > 0 {
		s.created[id] = s.now()
	}
}

// isTooNew reports whether requests for an object still get 404.
func (s *Server) isTooNew(id string) bool {
	at, ok := s.created[id]
	return ok && s.now().Sub(at) < s.newLag
}
