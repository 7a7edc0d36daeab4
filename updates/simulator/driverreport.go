package simulator

import (
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of reports of drivers.
const (
	driverReportType = "driverUpdateReport"
	driverStatusType = "driverUpdateDeviceStatus"
)

func driverReportTypes() types {
	return types{
		driverReportType: {
			Base:       "entity",
			Properties: "class text, displayName text, manufacturer text, releaseDateTime time, version text",
		},
		driverStatusType: {Base: "entity", Properties: "aadDeviceId text, clientState text, clientSubstate text"},
	}
}

func addDriverReportRoutes(add func(string, methods)) {
	const drivers = "data/drivers"
	add(drivers, methods{"GET": accepting(listOptions, (*Server).listDriverReports)})
	add(drivers+"/{}", methods{"GET": accepting(oneOptions, (*Server).getDriverReport)})
	add(drivers+"/{}/deviceStatuses", methods{"GET": accepting(listOptions, (*Server).listDriverStatuses)})
	add(drivers+"/{}/deviceStatuses/{}", methods{"GET": accepting(oneOptions, (*Server).getDriverStatus)})
}

// ReportDriver sets the state of a driver on a device of a driver policy, such as cancelled, until
// [Server.Install] or [Server.Uninstall] changes it. An empty substate is sent as null. Other states
// than the documented ones are preserved. ReportDriver changes nothing else. It returns an error if the
// driver does not exist, the device ID is not a GUID, or the state is empty.
func (s *Server) ReportDriver(driverID, deviceID, state, substate string) error {
	if state == "" {
		return invalid("state of a driver must not be empty")
	}
	if err := checkDeviceIDs([]string{deviceID}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	e, ok := s.entries.get(driverID)
	if !ok || e.kind() != driverType {
		return invalid("driver %q does not exist", driverID)
	}
	e.statuses[deviceID] = driverStatus{state, substate, e.statuses[deviceID].needed}
	return nil
}

// driverStatus is the state of a driver on a device.
type driverStatus struct {
	state    string
	substate string // empty: none
	needed   *match // of a device that installed the driver: why it needed it
}

// installDriver reports whether the device needed the driver.
func (e *entry) installDriver(deviceID string) bool {
	m, ok := e.matches.get(deviceID)
	if !ok {
		return false
	}
	e.matches.remove(deviceID)
	e.statuses[deviceID] = driverStatus{state: "installed", needed: m}
	return true
}

func (e *entry) uninstallDriver(deviceID string) bool {
	was := e.statuses[deviceID]
	if was.needed == nil {
		return false
	}
	e.matches.put(deviceID, was.needed)
	e.statuses[deviceID] = driverStatus{state: "uninstalled"}
	return true
}

// deviceStatus is a status with the device that has it.
type deviceStatus struct {
	driver   *entry
	deviceID string
	status   driverStatus
}

func (d deviceStatus) id() string { return idFrom("status", d.driver.id(), d.deviceID) }

// driverPolicies are the policies for drivers at a time, with what they approve.
type driverPolicies struct {
	at       time.Time
	rings    []*ring
	approved map[*ringPolicy][]approval
	devices  []*asset
}

func (s *Server) driverPolicies(at time.Time) driverPolicies {
	all := driverPolicies{at: at, approved: map[*ringPolicy][]approval{}, devices: s.devicesByKind()[driverType]}
	for _, p := range s.policies.all() {
		if p.kind.policy == driverPolicyType {
			all.rings = append(all.rings, p.rings.all()...)
			all.approved[p] = s.approvedBy(p)
		}
	}
	return all
}

// driverStatuses returns the statuses of a driver in all policies for drivers. A device has one, that of
// its first ring.
func (s *Server) driverStatuses(e *entry, in driverPolicies) []deviceStatus {
	found := &orderedMap[deviceStatus]{}
	for _, r := range in.rings {
		for _, id := range s.ringDevices(r) {
			if status, ok := s.statusIn(r, e, id, in); ok && !found.has(id) {
				found.put(id, deviceStatus{e, id, status})
			}
		}
	}
	return found.all()
}

// statusIn returns the status of a driver on a device of a ring, if it has one there.
func (s *Server) statusIn(r *ring, e *entry, deviceID string, in driverPolicies) (driverStatus, bool) {
	reported, ok := e.statuses[deviceID]
	offered, isOffered := r.progress.at[offerOf{e, deviceID}]
	decision := r.policy.decisionOn(e)
	switch {
	case ok:
		return reported, true
	case decision != nil && decision.status == suspended && isOffered:
		return driverStatus{state: "cancelled"}, true
	case decision != nil && decision.status == suspended:
		return driverStatus{state: "notOffering"}, e.matches.has(deviceID)
	case isOffered:
		return s.progressOf(e, deviceID, offered, in.at), true
	case !s.takesDriver(e, deviceID):
		return driverStatus{}, false
	}
	return r.waitingStatus(e, in.approved[r.policy], in.at)
}

// takesDriver reports whether a device can be offered a driver.
func (s *Server) takesDriver(e *entry, deviceID string) bool {
	a, ok := s.assets.get(deviceID)
	return ok && a.isEnrolled("driver") && e.matches.has(deviceID)
}

// waitingStatus is the status of a driver that was not offered yet, if it is approved.
func (r *ring) waitingStatus(e *entry, approved []approval, at time.Time) (driverStatus, bool) {
	i := slices.IndexFunc(approved, func(a approval) bool { return a.entry == e })
	switch {
	case i < 0:
		return driverStatus{}, false
	case r.paused:
		return driverStatus{state: "onHold", substate: "paused"}, true
	case r.due(approved[i], 0).After(at):
		return driverStatus{state: "offering", substate: "deferred"}, true
	}
	return driverStatus{state: "offering", substate: "offerReady"}, true
}

// progressOf is the status of a driver between the offer and its installation.
func (s *Server) progressOf(e *entry, deviceID string, offered, at time.Time) driverStatus {
	steps := []driverStatus{
		{state: "offering", substate: "offerReady"},
		{state: "offering", substate: "offerReceived"},
		{state: "installing", substate: "downloadStart"},
		{state: "installing", substate: "downloadComplete"},
		{state: "installing", substate: "installStart"},
	}
	if s.installWithin <= 0 {
		return steps[0]
	}
	passed := int64(at.Sub(offered)) * int64(len(steps)) / max(1, int64(s.installDelay(deviceID, e)))
	return steps[min(passed, int64(len(steps)-1))]
}

// isReported reports whether a driver has a status for a device, or a device of a policy needs it.
func (s *Server) isReported(e *entry, in driverPolicies) bool {
	return e.kind() == driverType && (len(s.matchesAmong(e, in.devices)) > 0 || len(s.driverStatuses(e, in)) > 0)
}

func (s *Server) listDriverReports(c *call) (reply, error) {
	in := s.driverPolicies(c.received)
	found := slices.DeleteFunc(s.entries.all(), func(e *entry) bool { return !s.isReported(e, in) })
	return c.page(driverReportType, "data/drivers", len(found), func(i int) object { return driverReport(found[i]) })
}

func (s *Server) getDriverReport(c *call) (reply, error) {
	e, _, err := s.reportedDriver(c)
	if err != nil {
		return reply{}, err
	}
	return c.one(driverReportType, "data/drivers/$entity", driverReport(e))
}

// reportedDriver finds the driver that a path names, and its policies.
func (s *Server) reportedDriver(c *call) (*entry, driverPolicies, error) {
	in := s.driverPolicies(c.received)
	e, ok := s.entries.get(c.ids[0])
	if !ok || !s.isReported(e, in) {
		return nil, in, odata.NotFound(driverReportType)
	}
	return e, in, nil
}

func (s *Server) listDriverStatuses(c *call) (reply, error) {
	e, in, err := s.reportedDriver(c)
	if err != nil {
		return reply{}, err
	}
	found := s.driverStatuses(e, in)
	context := "data/drivers('" + e.id() + "')/deviceStatuses"
	return c.page(driverStatusType, context, len(found), func(i int) object { return found[i].object() })
}

func (s *Server) getDriverStatus(c *call) (reply, error) {
	e, in, err := s.reportedDriver(c)
	if err != nil {
		return reply{}, err
	}
	for _, d := range s.driverStatuses(e, in) {
		if d.id() == c.ids[1] {
			return c.one(driverStatusType, "data/drivers('"+e.id()+"')/deviceStatuses/$entity", d.object())
		}
	}
	return reply{}, odata.NotFound(driverStatusType)
}

// driverReport renders a driver as it is sent.
func driverReport(e *entry) object {
	return object{
		"@odata.type":     "#" + namespace + driverReportType,
		"id":              e.id(),
		"displayName":     e.properties["displayName"],
		"manufacturer":    e.properties["manufacturer"],
		"class":           e.properties["driverClass"],
		"version":         e.properties["version"],
		"releaseDateTime": e.properties["releaseDateTime"],
	}
}

// object renders the status of a driver on a device as it is sent.
func (d deviceStatus) object() object {
	return object{
		"@odata.type":    "#" + namespace + driverStatusType,
		"id":             d.id(),
		"aadDeviceId":    d.deviceID,
		"clientState":    d.status.state,
		"clientSubstate": orNone(d.status.substate),
	}
}
