package troubleshoot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// otherDeployments looks for offering deployments of a newer update of the same category, which take
// precedence. Drivers are for different hardware and do not compete.
func (e *explainer) otherDeployments(ctx context.Context) {
	if e.addUnread(TopicOtherDeployments, e.kindUnread(), "it is not known which deployments compete with it") {
		return
	}
	kind := e.deployment.Content.Kind
	if kind != catalog.KindFeature && kind != catalog.KindQuality {
		return
	}
	rivals := &rivals{explainer: e, releases: releases{client: e.client, known: map[string]release{}}}
	if err := rivals.find(ctx); err != nil {
		e.addUnreadable(TopicOtherDeployments, "The updates that other deployments offer the device", err)
		return
	}
	for _, id := range rivals.found {
		e.add(TopicOtherDeployments, EffectBlocks,
			fmt.Sprintf("Deployment %s offers the device a newer update of the same kind, which takes precedence.", id),
			"If the device should not get the newer update, exclude it there.")
	}
	if len(rivals.doubts) > 0 {
		e.add(TopicOtherDeployments, EffectUnclear,
			"It is not known whether another deployment offers the device a newer update: "+rivals.doubtText()+".", "")
	}
	if len(rivals.found)+len(rivals.doubts) == 0 {
		e.add(TopicOtherDeployments, EffectNone,
			"No other deployment offers the device a newer update of the same kind.", "")
	}
}

// rivals are the deployments that take precedence, and why others may.
type rivals struct {
	*explainer
	releases releases
	found    []string
	doubts   []string
}

func (r *rivals) doubtText() string {
	const most = 3
	text := strings.Join(r.doubts[:min(most, len(r.doubts))], "; ")
	if more := len(r.doubts) - most; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// find returns an error if the update of this deployment is not known, or if deployments cannot be listed.
func (r *rivals) find(ctx context.Context) error {
	mine, err := r.releases.of(ctx, r.deployment.Content)
	if err != nil {
		return fmt.Errorf("deployment %s: %w", r.deployment.ID, err)
	}
	for d, err := range r.client.deployments.List(nil).All(ctx) {
		if err != nil {
			return err
		}
		if wire.SameID(d.ID, r.deployment.ID) {
			continue
		}
		supersedes, err := r.supersedes(ctx, d, mine)
		switch {
		case err != nil:
			r.doubts = append(r.doubts, fmt.Sprintf("deployment %s: %v", d.ID, err))
		case supersedes:
			r.found = append(r.found, d.ID)
		}
	}
	return nil
}

// supersedes reports whether a deployment offers the device an update that is newer than one.
// Conditions that need no request come first.
func (r *rivals) supersedes(ctx context.Context, d *deployments.Deployment, mine release) (bool, error) {
	missing := append(stateUnread(d), contentUnread(d)...)
	if len(missing) == 0 && !r.competes(d) {
		return false, nil
	}
	if missing = append(missing, readinessUnread(d)...); len(missing) > 0 {
		return false, fmt.Errorf("%s could not be read", strings.Join(missing, ", "))
	}
	its, err := r.releases.of(ctx, d.Content)
	if err != nil || !its.isAfter(mine) {
		return false, err
	}
	return r.isOffered(ctx, d)
}

func (r *rivals) competes(d *deployments.Deployment) bool {
	mine := r.deployment.Content
	sameEntry := mine.EntryID != "" && wire.SameID(d.Content.EntryID, mine.EntryID)
	return d.Content.Kind == mine.Kind && !sameEntry && d.State.Effective == deployments.StateOffering &&
		!d.Settings.Expedite.ReadinessTest
}

// releases are the release times of updates, which the entry in a deployment does not have in most cases.
type releases struct {
	client Client
	known  map[string]release
}

// release is when an update was released; only the day is known of an embedded entry.
type release struct {
	at    time.Time
	isDay bool
}

var (
	errUnnamed       = errors.New("it does not name its catalog entry")
	errNoRelease     = errors.New("the catalog has no release date of its update")
	errUnreadRelease = errors.New("the release date of its update could not be read")
)

// of returns the release of a content. An entry without an ID is compared by the date that is embedded.
func (r releases) of(ctx context.Context, content deployments.Content) (release, error) {
	if content.EntryID == "" {
		if content.Entry == nil || content.Entry.Common().Released.IsZero() {
			return release{}, errUnnamed
		}
		return release{content.Entry.Common().Released, true}, nil
	}
	if released, ok := r.known[content.EntryID]; ok {
		return released, nil
	}
	entry, err := r.client.catalog.Get(ctx, content.EntryID)
	if err != nil {
		return release{}, err
	}
	if slices.Contains(entry.Common().Unread(), "releaseDateTime") {
		return release{}, errUnreadRelease
	}
	if entry.Common().Released.IsZero() {
		return release{}, errNoRelease
	}
	r.known[content.EntryID] = release{at: entry.Common().Released}
	return r.known[content.EntryID], nil
}

func (r release) isAfter(other release) bool {
	if r.isDay || other.isDay {
		return cmp.Compare(r.day(), other.day()) > 0
	}
	return r.at.After(other.at)
}

func (r release) day() string { return r.at.UTC().Format(time.DateOnly) }
