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

// FindByKB returns the quality update of a support article, by the article's
// number without "KB", with its revisions. The number must be 1 or more.
//
// The service is asked for all quality updates with their revisions, and the
// articles are compared on this side; updates from before 2023 have none. The error
// is apierr.ErrNotFound when no update has the article, and apierr.ErrAmbiguous,
// with their ids, when several have it. [ProductClient.ListByKB] asks the service
// to find the article, and finds products.
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
	return s.only(op, "has "+article, "those from before 2023 name no article")
}

// FindByBuild returns the quality update that makes a build, such as "26100.2033"
// or "10.0.26100.2033", with its revisions. [Build.String] gives a build in this
// form. A build without its last part is refused: updates of many months make
// builds of one version, which [QualityQuery.OfBuild] lists.
//
// The service is asked for all quality updates with their revisions, and the
// builds are compared on this side; updates from before 2023 have none. The error
// is apierr.ErrNotFound when no update makes the build, and apierr.ErrAmbiguous,
// with their ids, when several make it.
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
	return s.only(op, "makes build "+build, s.newestOf(version))
}

// FindLatestSecurityUpdate returns the quality update that fixes vulnerabilities
// and was released last, without its revisions. Monthly and out-of-band updates
// both count.
//
// The service is asked for all quality updates, and classification and date are
// compared on this side. The error is apierr.ErrNotFound when the catalog has no
// security update.
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c Client) FindLatestSecurityUpdate(ctx context.Context) (newest *QualityUpdate, err error) {
	const op = "catalog.FindLatestSecurityUpdate"
	defer c.call.Span(&ctx, op)(&err)
	q := QualityQuery{Classification: ClassificationSecurity}
	for update, err := range find(c, op, q.request(), nil, q.keep).All(ctx) {
		if err != nil {
			return nil, err
		}
		if newest == nil || update.Released.After(newest.Released) {
			newest = update
		}
	}
	if newest == nil {
		return nil, call.Invalid(op, fmt.Errorf("%w: the catalog has no security update", apierr.ErrNotFound))
	}
	return newest, nil
}

// search is what came of comparing the revisions of all quality updates.
type search struct {
	all, found []*QualityUpdate
}

func (c Client) searchQuality(ctx context.Context, op string, wanted func(Revision) bool) (search, error) {
	var s search
	q := QualityQuery{Revisions: true}
	for update, err := range find(c, op, q.request(), nil, q.keep).All(ctx) {
		if err != nil {
			return search{}, err
		}
		s.all = append(s.all, update)
		if slices.ContainsFunc(update.Revisions, wanted) {
			s.found = append(s.found, update)
		}
	}
	return s, nil
}

// only is the one update that was found. does says what it does, and hint helps
// where there is none.
func (s search) only(op, does, hint string) (*QualityUpdate, error) {
	switch len(s.found) {
	case 0:
		return nil, call.Invalid(op, fmt.Errorf("%w: none of %d quality updates %s; %s", apierr.ErrNotFound, len(s.all), does, hint))
	case 1:
		return s.found[0], nil
	}
	names, ids := make([]string, len(s.found)), make([]string, len(s.found))
	for i, update := range s.found {
		names[i], ids[i] = strconv.Quote(update.DisplayName), update.ID
	}
	several := fmt.Errorf("%w: each of these %s: %s", apierr.ErrAmbiguous, does, strings.Join(names, ", "))
	return nil, &apierr.AmbiguousError{IDs: ids, Err: call.Invalid(op, several)}
}

// newestOf says which build of a version is the newest.
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
		return "there is no build of " + version
	}
	return fmt.Sprintf("the newest build of %s is %s.%d", version, version, newest)
}
