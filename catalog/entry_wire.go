package catalog

import (
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// readEntry returns nil for nil.
func readEntry(w models.CatalogEntryable) Entry {
	if w == nil {
		return nil
	}
	base := readBase(w)
	switch w := w.(type) {
	case models.FeatureUpdateCatalogEntryable:
		return &FeatureUpdate{Base: base, Version: wire.Value(w.GetVersion()), Build: wire.Value(w.GetBuildNumber())}
	case models.QualityUpdateCatalogEntryable:
		return readQuality(base, w)
	case models.DriverUpdateCatalogEntryable:
		return readDriver(base, w)
	case models.RecoveryUpdateCatalogEntryable:
		return readRecovery(base, w)
	}
	return &UnknownEntry{Base: base}
}

func readBase(w models.CatalogEntryable) Base {
	return Base{
		ID:              wire.Value(w.GetId()),
		Kind:            Kind(wire.ShortType(w.GetOdataType())),
		DisplayName:     wire.Value(w.GetDisplayName()),
		Released:        wire.Time(w.GetReleaseDateTime()),
		DeployableUntil: wire.Time(w.GetDeployableUntilDateTime()),
		Extra:           wire.Extra(w),
	}
}

func readQuality(base Base, w models.QualityUpdateCatalogEntryable) *QualityUpdate {
	return &QualityUpdate{
		Base:           base,
		CatalogName:    wire.Value(w.GetCatalogName()),
		ShortName:      wire.Value(w.GetShortName()),
		Expeditable:    wire.Value(w.GetIsExpeditable()),
		Cadence:        Cadence(wire.Value(w.GetQualityUpdateCadence())),
		Classification: Classification(wire.Value(w.GetQualityUpdateClassification())),
		Severity:       readSeverity(w.GetCveSeverityInformation()),
		Revisions:      wire.Each(w.GetProductRevisions(), readRevision),
		Incomplete:     wire.Rest(w, "productRevisions") != "",
	}
}

func readRecovery(base Base, w models.RecoveryUpdateCatalogEntryable) *RecoveryUpdate {
	return &RecoveryUpdate{
		Base:        base,
		CatalogName: wire.Value(w.GetCatalogName()),
		Revisions:   wire.Each(w.GetProductRevisions(), readRevision),
		Incomplete:  wire.Rest(w, "productRevisions") != "",
	}
}

func readSeverity(w models.QualityUpdateCveSeverityInformationable) *Severity {
	if w == nil {
		return nil
	}
	return &Severity{
		Level: wire.Value(w.GetMaxSeverity()),
		Score: w.GetMaxBaseScore(),
		Exploited: wire.Each(w.GetExploitedCves(), func(w models.CveInformationable) CVE {
			return CVE{Number: wire.Value(w.GetNumber()), URL: wire.Value(w.GetUrl()), Extra: wire.Extra(w)}
		}),
		Extra: wire.Extra(w),
	}
}

func readRevision(w models.ProductRevisionable) Revision {
	return Revision{
		ID:          wire.Value(w.GetId()),
		DisplayName: wire.Value(w.GetDisplayName()),
		Product:     wire.Value(w.GetProduct()),
		Version:     wire.Value(w.GetVersion()),
		Hotpatch:    wire.Value(w.GetIsHotpatchUpdate()),
		Released:    wire.Time(w.GetReleaseDateTime()),
		Build:       readBuild(w.GetOsBuild()),
		Article:     readArticle(w.GetKnowledgeBaseArticle()),
		Entry:       readEntry(w.GetCatalogEntry()),
		Extra:       wire.Extra(w),
	}
}

// readBuild and readArticle also accept names with a capital letter, which the documentation of the
// product searches shows.
func readBuild(w models.BuildVersionDetailsable) Build {
	if w == nil {
		return Build{}
	}
	b := Build{
		Major:    int(wire.Value(w.GetMajorVersion())),
		Minor:    int(wire.Value(w.GetMinorVersion())),
		Number:   int(wire.Value(w.GetBuildNumber())),
		Revision: int(wire.Value(w.GetUpdateBuildRevision())),
		Extra:    wire.Extra(w),
	}
	b.Extra = wire.Take(b.Extra, "MajorVersion", &b.Major)
	b.Extra = wire.Take(b.Extra, "MinorVersion", &b.Minor)
	b.Extra = wire.Take(b.Extra, "BuildNumber", &b.Number)
	b.Extra = wire.Take(b.Extra, "UpdateBuildRevision", &b.Revision)
	return b
}

func readArticle(w models.KnowledgeBaseArticleable) *Article {
	if w == nil {
		return nil
	}
	a := &Article{ID: wire.Value(w.GetId()), URL: wire.Value(w.GetUrl()), Extra: wire.Extra(w)}
	a.Extra = wire.Take(a.Extra, "Id", &a.ID)
	a.Extra = wire.Take(a.Extra, "Url", &a.URL)
	return a
}

func readDriver(base Base, w models.DriverUpdateCatalogEntryable) *DriverUpdate {
	return &DriverUpdate{
		Base:         base,
		Description:  wire.Value(w.GetDescription()),
		Class:        wire.Value(w.GetDriverClass()),
		Manufacturer: wire.Value(w.GetManufacturer()),
		Provider:     wire.Value(w.GetProvider()),
		SetupFile:    wire.Value(w.GetSetupInformationFile()),
		Version:      wire.Value(w.GetVersion()),
		VersionDate:  wire.Time(w.GetVersionDateTime()),
	}
}
