package catalog

import (
	"context"
	"fmt"
	"slices"
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
	s, err := c.searchQuality(ctx, op, func(r Revision) bool { return r.Article != nil && strings.EqualFold(r.Article.ID, article) })
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
	s, err := c.searchQuality(ctx, op, func(r Revision) bool { return r.hasBuild(build) })
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
func (c Client) latestQuality(ctx context.Context, op string, q QualityQuery, kind string) (latest *QualityUpdate, err error) {
	for update, err := range find(c, op, q.request(), nil, q.keep, q.keepRevisions).All(ctx) {
		if err != nil {
			return nil, err
		}
		if latest == nil || update.Released.After(latest.Released) {
			latest = update
		}
	}
	if latest == nil {
		return nil, call.Invalid(op, fmt.Errorf("%w: the catalog has no %s", apierr.ErrNotFound, kind))
	}
	return latest, nil
}

// search has all quality updates, and those with a matching revision.
type search struct {
	all, found []*QualityUpdate
}

func (c Client) searchQuality(ctx context.Context, op string, matches func(Revision) bool) (search, error) {
	var s search
	q := QualityQuery{Revisions: true}
	for update, err := range find(c, op, q.request(), nil, q.keep, q.keepRevisions).All(ctx) {
		if err != nil {
			return search{}, err
		}
		s.all = append(s.all, update)
		if slices.ContainsFunc(update.Revisions, matches) {
			s.found = append(s.found, update)
		}
	}
	return s, nil
}

// only returns the one update that was found. verb says what is searched for, and hint helps if there is
// no match.
func (s search) only(op, verb, hint string) (*QualityUpdate, error) {
	switch len(s.found) {
	case 0:
		return nil, call.Invalid(op, fmt.Errorf("%w: none of %d quality updates %s; %s", apierr.ErrNotFound, len(s.all), verb, hint))
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
			if r.hasBuild(version) {
				newest = max(newest, r.last())
			}
		}
	}
	if newest < 0 {
		return "no update installs a build of " + version
	}
	return fmt.Sprintf("the newest build of %s is %s.%d", version, version, newest)
}
