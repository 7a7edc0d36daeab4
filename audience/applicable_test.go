package audience_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// workshop is an audience with devices, of which the first needs a firmware update
// that Microsoft recommends and all need a network driver that its maker does.
func workshop(t *testing.T, n, pageSize int) (
	client *updates.Client, service *simulator.Server, of audience.Ref, firmware, network string,
) {
	t.Helper()
	client, service = stub.OnSimulator(t, &simulator.Options{PageSize: pageSize})
	firmware, network = service.AddDriver("Contoso", "Firmware", "2.0"), service.AddDriver("Fabrikam", "OtherHardware", "7.1")
	require.NoError(t, service.MakeApplicable(firmware, []string{"microsoft"}, stub.DeviceIDs(1)...))
	require.NoError(t, service.MakeApplicable(network, []string{"Fabrikam"}, stub.DeviceIDs(n)...))
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryDriver, stub.DeviceIDs(n), nil))
	made, err := client.Audiences().Create(t.Context())
	require.NoError(t, err)
	of = audience.ByID(made.ID)
	require.NoError(t, client.Audiences().AddDevices(t.Context(), of, stub.DeviceIDs(n), nil))
	return client, service, of, firmware, network
}

func TestEachDeviceIsMatchedWhateverTheHabitsOfTheService(t *testing.T) {
	t.Parallel()
	for name, vices := range map[string]simulator.Quirks{
		"none":          {},
		"5.23 inline":   {InlineMatches: true},
		"empty pages":   {EmptyPages: true},
		"nulls":         {NullItems: true},
		"no hash":       {TypesWithoutHash: true},
		"unknown types": {UnknownValues: true},
		"all at once":   {EmptyPages: true, NullItems: true, TypesWithoutHash: true, UnknownValues: true, IgnoreTop: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, service, of, firmware, network := workshop(t, 101, 50)
			service.SetQuirks(vices)
			want := []string{firmware + " " + stub.DeviceIDs(1)[0]}
			for _, id := range stub.DeviceIDs(101) {
				want = append(want, network+" "+id)
			}
			got, err := stub.Pairs(t, client.Audiences().AllMatches(t.Context(), of))
			require.NoError(t, err)
			require.ElementsMatch(t, want, got)
		})
	}
}

func TestContentIsListedWhileADeviceNeedsIt(t *testing.T) {
	t.Parallel()
	client, service, of, firmware, network := workshop(t, 3, 1)
	contents := client.Audiences().ListApplicableContent(of, &odata.Query{Expand: []string{"catalogEntry"}})
	makers := func() []string {
		var names []string
		for content, err := range contents.All(t.Context()) {
			require.NoError(t, err)
			require.Equal(t, content.EntryID, content.Entry.Common().ID)
			names = append(names, content.Entry.(*catalog.DriverUpdate).Manufacturer)
		}
		slices.Sort(names)
		return names
	}
	require.Equal(t, []string{"Contoso", "Fabrikam"}, makers())

	matched, err := client.Audiences().ListMatchedDevices(of, network, nil).Collect(t.Context(), 3)
	require.NoError(t, err)
	require.Len(t, matched, 3)
	require.True(t, matched[0].IsRecommendedBy("fabrikam"))

	require.NoError(t, service.MakeNotApplicable(firmware, stub.DeviceIDs(1)...))
	require.Equal(t, []string{"Fabrikam"}, makers())
}

func TestTheAudienceOfADeploymentHasMatchesToo(t *testing.T) {
	t.Parallel()
	client, _, _, firmware, _ := workshop(t, 1, 0)
	of := audience.OfDeployment(deploy(t, client))
	require.NoError(t, client.Audiences().AddDevices(t.Context(), of, stub.DeviceIDs(1), nil))
	got, err := stub.Pairs(t, client.Audiences().AllMatches(t.Context(), of))
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.Contains(t, got, firmware+" "+stub.DeviceIDs(1)[0])
}
