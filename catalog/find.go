package catalog

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// FindByKB returns the quality update of a support article, with its revisions. number is the article
// number without "KB", 1 or more. To find products, use [ProductClient.ListByKB].
//
// The service cannot filter by article, so FindByKB reads all quality updates. Updates released before
// 2023 have no articles and are not found. If no update has the article, the error is apierr.ErrNotFound.
// If several have it, the error is an *apierr.AmbiguousError.
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) FindByKB(ctx context.Context, number int) (update *QualityUpdate, err error) {
	const op = "catalog.FindByKB"
	defer c.call.Span(&ctx, op)(&err)
	if err := checkInt32("number", number, 1); err != nil {
		return nil, call.Invalid(op, err)
	}
	article := "KB" + strconv.Itoa(number)
	s, err := c.searchQuality(ctx, op, func(r Revision) answer {
		return decidedBy("knowledgeBaseArticle", r.Extra, r.Article != nil && strings.EqualFold(r.Article.ID, article))
	})
	if err != nil {
		return nil, err
	}
	return s.only(op, "has "+article, "updates released before 2023 have no articles")
}

// FindByBuild returns the quality update that installs a build, with its revisions. The build is written
// like "26100.2033", "10.0.26100.2033", or the result of [Build.String]. To list the updates of all
// builds of a version, use [QualityQuery.OfBuild].
//
// The service cannot filter by build, so FindByBuild reads all quality updates. Updates released before
// 2023 have no builds and are not found. If no update installs the build, the error is
// apierr.ErrNotFound. If several install it, the error is an *apierr.AmbiguousError.
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) FindByBuild(ctx context.Context, build string) (update *QualityUpdate, err error) {
	const op = "catalog.FindByBuild"
	defer c.call.Span(&ctx, op)(&err)
	if err := checkWholeBuild(build); err != nil {
		return nil, call.Invalid(op, err)
	}
	s, err := c.searchQuality(ctx, op, func(r Revision) answer { return r.hasBuild(build) })
	if err != nil {
		return nil, err
	}
	version, _, _ := strings.Cut(strings.TrimPrefix(build, windows), ".")
	return s.only(op, "installs build "+build, s.newestOf(version))
}

// FindLatestSecurityUpdate returns the security update with the latest release date, without its
// revisions. Monthly and out-of-band updates both count. An update can be too new to be expedited; use
// [Client.FindLatestExpeditable] for an update to expedite.
//
// The service cannot filter by classification, so FindLatestSecurityUpdate reads all quality updates. If
// there is no security update, the error is apierr.ErrNotFound.
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) FindLatestSecurityUpdate(ctx context.Context) (newest *QualityUpdate, err error) {
	const op = "catalog.FindLatestSecurityUpdate"
	defer c.call.Span(&ctx, op)(&err)
	return c.latestQuality(ctx, op, QualityQuery{Classification: ClassificationSecurity}, "security update")
}

// FindLatestExpeditable returns the security update with the latest release date that can be expedited,
// without its revisions. Previews can be expeditable too; they are not security updates, and are left out.
//
// The service cannot filter by classification, so FindLatestExpeditable reads all expeditable updates. If
// there is none that fixes vulnerabilities, the error is apierr.ErrNotFound.
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) FindLatestExpeditable(ctx context.Context) (newest *QualityUpdate, err error) {
	const op = "catalog.FindLatestExpeditable"
	defer c.call.Span(&ctx, op)(&err)
	q := QualityQuery{Classification: ClassificationSecurity, Expeditable: true}
	return c.latestQuality(ctx, op, q, "expeditable security update")
}

// latestQuality returns the latest update that matches q, whatever the order of the service. kind names it in
// errors.
func (c Client) latestQuality(ctx context.Context, op string, q QualityQuery, kind string) (*QualityUpdate, error) {
	found, _, err := candidates(ctx, c, op, q.request(), q.keep)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, call.Invalid(op, fmt.Errorf("%w: the catalog has no %s", apierr.ErrNotFound, kind))
	}
	return latest(op, found)
}

// candidate is an update that matches, or of which that is unknown.
type candidate[T Entry] struct {
	update  T
	matches answer
}

// candidates are the updates of one type that may match, and the others of that type.
func candidates[T Entry](
	ctx context.Context, c Client, op string, r request, keep func(T) answer,
) (found []candidate[T], others []T, err error) {
	for update, err := range find(c, op, r, nil, always[T], always[T]).All(ctx) {
		if err != nil {
			return nil, nil, err
		}
		if matches := keep(update); matches == known(false) {
			others = append(others, update)
		} else {
			found = append(found, candidate[T]{update, matches})
		}
	}
	return found, others, nil
}

// latest returns the update with the latest release. An update that may be later is an error.
func latest[T Entry](op string, found []candidate[T]) (T, error) {
	var none T
	newest := found[0]
	for _, c := range found[1:] {
		for _, other := range []candidate[T]{newest, c} {
			if b := other.update.Common(); b.Extra["releaseDateTime"] != nil {
				return none, answer{unread: "releaseDateTime"}.undecided(op, other.update)
			}
		}
		if c.update.Common().Released.After(newest.update.Common().Released) {
			newest = c
		}
	}
	if newest.matches.unread != "" {
		return none, newest.matches.undecided(op, newest.update)
	}
	return newest.update, nil
}

// search has all quality updates, and those with a matching revision.
type search struct {
	all, found []*QualityUpdate
	unknown    error // of an update that may have one
}

func (c Client) searchQuality(ctx context.Context, op string, matches func(Revision) answer) (search, error) {
	var s search
	q := QualityQuery{Revisions: true}
	for update, err := range find(c, op, q.request(), nil, q.keep, q.keepRevisions).All(ctx) {
		if err != nil {
			return search{}, err
		}
		s.all = append(s.all, update)
		switch a := update.hasRevision(matches); {
		case a.yes:
			s.found = append(s.found, update)
		case a.unread != "" && s.unknown == nil:
			s.unknown = a.undecided(op, update)
		}
	}
	return s, nil
}

// only returns the one update that was found. verb says what is searched for, and hint helps if there is
// no match.
func (s search) only(op, verb, hint string) (*QualityUpdate, error) {
	switch len(s.found) {
	case 0:
		if s.unknown != nil {
			return nil, s.unknown
		}
		return nil, call.Invalid(op,
			fmt.Errorf("%w: none of %d quality updates %s; %s", apierr.ErrNotFound, len(s.all), verb, hint))
	case 1:
		return s.found[0], nil
	}
	names, ids := make([]string, len(s.found)), make([]string, len(s.found))
	for i, update := range s.found {
		names[i], ids[i] = strconv.Quote(update.DisplayName), update.ID
	}
	several := fmt.Errorf("%w: each of these %s: %s", apierr.ErrAmbiguous, verb, strings.Join(names, ", "))
	return nil, &apierr.AmbiguousError{IDs: ids, Err: call.Invalid(op, several)}
}

// newestOf returns a hint with the newest build of a version.
func (s search) newestOf(version string) string {
	newest := -1
	for _, update := range s.all {
		for _, r := range update.Revisions {
			if r.hasBuild(version).yes {
				newest = max(newest, r.last())
			}
		}
	}
	if newest < 0 {
		return "no update installs a build of " + version
	}
	return fmt.Sprintf("the newest build of %s is %s.%d", version, version, newest)
}
