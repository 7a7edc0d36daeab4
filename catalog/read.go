package catalog

import (
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// ReadEntry is for the other areas of the SDK, whose answers hold entries too. It
// returns nil for none.
func ReadEntry(e call.Entry) Entry {
	if e.Model == nil {
		return nil
	}
	base := readBase(e.Model)
	switch w := e.Model.(type) {
	case models.FeatureUpdateCatalogEntryable:
		return &FeatureUpdate{Base: base, Version: call.Value(w.GetVersion()), Build: call.Value(w.GetBuildNumber())}
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
		ID:              call.Value(w.GetId()),
		Kind:            Kind(call.ShortType(w.GetOdataType())),
		DisplayName:     call.Value(w.GetDisplayName()),
		Released:        call.Time(w.GetReleaseDateTime()),
		DeployableUntil: call.Time(w.GetDeployableUntilDateTime()),
		Extra:           call.Extra(w),
	}
}

func readQuality(base Base, w models.QualityUpdateCatalogEntryable) *QualityUpdate {
	return &QualityUpdate{
		Base:           base,
		CatalogName:    call.Value(w.GetCatalogName()),
		ShortName:      call.Value(w.GetShortName()),
		Expeditable:    call.Value(w.GetIsExpeditable()),
		Cadence:        Cadence(call.Value(w.GetQualityUpdateCadence())),
		Classification: Classification(call.Value(w.GetQualityUpdateClassification())),
		Severity:       readSeverity(w.GetCveSeverityInformation()),
		Revisions:      call.Each(w.GetProductRevisions(), readRevision),
		Incomplete:     call.Rest(w, "productRevisions") != "",
	}
}

func readRecovery(base Base, w models.RecoveryUpdateCatalogEntryable) *RecoveryUpdate {
	return &RecoveryUpdate{
		Base:        base,
		CatalogName: call.Value(w.GetCatalogName()),
		Revisions:   call.Each(w.GetProductRevisions(), readRevision),
		Incomplete:  call.Rest(w, "productRevisions") != "",
	}
}

func readSeverity(w models.QualityUpdateCveSeverityInformationable) *Severity {
	if w == nil {
		return nil
	}
	return &Severity{
		Level: call.Value(w.GetMaxSeverity()),
		Score: w.GetMaxBaseScore(),
		Exploited: call.Each(w.GetExploitedCves(), func(w models.CveInformationable) CVE {
			return CVE{Number: call.Value(w.GetNumber()), URL: call.Value(w.GetUrl()), Extra: call.Extra(w)}
		}),
		Extra: call.Extra(w),
	}
}

func readRevision(w models.ProductRevisionable) Revision {
	return Revision{
		ID:          call.Value(w.GetId()),
		DisplayName: call.Value(w.GetDisplayName()),
		Product:     call.Value(w.GetProduct()),
		Version:     call.Value(w.GetVersion()),
		Hotpatch:    call.Value(w.GetIsHotpatchUpdate()),
		Released:    call.Time(w.GetReleaseDateTime()),
		Build:       readBuild(w.GetOsBuild()),
		Article:     readArticle(w.GetKnowledgeBaseArticle()),
		Entry:       ReadEntry(call.Entry{Model: w.GetCatalogEntry()}),
		Extra:       call.Extra(w),
	}
}

// readBuild and readArticle also take the names with a capital letter that the
// pages about the searches of products show.
func readBuild(w models.BuildVersionDetailsable) Build {
	if w == nil {
		return Build{}
	}
	b := Build{
		Major:    int(call.Value(w.GetMajorVersion())),
		Minor:    int(call.Value(w.GetMinorVersion())),
		Number:   int(call.Value(w.GetBuildNumber())),
		Revision: int(call.Value(w.GetUpdateBuildRevision())),
		Extra:    call.Extra(w),
	}
	b.Extra = call.Take(b.Extra, "MajorVersion", &b.Major)
	b.Extra = call.Take(b.Extra, "MinorVersion", &b.Minor)
	b.Extra = call.Take(b.Extra, "BuildNumber", &b.Number)
	b.Extra = call.Take(b.Extra, "UpdateBuildRevision", &b.Revision)
	return b
}

func readArticle(w models.KnowledgeBaseArticleable) *Article {
	if w == nil {
		return nil
	}
	a := &Article{ID: call.Value(w.GetId()), URL: call.Value(w.GetUrl()), Extra: call.Extra(w)}
	a.Extra = call.Take(a.Extra, "Id", &a.ID)
	a.Extra = call.Take(a.Extra, "Url", &a.URL)
	return a
}

func readDriver(base Base, w models.DriverUpdateCatalogEntryable) *DriverUpdate {
	return &DriverUpdate{
		Base:         base,
		Description:  call.Value(w.GetDescription()),
		Class:        call.Value(w.GetDriverClass()),
		Manufacturer: call.Value(w.GetManufacturer()),
		Provider:     call.Value(w.GetProvider()),
		SetupFile:    call.Value(w.GetSetupInformationFile()),
		Version:      call.Value(w.GetVersion()),
		VersionDate:  call.Time(w.GetVersionDateTime()),
	}
}
