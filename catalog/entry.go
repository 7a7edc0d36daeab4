package catalog

import (
	"encoding/json"
	"time"
)

// Entry is an update in the catalog: a *[FeatureUpdate], *[QualityUpdate], *[DriverUpdate],
// *[RecoveryUpdate], or *[UnknownEntry].
type Entry interface {
	// Common returns the properties that all entries have.
	Common() *Base
	entry()
}

// Kind is the service's name of a kind of entry.
type Kind string

// The kinds of entries.
const (
	// KindFeature is a feature update: a new version of Windows.
	KindFeature Kind = "featureUpdateCatalogEntry"
	// KindQuality is a quality update: monthly or out of band.
	KindQuality Kind = "qualityUpdateCatalogEntry"
	// KindDriver is a driver or firmware update.
	KindDriver Kind = "driverUpdateCatalogEntry"
	// KindRecovery is an update for quick machine recovery.
	KindRecovery Kind = "recoveryUpdateCatalogEntry"
)

// Base has the properties that all entries have.
type Base struct {
	// ID identifies the entry in deployments and approvals: a GUID for feature updates, 64 hexadecimal
	// digits for other kinds.
	ID string `json:"id"`
	// Kind is the kind of the entry.
	Kind Kind `json:"kind"`
	// DisplayName is a human-readable name; empty if the entry is embedded in a deployment.
	DisplayName string `json:"displayName,omitempty"`
	// Released is when the content was released or last refreshed; zero if the entry is embedded in a
	// deployment.
	Released time.Time `json:"releaseDateTime,omitzero"`
	// DeployableUntil is the last time at which the content can be deployed; zero if there is no known
	// end.
	DeployableUntil time.Time `json:"deployableUntilDateTime,omitzero"`
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// Common returns b.
func (b *Base) Common() *Base { return b }

func (b *Base) entry() {}

// DeployableAt reports whether the content can be deployed at t. If the end could not be read, it is
// unknown, and the result is false; see [Base.Unread].
func (b *Base) DeployableAt(t time.Time) bool {
	if b.DeployableUntil.IsZero() {
		return b.Extra["deployableUntilDateTime"] == nil
	}
	return !t.After(b.DeployableUntil)
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
	// Expeditable reports whether the update can be expedited.
	Expeditable bool `json:"isExpeditable"`
	// Cadence is the publishing cadence.
	Cadence Cadence `json:"qualityUpdateCadence,omitempty"`
	// Classification is security or non-security.
	Classification Classification `json:"qualityUpdateClassification,omitempty"`
	// Severity describes the vulnerabilities that the update fixes; nil if it fixes none.
	Severity *Severity `json:"cveSeverityInformation,omitempty"`
	// Revisions are the builds that the update installs; nil if they were not requested, and empty for
	// updates released before 2023. The list is partial if Incomplete is true.
	Revisions []Revision `json:"productRevisions,omitzero"`
	// Incomplete reports whether the service sent only the first revisions. The lists and searches of
	// [Client] read all revisions, so it is false there. For an entry from another source, use
	// [ProductClient.ListByEntry].
	Incomplete bool `json:"incomplete,omitzero"`
}

// Cadence is the publishing cadence of a quality update.
type Cadence string

// The cadences.
const (
	// CadenceMonthly updates are published once a month.
	CadenceMonthly Cadence = "monthly"
	// CadenceOutOfBand updates are published when they are needed.
	CadenceOutOfBand Cadence = "outOfBand"
)

// Classification says whether a quality update fixes vulnerabilities.
type Classification string

// The classifications.
const (
	// ClassificationAll is both; filters and rules use it, entries do not.
	ClassificationAll Classification = "all"
	// ClassificationSecurity updates fix vulnerabilities.
	ClassificationSecurity Classification = "security"
	// ClassificationNonSecurity updates fix no vulnerabilities.
	ClassificationNonSecurity Classification = "nonSecurity"
)

// Severity describes the vulnerabilities that an update fixes.
type Severity struct {
	// Level is the highest severity: "critical", "important", or "moderate".
	Level string `json:"maxSeverity,omitempty"`
	// Score is the highest CVSS base score, 0 to 10; nil if unknown.
	Score *float64 `json:"maxBaseScore,omitempty"`
	// Exploited are the vulnerabilities that are known to be exploited; nil if the service did not send
	// the list.
	Exploited []CVE `json:"exploitedCves,omitzero"`
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// CVE is one vulnerability.
type CVE struct {
	// Number is the CVE number, such as "CVE-2026-1234".
	Number string `json:"number"`
	// URL is the page in the Microsoft Security Update Guide.
	URL string `json:"url,omitempty"`
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// Revision is one build of Windows that an update installs.
type Revision struct {
	// ID is the full build, such as "10.0.26100.2033".
	ID string `json:"id"`
	// DisplayName is the display name.
	DisplayName string `json:"displayName,omitempty"`
	// Product is the product family, such as "Windows 11".
	Product string `json:"product,omitempty"`
	// Version is the version of the family, such as "24H2".
	Version string `json:"version,omitempty"`
	// Hotpatch reports whether devices can install it without a restart.
	Hotpatch bool `json:"isHotpatchUpdate"`
	// Released is when the build was released; it can be some days after the date of the entry.
	Released time.Time `json:"releaseDateTime,omitzero"`
	// Build is the build number in parts.
	Build Build `json:"osBuild"`
	// Article is the support article; nil if the service sent none.
	Article *Article `json:"knowledgeBaseArticle,omitempty"`
	// Entry is the entry that installs the revision; nil if the service omitted it, as it does within the
	// revisions of an entry.
	Entry Entry `json:"catalogEntry,omitempty"`
	// Extra has the unknown properties.
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
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// Article is a Microsoft support article.
type Article struct {
	// ID is the KB number with its prefix, such as "KB5045594".
	ID string `json:"id"`
	// URL is the address of the article.
	URL string `json:"url,omitempty"`
	// Extra has the unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitzero"`
}

// DriverUpdate is a driver or firmware update.
type DriverUpdate struct {
	Base
	// Description describes the driver.
	Description string `json:"description,omitempty"`
	// Class is the device class, such as "Firmware".
	Class string `json:"driverClass,omitempty"`
	// Manufacturer is the manufacturer of the hardware.
	Manufacturer string `json:"manufacturer,omitempty"`
	// Provider is the publisher of the driver.
	Provider string `json:"provider,omitempty"`
	// SetupFile is the name of the INF file.
	SetupFile string `json:"setupInformationFile,omitempty"`
	// Version is the driver version.
	Version string `json:"version,omitempty"`
	// VersionDate is the date of the driver version.
	VersionDate time.Time `json:"versionDateTime,omitzero"`
}

// RecoveryUpdate is an update for quick machine recovery.
type RecoveryUpdate struct {
	Base
	// CatalogName is the name in the Microsoft Update Catalog.
	CatalogName string `json:"catalogName,omitempty"`
	// Revisions are the builds that the update is for; nil if they were not requested. The list is
	// partial if Incomplete is true.
	Revisions []Revision `json:"productRevisions,omitzero"`
	// Incomplete reports whether the service sent only the first revisions; see
	// [QualityUpdate.Incomplete].
	Incomplete bool `json:"incomplete,omitzero"`
}

// UnknownEntry is an entry of a kind that the SDK does not recognize. Its properties are in Extra.
type UnknownEntry struct {
	Base
}
