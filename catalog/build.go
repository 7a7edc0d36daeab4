package catalog

import (
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// windows is what the builds of all versions begin with.
const windows = "10.0."

// makes reports whether the revision is a build such as "26100.2033", or one of a
// version such as "26100".
func (r Revision) makes(build string) bool {
	own, build := strings.TrimPrefix(r.ID, windows), strings.TrimPrefix(build, windows)
	return own == build || strings.HasPrefix(own, build+".")
}

// checkFeatureBuild and checkQualityBuild refuse what no build looks like: an
// article such as KB5044284 would find nothing.
func checkFeatureBuild(build string) error {
	if build == "" || isNumber(build) {
		return nil
	}
	return &apierr.FieldError{Field: "FeatureQuery.Build", Value: strconv.Quote(build), Rule: "must be a number such as 26100"}
}

func checkQualityBuild(build string) error {
	version, revision, both := strings.Cut(strings.TrimPrefix(build, windows), ".")
	if build == "" || isNumber(version) && (!both || isNumber(revision)) {
		return nil
	}
	return &apierr.FieldError{Field: "QualityQuery.Build", Value: strconv.Quote(build), Rule: "must be a build such as 26100.2033 or 26100"}
}

func isNumber(text string) bool {
	_, err := strconv.ParseUint(text, 10, 32)
	return err == nil
}
