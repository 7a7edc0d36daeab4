package catalog

import (
	"encoding/json"
	"time"
)

// Entry is an update that can be deployed: a *[FeatureUpdate], *[QualityUpdate],
// *[DriverUpdate], *[RecoveryUpdate] or *[UnknownEntry].
type Entry interface {
	// Common returns what all entries have.
	Common() *Base
	entry()
}

// Kind is the service's name of a kind of entry. A kind that this version does
// not know is kept as the service wrote it.
type Kind string

// The kinds of entries.
const (
	// KindFeature is a feature update: a new version of Windows.
	KindFeature Kind = "featureUpdateCatalogEntry"
	// KindQuality is a quality update: monthly or out of band.
	KindQuality Kind = "qualityUpdateCatalogEntry"
	// KindDriver is a driver or firmware.
	KindDriver Kind = "driverUpdateCatalogEntry"
	// KindRecovery is an update for quick machine recovery.
	KindRecovery Kind = "recoveryUpdateCatalogEntry"
)

// Base is what all entries have.
type Base struct {
	// ID is what deployments and approvals name: a GUID for feature updates, 64
	// hexadecimal digits for the others.
	ID string `json:"id"`
	// Kind is the kind of the entry.
	Kind Kind `json:"kind"`
	// DisplayName is a name for people; empty where the entry is embedded in a
	// deployment.
	DisplayName string `json:"displayName,omitempty"`
	// Released is when the content was released or last refreshed, in UTC; zero
	// where the entry is embedded in a deployment.
	Released time.Time `json:"releaseDateTime,omitzero"`
	// DeployableUntil is the last moment at which the content can be deployed,
	// in UTC; zero when no end is known.
	DeployableUntil time.Time `json:"deployableUntilDateTime,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// Common returns the Base itself.
func (b *Base) Common() *Base { return b }

func (b *Base) entry() {}

// DeployableAt reports whether the content can be deployed at t.
func (b *Base) DeployableAt(t time.Time) bool {
	return b.DeployableUntil.IsZero() || !t.After(b.DeployableUntil)
}

// FeatureUpdate is a new version of Windows.
type FeatureUpdate struct {
	Base
	// Version is the version of Windows, such as "Windows 11, version 24H2".
	Version string `json:"version,omitempty"`
	// Build is the build number, such as "26100".
	Build string `json:"buildNumber,omitempty"`
}

// QualityUpdate is a monthly or out-of-band update of Windows.
type QualityUpdate struct {
	Base
	// CatalogName is the name in the Microsoft Update Catalog.
	CatalogName string `json:"catalogName,omitempty"`
	// ShortName is a name such as "2026.10 B".
	ShortName string `json:"shortName,omitempty"`
	// Expeditable is whether the update can be expedited.
	Expeditable bool `json:"isExpeditable"`
	// Cadence is how the update is published.
	Cadence Cadence `json:"qualityUpdateCadence,omitempty"`
	// Classification is what the update contains.
	Classification Classification `json:"qualityUpdateClassification,omitempty"`
	// Severity is about the vulnerabilities that the update fixes; nil for an
	// update that fixes none.
	Severity *Severity `json:"cveSeverityInformation,omitempty"`
	// Revisions are the builds that the update makes; nil unless they were asked
	// for, and empty for updates from before 2023. They are perhaps only the first
	// where Incomplete says so.
	Revisions []Revision `json:"productRevisions,omitzero"`
	// Incomplete is whether the service sent only the first of Revisions. The lists
	// and searches of [Client] read the rest, so it is false there; of an entry from
	// elsewhere [ProductClient.ListByEntry] has the revisions.
	Incomplete bool `json:"incomplete,omitzero"`
}

// Cadence is how quality updates are published. Unknown values are kept.
type Cadence string

// The cadences.
const (
	// CadenceMonthly updates come once a month.
	CadenceMonthly Cadence = "monthly"
	// CadenceOutOfBand updates come when they are needed.
	CadenceOutOfBand Cadence = "outOfBand"
)

// Classification is what a quality update contains. Unknown values are kept.
type Classification string

// The classifications.
const (
	// ClassificationAll is both; filters and rules have it, entries do not.
	ClassificationAll Classification = "all"
	// ClassificationSecurity updates fix vulnerabilities.
	ClassificationSecurity Classification = "security"
	// ClassificationNonSecurity updates fix none.
	ClassificationNonSecurity Classification = "nonSecurity"
)

// Severity is how bad the vulnerabilities are that an update fixes.
type Severity struct {
	// Level is the highest severity: "critical", "important" or "moderate".
	Level string `json:"maxSeverity,omitempty"`
	// Score is the highest CVSS base score, 0 to 10; nil when it is not known.
	Score *float64 `json:"maxBaseScore,omitempty"`
	// Exploited are the vulnerabilities known to be exploited; empty for none, nil
	// where the service did not send the list.
	Exploited []CVE `json:"exploitedCves,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// CVE is one vulnerability.
type CVE struct {
	// Number is its number, such as "CVE-2026-1234".
	Number string `json:"number"`
	// URL is its page in Microsoft's Security Update Guide.
	URL string `json:"url,omitempty"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// Revision is one build of Windows that an update makes.
type Revision struct {
	// ID is the full build, such as "10.0.26100.2033".
	ID string `json:"id"`
	// DisplayName is a name for people.
	DisplayName string `json:"displayName,omitempty"`
	// Product is the family, such as "Windows 11".
	Product string `json:"product,omitempty"`
	// Version is the version of the family, such as "24H2".
	Version string `json:"version,omitempty"`
	// Hotpatch is whether devices can install it without a restart.
	Hotpatch bool `json:"isHotpatchUpdate"`
	// Released is when the build was released, in UTC; it can be some days
	// after the entry's date.
	Released time.Time `json:"releaseDateTime,omitzero"`
	// Build is the build in parts.
	Build Build `json:"osBuild"`
	// Article is the support article; nil when the service sent none.
	Article *Article `json:"knowledgeBaseArticle,omitempty"`
	// Entry is the entry that makes the revision; nil where the service left it
	// out, as it does within the revisions of an entry.
	Entry Entry `json:"catalogEntry,omitempty"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// Build is a four-part build number of Windows.
type Build struct {
	// Major is the first part, 10.
	Major int `json:"majorVersion"`
	// Minor is the second part, 0.
	Minor int `json:"minorVersion"`
	// Number is the third part, such as 26100.
	Number int `json:"buildNumber"`
	// Revision is the fourth part, such as 2033.
	Revision int `json:"updateBuildRevision"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// Article is a support article of Microsoft.
type Article struct {
	// ID is its number with prefix, such as "KB5045594".
	ID string `json:"id"`
	// URL is its address.
	URL string `json:"url,omitempty"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// DriverUpdate is a driver or firmware.
type DriverUpdate struct {
	Base
	// Description says what it is for.
	Description string `json:"description,omitempty"`
	// Class is the device class, such as "Firmware".
	Class string `json:"driverClass,omitempty"`
	// Manufacturer makes the hardware.
	Manufacturer string `json:"manufacturer,omitempty"`
	// Provider publishes the driver.
	Provider string `json:"provider,omitempty"`
	// SetupFile is the name of the INF file.
	SetupFile string `json:"setupInformationFile,omitempty"`
	// Version is the version of the driver.
	Version string `json:"version,omitempty"`
	// VersionDate is the date of that version, in UTC; zero when unknown.
	VersionDate time.Time `json:"versionDateTime,omitzero"`
}

// RecoveryUpdate is an update for quick machine recovery.
type RecoveryUpdate struct {
	Base
	// CatalogName is the name in the Microsoft Update Catalog.
	CatalogName string `json:"catalogName,omitempty"`
	// Revisions are the builds that the update is for; nil unless they were asked
	// for. They are perhaps only the first where Incomplete says so.
	Revisions []Revision `json:"productRevisions,omitzero"`
	// Incomplete is whether the service sent only the first of Revisions; see
	// [QualityUpdate.Incomplete].
	Incomplete bool `json:"incomplete,omitzero"`
}

// UnknownEntry is an entry of a kind that this version does not know. Its members
// are in Extra.
type UnknownEntry struct {
	Base
}
