package catalog

import "github.com/winupdates/winupdates-go/internal/wire"

// Unread names the known properties of all entries that could not be read. They are in Extra, and their
// fields are zero. Without its type, an entry is an [UnknownEntry].
func (b *Base) Unread() []string { return b.unread() }

func (b *Base) unread(more ...string) []string {
	return wire.Unread(b.Extra,
		append([]string{"@odata.type", "displayName", "releaseDateTime", "deployableUntilDateTime"}, more...)...)
}

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (u *FeatureUpdate) Unread() []string { return u.unread("version", "buildNumber") }

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (u *QualityUpdate) Unread() []string {
	return u.unread("catalogName", "shortName", "isExpeditable", "qualityUpdateCadence", "qualityUpdateClassification",
		"cveSeverityInformation", "productRevisions")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (u *DriverUpdate) Unread() []string {
	return u.unread("description", "driverClass", "manufacturer", "provider", "setupInformationFile",
		"version", "versionDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (u *RecoveryUpdate) Unread() []string { return u.unread("catalogName", "productRevisions") }

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (s Severity) Unread() []string {
	return wire.Unread(s.Extra, "maxSeverity", "maxBaseScore", "exploitedCves")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (c CVE) Unread() []string { return wire.Unread(c.Extra, "number", "url") }

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (r Revision) Unread() []string {
	return wire.Unread(r.Extra, "displayName", "product", "version", "isHotpatchUpdate", "releaseDateTime", "osBuild",
		"knowledgeBaseArticle", "catalogEntry")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (b Build) Unread() []string {
	return wire.Unread(b.Extra, "majorVersion", "minorVersion", "buildNumber", "updateBuildRevision")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (a Article) Unread() []string { return wire.Unread(a.Extra, "url") }

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (p Product) Unread() []string {
	return wire.Unread(p.Extra, "name", "groupName", "friendlyNames", "editions", "revisions", "knownIssues")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (e Edition) Unread() []string {
	return wire.Unread(e.Extra, "name", "releasedName", "deviceFamily", "isInService", "generalAvailabilityDateTime",
		"endOfServiceDateTime", "servicingPeriods")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (p ServicingPeriod) Unread() []string {
	return wire.Unread(p.Extra, "name", "startDateTime", "endDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (i KnownIssue) Unread() []string {
	return wire.Unread(i.Extra, "title", "description", "webViewUrl", "status", "startDateTime", "lastUpdatedDateTime",
		"resolvedDateTime", "safeguardHoldIds", "knownIssueHistories", "originatingKnowledgeBaseArticle", "resolvingKnowledgeBaseArticle")
}

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (n IssueNote) Unread() []string { return wire.Unread(n.Extra, "createdDateTime", "body") }

// Unread names the known properties that could not be read. They are in Extra, and their fields are zero.
func (b IssueBody) Unread() []string { return wire.Unread(b.Extra, "content", "contentType") }
