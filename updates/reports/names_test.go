package reports_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/reports"
)

var id1, id2, id3 = stub.DeviceID(1), stub.DeviceID(2), stub.DeviceID(3)

func profile(id, deviceID, name string) string {
	return fmt.Sprintf(`{"id":%q,"azureAdDeviceId":%q,"deviceName":%q,"deviceModel":"Model 7","osBuild":"10.0.26100.7171"}`, id, deviceID, name)
}

// tenant has two devices with the name DOUBLE, one with two profiles, and two without a name.
func tenant() map[string]string {
	return map[string]string{
		"/data/deviceProfiles": stub.Page("/data/deviceProfiles?$skiptoken=2",
			profile("p1", id1, "Desktop-1"), profile("p2", strings.ToUpper(id1), " DESKTOP-1 "), profile("p3", id2, "Double"),
			profile("p4", "", "#")),
		"/data/deviceProfiles?$skiptoken=2": stub.Page("", profile("p5", id3, "DOUBLE"), profile("p6", "x", "")),
		"/updatableAssets/" + id2: `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"` + id2 + `",` +
			`"enrollment":{"feature":{"enrollmentState":"enrolled"}},"errors":[{"@odata.type":` +
			`"#microsoft.graph.windowsUpdates.azureADDeviceRegistrationError","reason":"missingTrustType"}]}`,
	}
}

func resolve(t *testing.T, site map[string]string, names ...string) (*reports.Resolution, *stub.Transport) {
	t.Helper()
	service := stub.Site(site)
	found, err := service.Client(t).Reports().ResolveNames(t.Context(), names...)
	require.NoError(t, err)
	return found, service
}

func TestNamesAreFoundInOnePass(t *testing.T) {
	t.Parallel()
	found, service := resolve(t, tenant(), "desktop-1", " Desktop-1\t")
	require.Len(t, service.Requests(), 2)
	require.Len(t, found.Names, 1)
	require.Equal(t, "desktop-1", found.Names[0].Name)
	require.Len(t, found.Names[0].Candidates, 1)
	require.Len(t, found.Names[0].Candidates[0].Profiles, 2)
	require.Nil(t, found.Names[0].Candidates[0].Device)
	require.Equal(t, [2]int{6, 2}, [2]int{found.Profiles, found.Unnamed})
	for _, ids := range []func() ([]string, error){found.ForMembers, found.ForExclusions} {
		got, err := ids()
		require.NoError(t, err)
		require.Equal(t, []string{id1}, got)
	}
}

func TestDevicesWithOneNameAreNotChosenAmong(t *testing.T) {
	t.Parallel()
	found, service := resolve(t, tenant(), "desktop-1", "double")
	require.Len(t, service.Requests(), 4)
	ids, err := found.ForMembers()
	require.Nil(t, ids)
	require.ErrorIs(t, err, apierr.ErrAmbiguous)
	require.NotErrorIs(t, err, apierr.ErrNotFound)
	require.EqualError(t, err, `1 of 2 names cannot be used; of several devices: "double" (`+
		id2+` Model 7 build 10.0.26100.7171 feature updates enrolled error missingTrustType, `+
		id3+` Model 7 build 10.0.26100.7171); use the device ID of the one that is meant`)
	problem, ok := errors.AsType[*reports.NameError](err)
	require.True(t, ok)
	require.Equal(t, found.Names[1:], problem.Ambiguous)
	ids, err = found.ForExclusions()
	require.NoError(t, err)
	require.Equal(t, []string{id1, id2, id3}, ids)
}

func TestAMissingNameGivesNoIDs(t *testing.T) {
	t.Parallel()
	found, _ := resolve(t, tenant(), "desktop-1", "Desktop", "desktop-1.contoso.example")
	for _, ids := range []func() ([]string, error){found.ForMembers, found.ForExclusions} {
		got, err := ids()
		require.Nil(t, got)
		require.ErrorIs(t, err, apierr.ErrNotFound)
		require.EqualError(t, err, `2 of 3 names cannot be used; without a device profile: "Desktop", "desktop-1.contoso.example"; `+
			`2 of 6 profiles without a name, which is sent only if AllowDeviceNameInDiagnosticData is on; `+
			`GET /devices?$filter=displayName eq 'NAME' of Microsoft Graph returns the deviceId of a device without a profile`)
		problem, ok := errors.AsType[*reports.NameError](err)
		require.True(t, ok)
		require.Equal(t, &reports.NameError{
			Missing: []string{"Desktop", "desktop-1.contoso.example"}, Total: 3, Profiles: 6, Unnamed: 2,
		}, problem)
	}
}

// A profile whose device cannot be read can be of any device.
func TestANameWithAnUnreadableDeviceGivesNoIDs(t *testing.T) {
	t.Parallel()
	for _, unread := range []string{profile("p2", "", "PC"), `{"id":"p2","deviceName":"PC"}`} {
		site := map[string]string{"/data/deviceProfiles": stub.Page("", profile("p1", id1, "PC"), unread)}
		found, _ := resolve(t, site, "PC")
		for _, ids := range []func() ([]string, error){found.ForMembers, found.ForExclusions} {
			got, err := ids()
			require.Nil(t, got)
			problem, ok := errors.AsType[*reports.NameError](err)
			require.True(t, ok)
			require.Equal(t, []string{"PC"}, problem.WithoutID)
			require.EqualError(t, err, `1 of 1 name cannot be used; without a device ID: "PC"`)
		}
	}
}

// Such an ID is that of no device, or of many: the zero GUID is what devices send that never got one.
func TestANameWhoseDeviceIDIsNoneGivesNoIDs(t *testing.T) {
	t.Parallel()
	for _, none := range []string{"00000000-0000-0000-0000-000000000000", "PC", " ", "{" + id2 + "}", "..", id2 + "x"} {
		site := map[string]string{"/data/deviceProfiles": stub.Page("", profile("p1", none, "PC"), profile("p2", none, "PC"))}
		found, service := resolve(t, site, "PC")
		require.Len(t, service.Requests(), 1)
		require.Len(t, found.Names[0].Candidates, 2, none)
		require.Equal(t, `"PC": no device ID Model 7 build 10.0.26100.7171, no device ID Model 7 build 10.0.26100.7171`,
			found.Names[0].String())
		for _, ids := range []func() ([]string, error){found.ForMembers, found.ForExclusions} {
			got, err := ids()
			require.Nil(t, got, none)
			require.EqualError(t, err, `1 of 1 name cannot be used; without a device ID: "PC"`)
		}
	}
}

func TestWhiteSpaceAroundADeviceIDDoesNotMatter(t *testing.T) {
	t.Parallel()
	site := map[string]string{"/data/deviceProfiles": stub.Page("", profile("p1", " "+id1, "PC"), profile("p2", id1+"\t", "PC"))}
	found, _ := resolve(t, site, "PC")
	ids, err := found.ForMembers()
	require.NoError(t, err)
	require.Equal(t, []string{id1}, ids)
}

func TestWhatIsNoNameIsRejected(t *testing.T) {
	t.Parallel()
	service := stub.Answering()
	_, err := service.Client(t).Reports().ResolveNames(t.Context(), "PC", " ", "#", id1, "{"+id1+"}")
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.ErrorContains(t, err, `names[1] must be the name of a device (got " "); names[2] must be the name of a device (got "#"); `+
		`names[3] must be the name of a device, not an ID (got "`+id1+`"); names[4]`)
	found, err := service.Client(t).Reports().ResolveNames(t.Context())
	require.NoError(t, err)
	require.Equal(t, &reports.Resolution{Names: []reports.ResolvedName{}}, found)
	require.Empty(t, service.Requests())
}

func TestAFailedPassFindsNoNames(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]string{
		"second page": "/data/deviceProfiles?$skiptoken=2", "first page": "/data/deviceProfiles", "device": "/updatableAssets/" + id2,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := tenant()
			site[broken] = `"nonsense"`
			found, err := stub.Site(site).Client(t).Reports().ResolveNames(t.Context(), "desktop-1", "double")
			require.Nil(t, found)
			require.Error(t, err)
			require.Equal(t, 1, strings.Count(err.Error(), "reports.ResolveNames"), err)
			require.NotContains(t, err.Error(), "devices.Get")
		})
	}
}

func TestARandomTenantIsResolvedAsItIs(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1))
		devices, site := map[string]map[string]bool{}, tenant()
		var profiles []string
		for i := range random.IntN(30) {
			name, id := fmt.Sprintf("PC-%d", random.IntN(12)), stub.DeviceID(random.IntN(20))
			if devices[name] == nil {
				devices[name] = map[string]bool{}
			}
			devices[name][id] = true
			profiles = append(profiles, profile(fmt.Sprint(i), id, name))
			site["/updatableAssets/"+id] = `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"` + id + `"}`
		}
		site["/data/deviceProfiles"] = stub.Page("", profiles...)
		var names []string
		for i := range 1 + random.IntN(4) {
			names = append(names, fmt.Sprintf("pc-%d", (i*5+int(seed))%13))
		}
		found, _ := resolve(t, site, names...)
		exact, known := true, true
		for _, name := range names {
			exact = exact && len(devices[strings.ToUpper(name)]) == 1
			known = known && len(devices[strings.ToUpper(name)]) > 0
		}
		ids, err := found.ForMembers()
		require.Equal(t, exact, err == nil, seed)
		for i, id := range ids {
			require.True(t, devices[strings.ToUpper(names[i])][id], seed)
		}
		ids, err = found.ForExclusions()
		require.Equal(t, known, err == nil, seed)
		for _, name := range names {
			for id := range devices[strings.ToUpper(name)] {
				require.True(t, err != nil || contains(ids, id), seed)
			}
		}
	}
}

func contains(ids []string, id string) bool {
	return strings.Contains(strings.Join(ids, " "), id)
}

func TestAResolutionIsStored(t *testing.T) {
	t.Parallel()
	found, _ := resolve(t, tenant(), "desktop-1", "double", "missing")
	text, err := json.Marshal(found)
	require.NoError(t, err)
	var back reports.Resolution
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, found, &back)
	_, err = found.ForMembers()
	problem, ok := errors.AsType[*reports.NameError](err)
	require.True(t, ok)
	text, err = json.Marshal(problem)
	require.NoError(t, err)
	var stored reports.NameError
	require.NoError(t, json.Unmarshal(text, &stored))
	require.Equal(t, problem, &stored)
	require.ErrorContains(t, json.Unmarshal([]byte(`{"names":[{"nane":"x"}]}`), &back), "names.0.nane: unknown property")
}

func TestALongListOfMissingNamesIsShortened(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 60 {
		names = append(names, fmt.Sprint("pc-", i))
	}
	found, _ := resolve(t, map[string]string{"/data/deviceProfiles": stub.NoItems}, names...)
	_, err := found.ForMembers()
	require.EqualError(t, err, `60 of 60 names cannot be used; without a device profile: "pc-0", "pc-1", "pc-2", "pc-3", "pc-4" and 55 more; `+
		`GET /devices?$filter=displayName eq 'NAME' of Microsoft Graph returns the deviceId of a device without a profile`)
}

// Equal without case is equal in Unicode: a small sigma has two forms, and a dotted I is another letter.
func TestNamesAreTheSameWithoutCaseInAllAlphabets(t *testing.T) {
	t.Parallel()
	for _, same := range [][2]string{{"ΟΔΟΣ", "οδος"}, {"Maſt", "MAST"}, {"\u212a-1", "k-1"}, {"\u00a0Füße\u2003", "FÜßE"}} {
		found, _ := resolve(t, map[string]string{"/data/deviceProfiles": stub.Page("", profile("p1", id1, same[0]))}, same[1], same[0])
		ids, err := found.ForMembers()
		require.NoError(t, err, same)
		require.Equal(t, []string{id1}, ids)
		require.Len(t, found.Names, 1)
	}
	for _, other := range [][2]string{{"İPC", "ipc"}, {"STRASSE", "straße"}, {"\ufeffPC", "PC"}, {"u\u0308", "ü"}} {
		found, _ := resolve(t, map[string]string{"/data/deviceProfiles": stub.Page("", profile("p1", id1, other[0]))}, other[1])
		_, err := found.ForMembers()
		require.ErrorIs(t, err, apierr.ErrNotFound, other)
	}
}

func TestAStoredResolutionWithoutAProfileIsPrinted(t *testing.T) {
	t.Parallel()
	var found reports.Resolution
	const text = `{"names":[{"name":"pc","candidates":[{"deviceId":"a","profiles":[null]},{"deviceId":"b","profiles":[null,{"id":"p","deviceModel":"M"}]}]}]}`
	require.NoError(t, json.Unmarshal([]byte(text), &found))
	require.Equal(t, `"pc": a, b M`, found.Names[0].String())
	_, err := found.ForMembers()
	require.EqualError(t, err, `1 of 1 name cannot be used; of several devices: "pc" (a, b M); use the device ID of the one that is meant`)
}

// A name of all devices of a tenant, such as one that an image left behind, is found in one pass too.
func TestANameOfAllDevicesTakesNoLongTime(t *testing.T) {
	t.Parallel()
	const pages, each = 60, 500
	site := map[string]string{}
	link := func(page int) string {
		if page == 0 {
			return "/data/deviceProfiles"
		}
		return fmt.Sprint("/data/deviceProfiles?$skiptoken=", page)
	}
	for page := range pages {
		var profiles []string
		for i := range each {
			n := page*each + i
			profiles = append(profiles, profile(fmt.Sprint("p", n), strings.ToUpper(stub.DeviceID(n)), "IMAGE"))
		}
		next := link(page + 1)
		if page == pages-1 {
			next = ""
		}
		site[link(page)] = stub.Page(next, profiles...)
	}
	site["/updatableAssets/microsoft.graph.windowsUpdates.azureADDevice"] = stub.Page("", fmt.Sprintf(
		`{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":%q}`, stub.DeviceID(7)))
	began := time.Now()
	resolve(t, site, "other")
	none, began := time.Since(began), time.Now()
	found, service := resolve(t, site, "image")
	require.Less(t, time.Since(began), 100*none, "by the square of the number of devices it is 500 times as long")
	require.Equal(t, stub.DeviceID(7), found.Names[0].Candidates[7].Device.ID)
	require.Nil(t, found.Names[0].Candidates[6].Device)
	require.Len(t, found.Names[0].Candidates, pages*each)
	require.Len(t, service.Requests(), pages+1)
}
