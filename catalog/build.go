package catalog

import (
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// windows is the prefix of the builds of all versions.
const windows = "10.0."

// String returns the full build, such as "10.0.26100.2033". A part that could not be read is "?".
func (b Build) String() string {
	return b.part("majorVersion", b.Major) + "." + b.part("minorVersion", b.Minor) + "." +
		b.part("buildNumber", b.Number) + "." + b.part("updateBuildRevision", b.Revision)
}

func (b Build) part(property string, value int) string {
	if b.Extra[property] != nil {
		return "?"
	}
	return strconv.Itoa(value)
}

// hasBuild says whether the revision is a build such as "26100.2033", or a build of a version such as
// "26100". The parts of the build count if the ID is not a build.
func (r Revision) hasBuild(build string) answer {
	const parts = "osBuild"
	switch unread := r.Build.Unread(); {
	case matchesBuild(r.ID, build), r.Build.Number != 0 && len(unread) == 0 && matchesBuild(r.Build.String(), build):
		return known(true)
	case checkWholeBuild(r.ID) == nil:
		return known(false)
	case len(unread) > 0:
		return answer{unread: parts + "." + unread[0]}
	}
	return decidedBy(parts, r.Extra, false)
}

func matchesBuild(own, build string) bool {
	own, build = strings.TrimPrefix(own, windows), strings.TrimPrefix(build, windows)
	return own == build || strings.HasPrefix(own, build+".")
}

// last returns the last part of the build, from the ID if the parts do not have it.
func (r Revision) last() int {
	if r.Build.Revision != 0 {
		return r.Build.Revision
	}
	n, _ := strconv.Atoi(r.ID[strings.LastIndexByte(r.ID, '.')+1:]) // 0 for an id that is no build
	return n
}

// checkFeatureBuild and checkQualityBuild reject values that are not builds: an article such as KB5044284
// would find nothing.
func checkFeatureBuild(build string) error {
	if build == "" || isNumber(build) {
		return checkZeros("FeatureQuery.Build", build)
	}
	return &apierr.FieldError{
		Field: "FeatureQuery.Build", Value: strconv.Quote(build), Rule: "must be a number such as 26100",
	}
}

func checkQualityBuild(build string) error {
	version, revision, both := strings.Cut(strings.TrimPrefix(build, windows), ".")
	if build == "" || isNumber(version) && (!both || isNumber(revision)) {
		return checkZeros("QualityQuery.Build", build)
	}
	return &apierr.FieldError{Field: "QualityQuery.Build", Value: strconv.Quote(build),
		Rule: "must be a build such as 26100.2033 or 26100"}
}

// checkWholeBuild requires a build with its last part.
func checkWholeBuild(build string) error {
	version, revision, _ := strings.Cut(strings.TrimPrefix(build, windows), ".")
	if isNumber(version) && isNumber(revision) {
		return checkZeros("build", build)
	}
	return &apierr.FieldError{Field: "build", Value: strconv.Quote(build), Rule: "must be a build such as 26100.2033"}
}

// checkZeros rejects numbers that the service does not write, because they would find nothing.
func checkZeros(field, build string) error {
	for part := range strings.SplitSeq(build, ".") {
		if len(part) > 1 && part[0] == '0' {
			return &apierr.FieldError{Field: field, Value: strconv.Quote(build), Rule: "must have no leading zeros"}
		}
	}
	return nil
}

// checkVersion rejects surrounding spaces, because the version would not be found.
func checkVersion(field, version string) error {
	if version == strings.TrimSpace(version) {
		return nil
	}
	return &apierr.FieldError{Field: field, Value: strconv.Quote(version), Rule: "must have no surrounding spaces"}
}

func isNumber(text string) bool {
	_, err := strconv.ParseUint(text, 10, 32)
	return err == nil
}
