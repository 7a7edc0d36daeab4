package faults

import (
	"fmt"
	"strings"
)

// fault is a way in which the service misbehaves.
type fault int

const (
	none fault = iota

	// The request has no effect.

	notFound          // 404
	gone              // 410
	conflicted        // 409 or 423
	throttled         // 429 without Retry-After
	throttledFor      // 429 with seconds in Retry-After
	throttledFraction // 429 with "1.5" in Retry-After
	failedBefore      // 500, 502, 503, or 504
	errorBefore       // 200 with an error as body
	lostBefore        // the connection breaks
	hungBefore        // there is no response

	// The request has an effect, and the program does not learn it.

	failedAfter // 500, 502, 503, or 504
	errorAfter  // 200 with an error as body
	lostAfter   // the connection breaks
	brokenOff   // the response breaks off
	hungAfter   // there is no response
	lostEarly   // the connection breaks, and the effect comes up to a minute later

	// A response comes from a replica that lags behind.

	oldCopy  // a read shows an older state
	unlisted // a list lacks a new object
	unborn   // a new object is not found

	// Documented and observed behavior that makes conclusions difficult.

	lateState        // the effective state follows half a minute or more after the requested one
	unnamedAudience  // a deployment or policy does not name its audience
	lateWrite        // an accepted change takes effect after 20 to 60 seconds
	unpopulated      // 404 for the members or exclusions of an audience that never had any
	ownedByIntune    // 404 for the members of an audience, whose changes are accepted and dropped
	groupsAsDevices  // the groups of an audience are listed as their enrolled devices
	emptyEntryID     // an embedded entry of a quality update has an empty ID
	silentPause      // a monitoring rule has paused a deployment, and there are no reasons
	rejectedRules    // 400 for a change of the rules of a policy
	rejectedDeletion // 400 for the deletion of an approval
	dateAhead        // the header Date is ahead of createdDateTime
	dateBehind       // the header Date is behind

	// Another program changes something before the request is served.

	otherMembers
	otherDeployment // created
	otherState      // paused, resumed, archived, or deleted
	otherApproval
	otherEnrollment

	faultCount
)

var faultNames = [faultCount]string{
	"none",
	"notFound", "gone", "conflicted", "throttled", "throttledFor", "throttledFraction", "failedBefore",
	"errorBefore", "lostBefore", "hungBefore",
	"failedAfter", "errorAfter", "lostAfter", "brokenOff", "hungAfter", "lostEarly",
	"oldCopy", "unlisted", "unborn",
	"lateState", "unnamedAudience", "lateWrite", "unpopulated", "ownedByIntune", "groupsAsDevices",
	"emptyEntryID", "silentPause", "rejectedRules", "rejectedDeletion", "dateAhead", "dateBehind",
	"otherMembers", "otherDeployment", "otherState", "otherApproval", "otherEnrollment",
}

func (f fault) String() string { return faultNames[f] }

// replaces reports whether a fault takes the place of the proper response, so that a
// request has one of them at most.
func (f fault) replaces() bool { return f >= notFound && f <= unborn }

// isAfter reports whether a request with this fault has an effect.
func (f fault) isAfter() bool { return f >= failedAfter && f <= lostEarly }

// rates say how often the service has a fault: from 0, never, to 1, wherever it can.
type rates [faultCount]float64

// hits count how often a fault was in a response, or changed something.
type hits [faultCount]int

func (h *hits) add(other hits) {
	for f, n := range other {
		h[f] += n
	}
}

func (h *hits) String() string {
	var b strings.Builder
	for f := none + 1; f < faultCount; f++ {
		fmt.Fprintf(&b, "%8d %v\n", h[f], f)
	}
	return b.String()
}
