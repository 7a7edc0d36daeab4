package deployments

import (
	"context"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// desiredEntry tells contents apart whose entry has no ID, as embedded entries can. It
// compares them with the entry of the catalog, which it reads when it is needed.
type desiredEntry struct {
	client catalog.Client
	id     string
	entry  catalog.Entry // nil until it was read
}

// IsOther reports whether a content is certainly that of another entry. If the catalog cannot
// be read, nothing is certain.
func (e *desiredEntry) IsOther(ctx context.Context, c Content) bool {
	if c.EntryID != "" {
		return false // compared already
	}
	if e.entry == nil {
		if entry, err := e.client.Get(ctx, e.id); err == nil {
			e.entry = entry
		}
	}
	return e.entry != nil && c.differs(e.entry)
}

// Doubt is why a content may be that of another entry, or empty.
func (e *desiredEntry) Doubt(c Content) string {
	if c.EntryID != "" || c.equals(e.entry) {
		return ""
	}
	return "does not name its catalog entry"
}

// mayBeOf compares the kind only if the entry has no ID, and only kinds that the SDK
// recognizes.
func (c Content) mayBeOf(kind catalog.Kind, entryID string) bool {
	if c.EntryID != "" {
		return wire.SameID(entryID, c.EntryID)
	}
	return c.Kind == kind || !slices.Contains(knownKinds, kind) || !slices.Contains(knownKinds, c.Kind)
}

// knownKinds are the kinds that the SDK recognizes.
var knownKinds = []catalog.Kind{catalog.KindFeature, catalog.KindQuality, catalog.KindDriver, catalog.KindRecovery}

// differs reports whether a property that both entries have is another one.
func (c Content) differs(entry catalog.Entry) bool {
	if c.Entry == nil {
		return false
	}
	have, want := c.Entry.Common().Released, entry.Common().Released
	if !have.IsZero() && !want.IsZero() && day(have) != day(want) {
		return true
	}
	quality, isQuality := c.Entry.(*catalog.QualityUpdate)
	desired, wantsQuality := entry.(*catalog.QualityUpdate)
	return isQuality && wantsQuality &&
		(differ(quality.Classification, desired.Classification) || differ(quality.Cadence, desired.Cadence))
}

// equals reports whether release date, classification, and cadence are known and the same.
func (c Content) equals(entry catalog.Entry) bool {
	have, isQuality := c.Entry.(*catalog.QualityUpdate)
	want, wantsQuality := entry.(*catalog.QualityUpdate)
	return isQuality && wantsQuality &&
		!have.Released.IsZero() && day(have.Released) == day(want.Released) &&
		have.Classification != "" && have.Classification == want.Classification &&
		have.Cadence != "" && have.Cadence == want.Cadence
}

func differ[T ~string](a, b T) bool { return a != "" && b != "" && a != b }

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
