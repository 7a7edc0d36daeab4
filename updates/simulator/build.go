package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// osBuild is a build of Windows, such as 26100.7171: builds with the same number are one version.
type osBuild struct{ number, revision int }

// parseBuild reads the last two numbers of a build, such as 10.0.26100.7171.
func parseBuild(text string) (osBuild, bool) {
	parts := strings.Split(text, ".")
	if len(parts) < 2 {
		return osBuild{}, false
	}
	number, err := strconv.Atoi(parts[len(parts)-2])
	revision, err2 := strconv.Atoi(parts[len(parts)-1])
	return osBuild{number, revision}, err == nil && err2 == nil
}

func (b osBuild) String() string { return fmt.Sprintf("10.0.%d.%d", b.number, b.revision) }

// otherCore is the number of Windows 11, version 26H1, which is not an update of the other versions.
const otherCore = 28000

// sharesCore reports whether two versions have the same revisions. Such a feature update changes the
// number only.
func sharesCore(a, b int) bool {
	same := []int{26100, 26200, 26300}
	return slices.Contains(same, a) && slices.Contains(same, b)
}

// isReachable reports whether a feature update leads from a version to another.
func isReachable(from, to int) bool { return to > from && to != otherCore && from != otherCore }

// revision is a build that an entry installs.
type revision struct {
	build    osBuild
	hotpatch bool
}

// readRevisions reads those of an entry. One whose ID is no build has the zero build.
func readRevisions(properties object) []revision {
	var found []revision
	items, _ := properties["productRevisions"].([]any)
	for _, item := range items {
		r, _ := item.(object)
		b, _ := parseBuild(textOf(r, "id"))
		found = append(found, revision{b, r["isHotpatchUpdate"] == true})
	}
	return found
}

// cumulativeFor is the revision of an entry for a version that is not a hotpatch, or 0.
func (e *entry) cumulativeFor(number int) int { return e.revisionFor(number, false) }

// hotpatchFor is the revision of the hotpatch of an entry for a version, or 0.
func (e *entry) hotpatchFor(number int) int { return e.revisionFor(number, true) }

func (e *entry) revisionFor(number int, hotpatch bool) int {
	for _, r := range e.revisions {
		if r.build.number == number && r.hotpatch == hotpatch {
			return r.build.revision
		}
	}
	return 0
}

// target is the build number that a feature update installs, or 0.
func (e *entry) target() int { return whole(textOf(e.properties, "buildNumber")) }

// applies reports whether an entry is newer than a build. A device that has the hotpatch of an entry or
// a later one does not need the entry.
func (s *Server) applies(e *entry, b osBuild) bool {
	if e.kind() == featureType {
		return isReachable(b.number, e.target())
	}
	cumulative, hotpatch := e.cumulativeFor(b.number), e.hotpatchFor(b.number)
	switch {
	case e.kind() != qualityType || hotpatch > 0 && hotpatch <= b.revision && s.isHotpatch(b):
		return false
	case cumulative == 0:
		return s.takesHotpatch(e, b)
	}
	return cumulative > b.revision
}

// isHotpatch reports whether a build is that of a hotpatch.
func (s *Server) isHotpatch(b osBuild) bool {
	return slices.ContainsFunc(s.entries.all(), func(e *entry) bool { return e.hotpatchFor(b.number) == b.revision })
}

// built returns the build after installing an entry, with its hotpatch if that is wanted and fits the
// build.
func (s *Server) built(e *entry, b osBuild, hotpatch bool, at time.Time) osBuild {
	if e.kind() == featureType {
		return s.upgraded(b, e.target(), at)
	}
	if hotpatch && s.takesHotpatch(e, b) {
		return osBuild{b.number, e.hotpatchFor(b.number)}
	}
	return osBuild{b.number, e.cumulativeFor(b.number)}
}

// upgraded keeps the revision if the versions share their core. Otherwise it is the newest.
func (s *Server) upgraded(b osBuild, number int, at time.Time) osBuild {
	if sharesCore(b.number, number) {
		return osBuild{number, b.revision}
	}
	newest := 1
	for _, e := range s.entries.all() {
		if e.kind() == qualityType && !e.released.After(at) {
			newest = max(newest, e.cumulativeFor(number))
		}
	}
	return osBuild{number, newest}
}

// takesHotpatch reports whether the hotpatch of an entry fits a build: that is the newest baseline before
// the entry, or a hotpatch on it.
func (s *Server) takesHotpatch(e *entry, b osBuild) bool {
	if e.hotpatchFor(b.number) <= b.revision {
		return false
	}
	baseline := s.baselineBefore(e, b.number)
	if baseline == nil {
		return false
	}
	if baseline.cumulativeFor(b.number) == b.revision {
		return true
	}
	return slices.ContainsFunc(s.entries.all(), func(other *entry) bool {
		return other.hotpatchFor(b.number) == b.revision && other.supersedes(baseline)
	})
}

// baselineBefore returns the newest monthly security update before an entry that has no hotpatch for a
// version, or nil.
func (s *Server) baselineBefore(e *entry, number int) *entry {
	var newest *entry
	for _, other := range s.entries.all() {
		if other.isBaseline(number) && e.supersedes(other) && (newest == nil || other.supersedes(newest)) {
			newest = other
		}
	}
	return newest
}

func (e *entry) isBaseline(number int) bool {
	return e.kind() == qualityType && textOf(e.properties, "qualityUpdateCadence") == "monthly" &&
		textOf(e.properties, "qualityUpdateClassification") == "security" &&
		e.cumulativeFor(number) > 0 && e.hotpatchFor(number) == 0
}
