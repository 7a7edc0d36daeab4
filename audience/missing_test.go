package audience_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
)

func TestAReasonThatCouldNotBeReadIsPrintedAsUnknown(t *testing.T) {
	t.Parallel()
	missing := audience.MissingMember{
		Member: audience.Devices("x")[0],
		Errors: []audience.RegistrationError{{Reason: audience.ReasonInvalidJoin}, {Extra: stub.Extra("reason", "7")}},
	}
	require.Equal(t, "x (invalidAzureADJoin, unknown reason)", missing.String())
}
