package simulator

// addBuiltins adds the built-in catalog, products, and known issues. Names, and most builds and articles,
// are those of Windows; IDs are made up. The dates until which feature updates can be deployed are far
// enough ahead to use them.
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
