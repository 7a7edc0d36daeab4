package simulator

// addBuiltins fills the catalog that comes with the simulator, with products and known
// issues that fit it. Names, builds and articles are those of Windows; ids are
// made up, and the dates until which feature updates can be deployed lie far
// enough ahead to be used.
func (s *Server) addBuiltins() {
	for _, members := range append(builtinFeatures(), builtinQuality()...) {
		s.entries.put(textOf(members, "id"), newEntry(members))
	}
	for _, p := range builtinProducts() {
		s.products.put(p.id, p)
	}
	for _, i := range builtinIssues() {
		s.issues.put(i.id(), i)
	}
}
