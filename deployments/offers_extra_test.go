package deployments_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// What Extra sends in the place of a rollout is unknown, so it counts as none.
func TestExtraDoesNotPassTheLimitOfImmediateOffers(t *testing.T) {
	t.Parallel()
	e := newEstate(t, most+1)
	id := e.deployment(t, rolled(e))
	e.ClearRequests()
	u := deployments.Update{Extra: stub.Extra("schedule", `null`)}
	require.ErrorIs(t, e.limited.Deployments().Update(t.Context(), id, u), apierr.ErrTooManyDevices)
	require.Empty(t, stub.Changes(e.Server))
	spec := deployments.ForFeature("f")
	spec.Extra = stub.Extra("audience", `{"id":"a"}`)
	require.ErrorContains(t, spec.Validate(), `Extra["audience"]`, "its members would not be counted")
}
