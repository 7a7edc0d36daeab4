package updates_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
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
	"github.com/winupdates/winupdates-go/updates/reports"
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/tenant"
	"github.com/winupdates/winupdates-go/updates/troubleshoot"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// hostile is a name that turns colors on, reverses the text after it, and begins lines of its own.
const hostile = "a\x1b[31mb\u202ec\u2066d\u200fe\u061cf\r\nINJECTED\rINJECTED\u2028g\u0085h\x00\x7f"

// printed are pointers to all values that print themselves.
func printed() []any {
	return []any{
		&apierr.Error{}, &apierr.FieldError{}, &apierr.AmbiguousError{}, &apierr.LimitError{}, &apierr.ProtectedError{},
		&audience.EnrollmentReport{}, &audience.SyncReport{}, &audience.SyncPlan{}, &audience.MissingMember{},
		&audience.MembershipError{}, &audience.EnrollError{}, &audience.EditError{},
		&audience.ApplicableContent{}, &audience.ApplicableDevice{}, &audience.DeviceMatch{}, &audience.Match{},
		&catalog.Base{}, &catalog.FeatureUpdate{}, &catalog.QualityUpdate{}, &catalog.DriverUpdate{}, &catalog.RecoveryUpdate{},
		&catalog.UnknownEntry{}, &catalog.Severity{}, &catalog.CVE{}, &catalog.Revision{}, &catalog.Article{}, &catalog.Product{},
		&catalog.Edition{}, &catalog.ServicingPeriod{}, &catalog.KnownIssue{}, &catalog.IssueNote{}, &catalog.IssueBody{}, &catalog.Build{},
		&deployments.Deployment{}, &deployments.Content{}, &deployments.State{}, &deployments.Reason{}, &deployments.Spec{},
		&deployments.Settings{}, &deployments.Schedule{}, &deployments.UnknownRollout{}, &deployments.RateDriven{},
		&deployments.DateDriven{}, &deployments.DurationDriven{}, &deployments.Monitoring{}, &deployments.Timetable{}, &deployments.Warning{},
		&deployments.MonitoringRule{}, &deployments.Applicability{}, &deployments.Safeguard{}, &deployments.SafeguardProfile{},
		&deployments.UserExperience{}, &deployments.Expedite{}, &deployments.WaitError{}, new(deployments.Days),
		&policies.ApplicableCatalog{}, &policies.Approval{}, &policies.AssignedGroup{}, &policies.Difference{},
		&policies.DriverPolicySpec{}, &policies.DriverPolicyUpdate{}, &policies.DriverRingSpec{},
		&policies.DriverRingUpdate{}, &policies.DriverUpdateRing{}, &policies.DriverUpdateRule{}, &policies.Ensured{},
		&policies.FeaturePolicySpec{}, &policies.FeaturePolicyUpdate{}, &policies.FeatureRingSpec{},
		&policies.FeatureRingUpdate{}, &policies.FeatureUpdateRing{}, &policies.Policy{}, &policies.QualityPolicySpec{},
		&policies.QualityPolicyUpdate{}, &policies.QualityRingSpec{}, &policies.QualityRingUpdate{},
		&policies.QualityUpdateRing{}, &policies.QualityUpdateRule{}, &policies.RecoveryUpdateRule{}, &policies.RingGroups{},
		&policies.Rules{}, &policies.UnknownRing{}, &policies.UnknownRule{},
		&reports.Assignment{}, &reports.Driver{}, &reports.DriverStatus{}, &reports.Candidate{}, &reports.NameError{},
		&reports.ResolvedName{}, &reports.Resolution{}, &reports.Profile{}, &reports.Summary{},
		&teardown.Report{}, &teardown.Plan{}, &teardown.Step{}, &teardown.PlanError{},
		&tenant.Settings{}, &tenant.SettingsUpdate{}, &tenant.MDMApp{}, &tenant.MDMAppUpdate{}, &tenant.Connection{},
		&tenant.LogAnalyticsWorkspace{},
		&troubleshoot.Explanation{}, &updates.CheckReport{}, &updates.DryRunRequest{},
		&updatepolicies.Policy{}, &updatepolicies.Spec{}, &updatepolicies.Update{}, &updatepolicies.ApprovalRule{},
		&updatepolicies.UnknownRule{}, &updatepolicies.DriverFilter{}, &updatepolicies.QualityFilter{},
		&updatepolicies.RemediationFilter{}, &updatepolicies.UnknownFilter{}, &updatepolicies.Approval{},
		&updatepolicies.ApprovalSpec{}, &updatepolicies.EntryState{}, &updatepolicies.Rules{},
	}
}

// What the service or another program has written cannot color, hide, or forge lines of a terminal or a log.
func TestNoTextOfTheServiceControlsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	for _, value := range printed() {
		t.Run(fmt.Sprintf("%T", value), func(t *testing.T) {
			t.Parallel()
			fill(reflect.ValueOf(value), 0)
			requireNoControl(t, fmt.Sprint(value))
		})
	}
	requireNoControl(t, audience.ByID(hostile).String())
	requireNoControl(t, audience.OfDeployment(hostile).String())
}

// A new type that prints itself goes into the list.
func TestAllTypesThatPrintThemselvesAreTried(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{
		"audience.Ref": true, // above
		// No text of the service is in these.
		"auth/cloud.Cloud": true, "updates/odata.Change": true, "updates/odata.List": true, "updates/odata.Page": true,
	}
	for _, value := range printed() {
		of := reflect.TypeOf(value).Elem()
		tried[strings.TrimPrefix(of.PkgPath(), "github.com/winupdates/winupdates-go/")+"."+of.Name()] = true
	}
	api, err := os.ReadFile("../internal/apicheck/api.txt")
	require.NoError(t, err)
	printing := regexp.MustCompile(`(?m)^(\S+): type (\w+)[^,]*, method func .*\.(?:String|Error)\(\) string$`).FindAllStringSubmatch(string(api), -1)
	require.NotEmpty(t, printing)
	for _, match := range printing {
		name := match[1] + "." + match[2]
		isOurs := !strings.HasPrefix(name, "updates/simulator") && !strings.HasPrefix(name, "updates/recording")
		require.True(t, tried[name] || !isOurs, "%s is in no list of this test", name)
	}
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
		for _, field := range v.Fields() {
			if field.CanSet() {
				fill(field, depth+1)
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
