package deployments_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
)

// concluding are the methods that conclude from a value that was read. The tests of what could
// not be read send each property through each of them; see unread_test.go and
// unread_answer_test.go. String is tested for all types.
var concluding = []string{
	"Client.CreateOnce", "Client.FindCreated", "Client.Reschedule", "Client.Resume", "Client.Update", "Client.WaitForDeletion",
	"Client.WaitForState", "Client.Watch", "Deployment.PausedByMonitoring", "Settings.ContainedIn", "Settings.EquivalentTo",
	"Settings.Timetable", "Settings.Warnings", "State.HasReason",
}

// sending are the methods that make, copy, check, or send values of the caller, and those that
// return what was read as it came. SetMonitoringRules and its like settle as Update does.
var sending = []string{
	"Client.Archive", "Client.ClearMonitoringRules", "Client.Create", "Client.Delete", "Client.Expecting", "Client.Get", "Client.List",
	"Client.Pause", "Client.SetMonitoringRules", "Settings.AlertingOnRollbacks", "Settings.Clone",
	"Settings.DisregardingLikelyIssues", "Settings.FallingBackWhenIneligible", "Settings.OfferedAsOptional",
	"Settings.OfferedAsRequired", "Settings.OfferedWhileRecommendedBy", "Settings.OfferingHotpatches",
	"Settings.PausingOnRollbacks", "Settings.RestartingWithin", "Settings.RollingOut", "Settings.StartingAt",
	"Settings.Validate", "Settings.WithholdingHotpatches",
}

// A new method belongs to one of the two lists, and to the tests of the first.
func TestEachMethodThatConcludesIsTestedWithWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	var found []string
	for _, typ := range []reflect.Type{
		reflect.TypeFor[deployments.Client](), reflect.TypeFor[*deployments.Deployment](), reflect.TypeFor[*deployments.State](),
		reflect.TypeFor[*deployments.Content](), reflect.TypeFor[*deployments.Reason](), reflect.TypeFor[*deployments.Settings](),
		reflect.TypeFor[*deployments.Schedule](), reflect.TypeFor[*deployments.Monitoring](),
		reflect.TypeFor[*deployments.MonitoringRule](), reflect.TypeFor[*deployments.Applicability](),
		reflect.TypeFor[*deployments.Safeguard](), reflect.TypeFor[*deployments.SafeguardProfile](),
		reflect.TypeFor[*deployments.UserExperience](), reflect.TypeFor[*deployments.Expedite](),
		reflect.TypeFor[*deployments.RateDriven](), reflect.TypeFor[*deployments.DateDriven](),
		reflect.TypeFor[*deployments.DurationDriven](), reflect.TypeFor[*deployments.UnknownRollout](),
	} {
		for method := range typ.Methods() {
			name := strings.TrimPrefix(fmt.Sprint(typ), "*")
			found = append(found, strings.TrimPrefix(name, "deployments.")+"."+method.Name)
		}
		if typ != reflect.TypeFor[deployments.Client]() {
			require.Implements(t, (*fmt.Stringer)(nil), reflect.Zero(typ).Interface())
			require.Implements(t, (*interface{ Unread() []string })(nil), reflect.Zero(typ).Interface())
		}
	}
	found = slices.DeleteFunc(found, func(name string) bool {
		method := name[strings.Index(name, ".")+1:]
		return slices.Contains([]string{"String", "Unread", "Common", "MarshalJSON", "UnmarshalJSON"}, method)
	})
	require.ElementsMatch(t, slices.Concat(concluding, sending), found)
}
