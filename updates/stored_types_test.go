package updates_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/reports"
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/tenant"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// storedTypes are pointers to values of all types that read themselves from stored JSON, and of their parts that
// do not.
func storedTypes() []any {
	return []any{
		&audience.ApplicableContent{}, &audience.ApplicableDevice{}, &audience.Assets{}, &audience.Edit{},
		&audience.DeviceMatch{}, &audience.Match{}, &audience.Member{}, &audience.Membership{}, &audience.MissingMember{},
		&audience.SyncPlan{}, &audience.Device{}, &audience.Enrollment{}, &audience.RegistrationError{}, &audience.Group{},
		&audience.UnknownAsset{}, &audience.Audience{},
		&catalog.Article{}, &catalog.Build{}, &catalog.CVE{}, &catalog.DriverUpdate{}, &catalog.Edition{},
		&catalog.FeatureQuery{}, &catalog.FeatureUpdate{}, &catalog.IssueBody{}, &catalog.IssueNote{},
		&catalog.KnownIssue{}, &catalog.Product{}, &catalog.QualityQuery{}, &catalog.QualityUpdate{},
		&catalog.RecoveryQuery{}, &catalog.RecoveryUpdate{}, &catalog.Revision{}, &catalog.ServicingPeriod{},
		&catalog.Severity{}, &catalog.UnknownEntry{},
		&deployments.Applicability{}, &deployments.Content{}, &deployments.DateDriven{}, &deployments.Deployment{},
		&deployments.DurationDriven{}, &deployments.Expedite{}, &deployments.Monitoring{},
		&deployments.MonitoringRule{}, &deployments.RateDriven{}, &deployments.Reason{}, &deployments.Safeguard{},
		&deployments.SafeguardProfile{}, &deployments.Schedule{}, &deployments.Settings{}, &deployments.Spec{},
		&deployments.State{}, &deployments.UnknownRollout{}, &deployments.Update{}, &deployments.UserExperience{},
		&odata.Query{},
		&policies.ApplicableCatalog{}, &policies.Approval{}, &policies.AssignedGroup{}, &policies.Difference{},
		&policies.DriverPolicySpec{}, &policies.DriverPolicyUpdate{}, &policies.DriverRingSpec{},
		&policies.DriverRingUpdate{}, &policies.DriverUpdateRing{}, &policies.DriverUpdateRule{},
		&policies.Ensured{}, &policies.FeaturePolicySpec{}, &policies.FeaturePolicyUpdate{},
		&policies.FeatureRingSpec{}, &policies.FeatureRingUpdate{}, &policies.FeatureUpdateRing{}, &policies.Policy{},
		&policies.QualityPolicySpec{}, &policies.QualityPolicyUpdate{}, &policies.QualityRingSpec{},
		&policies.QualityRingUpdate{}, &policies.QualityUpdateRing{}, &policies.QualityUpdateRule{},
		&policies.RecoveryUpdateRule{}, &policies.RingGroups{}, &policies.Rings{}, &policies.Rules{},
		&policies.UnknownRing{}, &policies.UnknownRule{},
		&reports.Assignment{}, &reports.Candidate{}, &reports.Driver{}, &reports.DriverStatus{},
		&reports.NameError{}, &reports.Profile{}, &reports.Resolution{}, &reports.ResolvedName{}, &reports.Summary{},
		&teardown.Plan{}, &teardown.Report{}, &teardown.Step{}, &teardown.Target{},
		&tenant.Connection{}, &tenant.LogAnalyticsWorkspace{}, &tenant.MDMApp{}, &tenant.MDMAppUpdate{},
		&tenant.Settings{}, &tenant.SettingsUpdate{},
		&updatepolicies.Approval{}, &updatepolicies.ApprovalRule{}, &updatepolicies.ApprovalSpec{},
		&updatepolicies.DriverFilter{}, &updatepolicies.EntryState{}, &updatepolicies.Policy{},
		&updatepolicies.QualityFilter{}, &updatepolicies.RemediationFilter{}, &updatepolicies.Rules{},
		&updatepolicies.Spec{}, &updatepolicies.UnknownFilter{}, &updatepolicies.UnknownRule{},
		&updatepolicies.Update{},
	}
}

// storedTexts is the number of texts of a type.
const storedTexts = 300

// What is stored is what is written again, or an error: nothing gets lost on the way.
func TestStoredJSONIsWrittenAgainAsItWasRead(t *testing.T) {
	t.Parallel()
	for _, value := range storedTypes() {
		of := reflect.TypeOf(value).Elem()
		t.Run(of.String(), func(t *testing.T) {
			t.Parallel()
			read := 0
			for seed := range uint64(storedTexts) {
				r := stub.Seeded(seed, 12)
				made := reflect.New(of)
				put(r, made.Elem(), 0)
				text := storedText(t, r, made)
				again := reflect.New(of)
				if json.Unmarshal(text, again.Interface()) != nil {
					continue
				}
				read++
				written, err := json.Marshal(again.Interface())
				require.NoError(t, err, "seed %d\n%s", seed, text)
				require.Empty(t, stub.Forgotten(t, text, written), "seed %d\n%s\n%s", seed, text, written)
			}
			require.Greater(t, read, storedTexts/20)
		})
	}
}

// storedText changes the items of a list, and any other value as a whole.
func storedText(t *testing.T, r stub.Random, value reflect.Value) []byte {
	t.Helper()
	if value.Elem().Kind() != reflect.Slice {
		return r.Stored(t, value.Interface())
	}
	var items []string
	for _, item := range value.Elem().Seq2() {
		items = append(items, string(r.Stored(t, item.Interface())))
	}
	return []byte("[" + strings.Join(items, ",") + "]")
}

// A new type that reads itself goes into the list.
func TestAllTypesThatReadThemselvesAreTried(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{
		"updates/odata.Change": true, // part of the updates of all packages
	}
	for _, value := range storedTypes() {
		of := reflect.TypeOf(value).Elem()
		tried[strings.TrimPrefix(of.PkgPath(), "github.com/winupdates/winupdates-go/")+"."+of.Name()] = true
	}
	api, err := os.ReadFile("../internal/apicheck/api.txt")
	require.NoError(t, err)
	reading := regexp.MustCompile(`(?m)^(\S+): type (\w+)[^,]*, method func .*\.UnmarshalJSON\(`).FindAllStringSubmatch(string(api), -1)
	require.NotEmpty(t, reading)
	for _, match := range reading {
		require.True(t, tried[match[1]+"."+match[2]], "%s.%s is not in the list", match[1], match[2])
	}
}

// put puts random values into all fields that a program can set.
func put(r stub.Random, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(r.Word("security", "monthly"))
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(r.Int64N(31))
	case reflect.Float64:
		v.SetFloat(float64(r.IntN(100)) / 10)
	case reflect.Bool:
		v.SetBool(r.Yes())
	case reflect.Pointer:
		if depth < 6 && r.Yes() {
			v.Set(reflect.New(v.Type().Elem()))
			put(r, v.Elem(), depth+1)
		}
	case reflect.Struct:
		putStruct(r, v, depth)
	case reflect.Slice:
		putList(r, v, depth)
	case reflect.Interface:
		putInterface(r, v, depth)
	case reflect.Map:
		if v.Type() == reflect.TypeFor[map[string]json.RawMessage]() {
			v.Set(reflect.ValueOf(r.Extra()))
		}
	}
}

func putStruct(r stub.Random, v reflect.Value, depth int) {
	switch value := v.Addr().Interface().(type) {
	case *time.Time:
		*value = stub.Maybe(r, r.Time)
	case *audience.Ref:
		*value = []audience.Ref{{}, audience.ByID("a"), audience.OfDeployment("d"), audience.OfUpdatePolicy("p")}[r.IntN(4)]
	case json.Unmarshaler:
		if strings.HasPrefix(v.Type().Name(), "Change[") {
			putChange(r, v, value, depth)
			return
		}
	}
	for _, field := range v.Fields() {
		if field.CanSet() && (r.Yes() || field.Kind() == reflect.Struct) {
			put(r, field, depth+1)
		}
	}
}

// putChange makes one of the three changes of a value of the type that Value returns.
func putChange(r stub.Random, v reflect.Value, change json.Unmarshaler, depth int) {
	inner := reflect.New(v.MethodByName("Value").Type().Out(0))
	put(r, inner.Elem(), depth+1)
	text, err := json.Marshal(inner.Interface())
	if r.IntN(3) == 0 {
		text = []byte("null")
	}
	if err == nil && r.Yes() {
		_ = change.UnmarshalJSON(text)
	}
}

func putList(r stub.Random, v reflect.Value, depth int) {
	if v.Type() == reflect.TypeFor[json.RawMessage]() {
		v.Set(reflect.ValueOf(json.RawMessage(`{"a":1}`)))
		return
	}
	if depth >= 6 || r.Yes() {
		return
	}
	n := r.IntN(3)
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		item := v.Index(i)
		if item.Kind() == reflect.Pointer {
			item.Set(reflect.New(item.Type().Elem()))
			item = item.Elem()
		}
		put(r, item, depth+1)
	}
}

// putInterface chooses one of the types of an interface.
func putInterface(r stub.Random, v reflect.Value, depth int) {
	var kinds []any
	for _, value := range storedTypes() {
		if reflect.TypeOf(value).Implements(v.Type()) && v.NumMethod() > 1 {
			kinds = append(kinds, value)
		}
	}
	if len(kinds) == 0 || depth >= 6 {
		return
	}
	value := kinds[r.IntN(len(kinds))]
	put(r, reflect.ValueOf(value).Elem(), depth+1)
	if unknown, ok := value.(interface{ Common() *catalog.Base }); ok {
		unknown.Common().Kind = kindOf(value)
	}
	v.Set(reflect.ValueOf(value))
}

func kindOf(entry any) catalog.Kind {
	switch entry.(type) {
	case *catalog.FeatureUpdate:
		return catalog.KindFeature
	case *catalog.QualityUpdate:
		return catalog.KindQuality
	case *catalog.DriverUpdate:
		return catalog.KindDriver
	case *catalog.RecoveryUpdate:
		return catalog.KindRecovery
	}
	return catalog.Kind(fmt.Sprintf("%T", entry))
}
