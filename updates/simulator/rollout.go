package simulator

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Offers returns the offers that a deployment has made so far, sorted by time, then by device ID. A
// device has at most one offer of the content and one of the fallback, which remain when it leaves the
// audience. The result is nil if the deployment does not exist.
func (s *Server) Offers(deploymentID string) []Offer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	d, ok := s.deployments.get(deploymentID)
	if !ok {
		return nil
	}
	offers := slices.Clone(d.progress.offers)
	slices.SortStableFunc(offers, func(a, b Offer) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.DeviceID, b.DeviceID))
	})
	return offers
}

// offerUpdates makes the offers of all deployments that are due by a time.
func (s *Server) offerUpdates(to time.Time) {
	for _, d := range s.deployments.all() {
		next := d.nextWindow(d.progress.until)
		if s.disturbed || !next.IsZero() && !next.After(to) {
			s.roll(d, to)
		}
		d.progress.until = to
	}
}

// roll makes the offers of one deployment, window by window, until no device waits.
func (s *Server) roll(d *deployment, to time.Time) {
	before := len(d.progress.offers)
	at := d.nextWindow(d.progress.until)
	for !at.IsZero() && at.Before(to) && d.offerAt(at, s.mayOffer) {
		at = d.nextWindow(at)
	}
	d.offerAt(to, s.mayOffer)
	for _, o := range d.progress.offers[before:] {
		if !o.Fallback && s.installWithin > 0 {
			s.planInstall(o.DeviceID, d.content, d.offersHotpatch(s.hotpatches(o.DeviceID)), o.At)
		}
	}
	s.alert(d, to)
}

// mayOffer reports whether an entry can be offered to a device that is enrolled.
type mayOffer func(*entry, *asset) bool

// mayOffer rejects feature updates for devices without a policy, if a quirk says so.
func (s *Server) mayOffer(e *entry, device *asset) bool {
	return !s.quirks.FeatureUpdatesNeedPolicy || e.kind() != featureType || s.stateIn("feature", device) == byPolicy
}

// offersHotpatch is the setting of a deployment, or that of the device.
func (d *deployment) offersHotpatch(otherwise bool) bool {
	if d.settings.experience == nil {
		return otherwise
	}
	return or(d.settings.experience.hotpatch, otherwise)
}

// nextWindow is when the next window after a time begins, or the zero time if none begins by the clock
// alone.
func (d *deployment) nextWindow(after time.Time) time.Time {
	begin := d.begin()
	switch {
	case begin.IsZero():
		return time.Time{}
	case after.Before(begin):
		return begin
	case !d.isGradual():
		return time.Time{}
	}
	return d.windowAt(after).Add(d.interval())
}

// windowAt is when the window that contains a time began.
func (d *deployment) windowAt(at time.Time) time.Time {
	passed := at.Sub(d.begin()) / d.interval()
	return d.begin().Add(passed * d.interval())
}

// begin is when the rollout begins: at the start of its schedule, or with the first devices, but not
// before the deployment was created.
func (d *deployment) begin() time.Time {
	start := d.start()
	if start.IsZero() {
		return d.progress.began
	}
	if start.Before(d.created) {
		return d.created
	}
	return start
}

func (d *deployment) interval() time.Duration {
	return time.Duration(d.settings.schedule.rollout.every) * day
}

func (d *deployment) isGradual() bool {
	return d.settings.schedule != nil && d.settings.schedule.rollout.isGradual()
}

func (r *rollout) isGradual() bool { return r.kind != rateDriven || r.devices > 0 }

// offerAt makes the offers that are due at a time, and reports whether devices still wait.
func (d *deployment) offerAt(at time.Time, may mayOffer) bool {
	if !d.isOffering(at) || d.isReadinessTest() {
		return false
	}
	waiting, ineligible := d.waiting(may)
	if d.hasFallback() {
		d.offer(at, ineligible, true)
	}
	if len(waiting) == 0 {
		return false
	}
	now, later := d.split(at, waiting)
	d.offer(at, now, false)
	return len(later) > 0
}

// waiting returns the devices without an offer, in the order of the rollout: those that can install
// the content, and those that cannot.
func (d *deployment) waiting(may mayOffer) (eligible, ineligible []*asset) {
	for _, device := range d.audience.devices() {
		switch {
		case !d.content.isManagedOn(device) || !d.needs(device) || !may(d.content, device):
		case d.ineligible[device.id] && !d.progress.fallback[device.id]:
			ineligible = append(ineligible, device)
		case !d.ineligible[device.id] && !d.progress.offered[device.id]:
			eligible = append(eligible, device)
		}
	}
	slices.SortFunc(eligible, func(a, b *asset) int { return strings.Compare(a.order, b.order) })
	return eligible, ineligible
}

// needs reports whether the content of a deployment is for a device. Only drivers depend on
// applicability; devices decide about other content.
func (d *deployment) needs(device *asset) bool {
	if d.content.kind() != driverType {
		return true
	}
	m, ok := d.content.matches.get(device.id)
	if !ok {
		return false
	}
	a := d.settings.applicability
	return a == nil || len(a.recommendedBy) == 0 || m.isRecommendedBy(a.recommendedBy...)
}

// split returns the waiting devices that are offered the content at a time.
func (d *deployment) split(at time.Time, waiting []*asset) (now, later []*asset) {
	p := &d.progress
	if p.began.IsZero() {
		p.began = at
	}
	if !d.isGradual() {
		return waiting, nil
	}
	batched, others := d.batched(waiting)
	if window := d.windowAt(at); !window.Equal(p.window) {
		p.window, p.left = window, d.batch(window, len(batched))
	}
	n := min(p.left, len(batched))
	p.left -= n
	return append(others, batched[:n]...), batched[n:]
}

// batched separates the waiting devices that are offered in batches from those that came later to a
// rollout with an end, which do not wait.
func (d *deployment) batched(waiting []*asset) (batched, others []*asset) {
	if d.settings.schedule.rollout.kind == rateDriven {
		return waiting, nil
	}
	p := &d.progress
	if p.batched == nil {
		p.batched = map[string]bool{}
		for _, device := range waiting {
			p.batched[device.id] = true
		}
	}
	for _, device := range waiting {
		if p.batched[device.id] {
			batched = append(batched, device)
		} else {
			others = append(others, device)
		}
	}
	return batched, others
}

// batch is how many of n devices are offered the content in a window. The windows before an end share
// the devices.
func (d *deployment) batch(window time.Time, n int) int {
	r := d.settings.schedule.rollout
	if r.kind == rateDriven {
		return r.devices
	}
	end := r.end
	if r.kind == durationDriven {
		end = d.begin().Add(time.Duration(r.lasts) * day)
	}
	windows := max(ceil(int64(end.Sub(window)), int64(d.interval())), 1)
	return int(ceil(int64(n), windows))
}

func (d *deployment) offer(at time.Time, devices []*asset, fallback bool) {
	p := &d.progress
	for _, device := range devices {
		p.offers = append(p.offers, Offer{device.id, at, fallback})
		if fallback {
			p.fallback[device.id] = true
		} else {
			p.offered[device.id] = true
		}
	}
}
