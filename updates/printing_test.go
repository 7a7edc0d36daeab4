package updates_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/tenant"
	"github.com/winupdates/winupdates-go/updates/troubleshoot"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// hostile is a name that turns colors on, reverses the text after it, and begins lines of its own.
const hostile = "a\x1b[31mb\u202ec\u2066d\u200fe\u061cf\r\nINJECTED\rINJECTED\u2028g\u0085h\x00\x7f"

// What the service or another program has written cannot color, hide, or forge lines of a terminal or a log.
func TestNoTextOfTheServiceControlsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	for _, value := range []any{
		&catalog.Base{}, &catalog.FeatureUpdate{}, &catalog.QualityUpdate{}, &catalog.DriverUpdate{}, &catalog.RecoveryUpdate{},
		&catalog.UnknownEntry{}, &catalog.Severity{}, &catalog.CVE{}, &catalog.Revision{}, &catalog.Article{}, &catalog.Product{},
		&catalog.Edition{}, &catalog.ServicingPeriod{}, &catalog.KnownIssue{}, &catalog.IssueNote{}, &catalog.IssueBody{},
		&deployments.Deployment{}, &deployments.Content{}, &deployments.State{}, &deployments.Reason{}, &deployments.Spec{},
		&deployments.Settings{}, &deployments.Schedule{}, &deployments.UnknownRollout{}, &deployments.RateDriven{}, &deployments.Monitoring{},
		&deployments.MonitoringRule{}, &deployments.Applicability{}, &deployments.Safeguard{}, &deployments.SafeguardProfile{},
		&deployments.UserExperience{}, &deployments.Expedite{}, &deployments.WaitError{},
		&policies.Policy{}, &policies.QualityPolicySpec{}, &policies.FeaturePolicySpec{}, &policies.DriverPolicySpec{},
		&policies.QualityUpdateRule{}, &policies.DriverUpdateRule{}, &policies.UnknownRule{},
		&policies.QualityUpdateRing{}, &policies.FeatureUpdateRing{}, &policies.DriverUpdateRing{}, &policies.UnknownRing{},
		&policies.QualityRingSpec{}, &policies.FeatureRingSpec{}, &policies.DriverRingSpec{},
		&policies.RingGroups{}, &policies.AssignedGroup{}, &policies.Approval{},
		&policies.ApplicableCatalog{}, &policies.Ensured{}, &policies.Difference{},
		&updatepolicies.Policy{}, &updatepolicies.Spec{}, &updatepolicies.ApprovalRule{}, &updatepolicies.UnknownRule{},
		&updatepolicies.DriverFilter{}, &updatepolicies.QualityFilter{}, &updatepolicies.UnknownFilter{}, &updatepolicies.Approval{},
		&updatepolicies.ApprovalSpec{}, &updatepolicies.EntryState{},
		&tenant.Settings{}, &tenant.MDMApp{}, &tenant.Connection{}, &tenant.LogAnalyticsWorkspace{},
		&teardown.Report{}, &teardown.Plan{}, &teardown.Step{}, &teardown.RefusedError{},
		&troubleshoot.Explanation{}, &updates.CheckReport{}, &updates.DryRunRequest{},
		&audience.EnrollmentReport{}, &audience.SyncReport{}, &audience.MissingMember{},
		&audience.MembershipError{}, &audience.EnrollError{}, &audience.EditError{},
		&apierr.Error{}, &apierr.FieldError{}, &apierr.AmbiguousError{},
	} {
		t.Run(fmt.Sprintf("%T", value), func(t *testing.T) {
			t.Parallel()
			fill(reflect.ValueOf(value), 0)
			requireNoControl(t, fmt.Sprint(value))
		})
	}
	requireNoControl(t, audience.ByID(hostile).String())
	requireNoControl(t, audience.OfDeployment(hostile).String())
}

func requireNoControl(t *testing.T, text string) {
	t.Helper()
	require.NotEmpty(t, text)
	for line := range strings.SplitSeq(text, "\n") {
		require.False(t, strings.HasPrefix(strings.TrimSpace(line), "INJECTED"), "%q", text)
		require.False(t, strings.ContainsFunc(line, func(r rune) bool {
			return unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
		}), "%q", line)
	}
}

// fill puts the name into everything of a value that can hold one.
func fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(hostile)
	case reflect.Pointer:
		if v.IsNil() && depth < 6 {
			v.Set(reflect.New(v.Type().Elem()))
		}
		if !v.IsNil() {
			fill(v.Elem(), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), depth+1)
		}
	case reflect.Interface:
		if v.Type() == reflect.TypeFor[error]() {
			v.Set(reflect.ValueOf(errors.New(hostile)))
		}
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String {
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(reflect.ValueOf(hostile).Convert(v.Type().Key()), reflect.Zero(v.Type().Elem()))
		}
	}
}
