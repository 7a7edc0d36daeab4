package simulator

// AddDriver adds a driver to what Microsoft publishes and returns its id. It is
// named after the three and released now. /catalog/entries does not list it:
// callers find it in the applicable content of an audience once
// [Server.MakeApplicable] says which devices need it. [Server.AddEntry] makes
// drivers with other members.
func (s *Server) AddDriver(manufacturer, class, version string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := newEntry(object{
		"@odata.type":             "#" + namespace + driverType,
		"id":                      newEntryID(driverType),
		"displayName":             manufacturer + " - " + class + " - " + version,
		"releaseDateTime":         timestamp(s.now()),
		"deployableUntilDateTime": nil,
		"description":             manufacturer + " " + class + " driver update",
		"driverClass":             class,
		"manufacturer":            manufacturer,
		"provider":                manufacturer,
		"setupInformationFile":    nil,
		"version":                 version,
		"versionDateTime":         timestamp(s.now()),
	})
	s.entries.put(e.id(), e)
	return e.id()
}
