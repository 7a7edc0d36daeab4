package audience_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// changed is what one request does to an audience: the assets of each list.
type changed struct {
	AddMembers       []asset `json:"addMembers"`
	RemoveMembers    []asset `json:"removeMembers"`
	AddExclusions    []asset `json:"addExclusions"`
	RemoveExclusions []asset `json:"removeExclusions"`
}

type asset struct {
	Type string `json:"@odata.type"`
	ID   string `json:"id"`
}

// changes reads the requests that the stub got.
func changes(t *testing.T, service *stub.Transport) []changed {
	t.Helper()
	all := []changed{}
	for _, request := range service.Requests() {
		var one changed
		require.NoError(t, json.Unmarshal([]byte(request.Body), &one), request.Body)
		all = append(all, one)
	}
	return all
}

func assets(typ string, ids ...string) []asset {
	out := make([]asset, len(ids))
	for i, id := range ids {
		out[i] = asset{"#microsoft.graph.windowsUpdates." + typ, id}
	}
	return out
}

// sizes are the numbers of assets in the requests.
func sizes(all []changed) []int {
	out := []int{}
	for _, c := range all {
		out = append(out, len(c.AddMembers)+len(c.RemoveMembers)+len(c.AddExclusions)+len(c.RemoveExclusions))
	}
	return out
}

func TestEachVerbChangesItsList(t *testing.T) {
	t.Parallel()
	ids := stub.DeviceIDs(2)
	want := assets("azureADDevice", ids...)
	for name, c := range map[string]struct {
		send func(audience.Client, context.Context, audience.Ref, []string, *audience.EditOptions) error
		want changed
	}{
		"AddDevices":       {audience.Client.AddDevices, changed{AddMembers: want}},
		"RemoveDevices":    {audience.Client.RemoveDevices, changed{RemoveMembers: want}},
		"AddExclusions":    {audience.Client.AddExclusions, changed{AddExclusions: want}},
		"RemoveExclusions": {audience.Client.RemoveExclusions, changed{RemoveExclusions: want}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(202, ""))
			require.NoError(t, c.send(service.Client(t).Audiences(), t.Context(), audience.ByID(audienceID), ids, nil))
			require.Equal(t, []changed{c.want}, changes(t, service))

			refused := stub.Answering(stub.Answer(403, "{}"))
			err := c.send(refused.Client(t).Audiences(), t.Context(), audience.ByID(audienceID), ids, nil)
			require.ErrorContains(t, err, "audiences."+name+": 403")
		})
	}
}

// compact asks for the short form of requests.
var compact = &audience.EditOptions{CompactRequests: true}

func TestOnlyListsWithAssetsAreSent(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	edit := audience.Edit{AddMembers: audience.Devices(device1), RemoveMembers: []audience.Member{}}
	require.NoError(t, service.Client(t).Audiences().Edit(t.Context(), audience.ByID(audienceID), edit, nil))
	require.NoError(t, service.Client(t).Audiences().Edit(t.Context(), audience.ByID(audienceID), edit, compact))
	requests := service.Requests()
	require.JSONEq(t,
		`{"addMembers":[{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"`+device1+`"}]}`,
		requests[0].Body)
	require.JSONEq(t, `{"memberEntityType":"#microsoft.graph.windowsUpdates.azureADDevice","addMembers":["`+device1+`"]}`, requests[1].Body)
}

func TestDevicesAndGroupsMayBeMixed(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	require.NoError(t, service.Client(t, stub.NoLimits).Audiences().Edit(t.Context(), audience.ByID(audienceID), audience.Edit{
		AddMembers:       slices.Concat(audience.Devices(m1, m2), audience.Groups("g1")),
		RemoveMembers:    audience.Groups("g2"),
		AddExclusions:    audience.Devices(x1),
		RemoveExclusions: slices.Concat(audience.Groups("g3"), audience.Devices(i1)),
	}, nil))
	require.Equal(t, []changed{{
		AddMembers:       append(assets("azureADDevice", m1, m2), assets("updatableAssetGroup", "g1")...),
		RemoveMembers:    assets("updatableAssetGroup", "g2"),
		AddExclusions:    assets("azureADDevice", x1),
		RemoveExclusions: append(assets("updatableAssetGroup", "g3"), assets("azureADDevice", i1)...),
	}}, changes(t, service))
}

func TestACompactEditSendsBareIDs(t *testing.T) {
	t.Parallel()
	for kind, members := range map[audience.Kind]func(...string) []audience.Member{
		audience.KindDevice: audience.Devices, audience.KindGroup: audience.Groups,
	} {
		service := stub.Answering(stub.Answer(202, ""))
		require.NoError(t, service.Client(t, stub.NoLimits).Audiences().Edit(t.Context(), audience.ByID(audienceID), audience.Edit{
			AddMembers: members(m1), RemoveMembers: members(r1), AddExclusions: members(x1), RemoveExclusions: members(i1, i2),
		}, compact))
		require.Len(t, service.Requests(), 1)
		require.Equal(t, "/deploymentAudiences/"+audienceID+"/updateAudienceById", service.Requests()[0].Path)
		require.JSONEq(t, `{"memberEntityType":"#microsoft.graph.windowsUpdates.`+string(kind)+`",
			"addMembers":["`+m1+`"],"removeMembers":["`+r1+`"],"addExclusions":["`+x1+`"],"removeExclusions":["`+i1+`","`+i2+`"]}`,
			service.Requests()[0].Body)
	}
}

func TestACompactEditIsOfOneKind(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	err := service.Client(t).Audiences().Edit(t.Context(), audience.ByID(audienceID),
		audience.Edit{AddMembers: audience.Devices(device1), RemoveExclusions: audience.Groups("g")}, compact)
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.EqualError(t, err, "audiences.Edit: edit must have assets of one kind only with EditOptions.CompactRequests")
	require.Empty(t, service.Requests())
}

func TestALongListIsSentInChunks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		assets, chunk int
		want          []int
	}{
		"none":          {0, 0, []int{}},
		"one":           {1, 0, []int{1}},
		"nearly full":   {199, 0, []int{199}},
		"full":          {200, 0, []int{200}},
		"one too many":  {201, 0, []int{200, 1}},
		"many":          {1000, 0, []int{200, 200, 200, 200, 200}},
		"by seven":      {20, 7, []int{7, 7, 6}},
		"larger chunks": {1000, 5000, []int{1000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids, opts := stub.DeviceIDs(c.assets), &audience.EditOptions{ChunkSize: c.chunk}
			byObject, byID := stub.Answering(stub.Answer(202, "")), stub.Answering(stub.Answer(202, ""))
			require.NoError(t, byObject.Client(t, stub.NoLimits).Audiences().AddDevices(t.Context(), audience.ByID(audienceID), ids, opts))
			require.NoError(t, byID.Client(t, stub.NoLimits).Audiences().Edit(t.Context(), audience.ByID(audienceID),
				audience.Edit{AddMembers: audience.Devices(ids...)}, &audience.EditOptions{ChunkSize: c.chunk, CompactRequests: true}))
			require.Equal(t, c.want, sizes(changes(t, byObject)))
			require.Len(t, byID.Requests(), len(c.want))
			got := []string{}
			for _, change := range changes(t, byObject) {
				for _, asset := range change.AddMembers {
					got = append(got, asset.ID)
				}
			}
			require.Equal(t, ids, got)
		})
	}
}

func TestANegativeChunkSizeIsRejected(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	err := service.Client(t).Audiences().AddDevices(t.Context(), audience.ByID(audienceID), stub.DeviceIDs(1),
		&audience.EditOptions{ChunkSize: -1})
	require.EqualError(t, err, "audiences.AddDevices: EditOptions.ChunkSize must not be negative (got -1)")
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.Empty(t, service.Requests())
}

var (
	m1, m2 = stub.DeviceID(11), stub.DeviceID(12)
	r1, r2 = stub.DeviceID(21), stub.DeviceID(22)
	x1, x2 = stub.DeviceID(31), stub.DeviceID(32)
	i1, i2 = stub.DeviceID(41), stub.DeviceID(42)
)

// fourSides has two assets in each list.
var fourSides = audience.Edit{
	AddMembers:       audience.Devices(m1, m2),
	RemoveMembers:    audience.Devices(r1, r2),
	AddExclusions:    audience.Devices(x1, x2),
	RemoveExclusions: audience.Devices(i1, i2),
}

func TestAnAudienceIsNarrowedBeforeItIsWidened(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	require.NoError(t,
		service.Client(t).Audiences().Edit(t.Context(), audience.ByID(audienceID), fourSides, &audience.EditOptions{ChunkSize: 3}))
	require.Equal(t, []changed{
		{AddExclusions: assets("azureADDevice", x1, x2), RemoveMembers: assets("azureADDevice", r1)},
		{RemoveMembers: assets("azureADDevice", r2), AddMembers: assets("azureADDevice", m1, m2)},
		{RemoveExclusions: assets("azureADDevice", i1, i2)},
	}, changes(t, service))
}

func TestAFailureNamesWhatWasSentAndWhatWasNot(t *testing.T) {
	t.Parallel()
	d := audience.Devices
	for name, c := range map[string]struct {
		accepted             int
		sent, failed, unsent audience.Edit
		text                 string
	}{
		"first": {
			0,
			audience.Edit{},
			audience.Edit{AddExclusions: d(x1, x2), RemoveMembers: d(r1)},
			audience.Edit{RemoveMembers: d(r2), AddMembers: d(m1, m2), RemoveExclusions: d(i1, i2)},
			"0 of 8 assets accepted, 3 failed, 5 not sent",
		},
		"second": {
			1,
			audience.Edit{AddExclusions: d(x1, x2), RemoveMembers: d(r1)},
			audience.Edit{RemoveMembers: d(r2), AddMembers: d(m1, m2)},
			audience.Edit{RemoveExclusions: d(i1, i2)},
			"3 of 8 assets accepted, 3 failed, 2 not sent",
		},
		"last": {
			2,
			audience.Edit{AddExclusions: d(x1, x2), RemoveMembers: d(r1, r2), AddMembers: d(m1, m2)},
			audience.Edit{RemoveExclusions: d(i1, i2)},
			audience.Edit{},
			"6 of 8 assets accepted, 2 failed, 0 not sent",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(append(slices.Repeat([]stub.Reply{stub.Answer(202, "")}, c.accepted),
				stub.Answer(403, `{"error":{"code":"Forbidden","message":"no"}}`))...)
			opts := &audience.EditOptions{ChunkSize: 3}

			err := service.Client(t).Audiences().Edit(t.Context(), audience.ByID(audienceID), fourSides, opts)

			var failed *audience.EditError
			require.ErrorAs(t, err, &failed)
			require.Equal(t, c.sent, failed.Sent)
			require.Equal(t, c.failed, failed.Failed)
			require.Equal(t, c.unsent, failed.Unsent)
			require.ErrorContains(t, err, c.text)
			require.ErrorContains(t, err, "audiences.Edit: 403 Forbidden: no")
			require.ErrorIs(t, err, apierr.ErrForbidden)
			require.Len(t, service.Requests(), c.accepted+1, "nothing is sent after a failure")

			again := stub.Answering(stub.Answer(202, ""))
			require.NoError(t, again.Client(t).Audiences().Edit(t.Context(), audience.ByID(audienceID), failed.Remaining(), opts))
			all := append(changes(t, service)[:c.accepted], changes(t, again)...)
			require.Equal(t, []int{3, 3, 2}, sizes(all), "the rest continues where the failure was")
			requireAllSides(t, all)
		})
	}
}

// requireAllSides sees each asset of fourSides once, in its list and in order.
func requireAllSides(t *testing.T, all []changed) {
	t.Helper()
	var sum changed
	for _, c := range all {
		sum.AddMembers = append(sum.AddMembers, c.AddMembers...)
		sum.RemoveMembers = append(sum.RemoveMembers, c.RemoveMembers...)
		sum.AddExclusions = append(sum.AddExclusions, c.AddExclusions...)
		sum.RemoveExclusions = append(sum.RemoveExclusions, c.RemoveExclusions...)
	}
	require.Equal(t, changed{
		AddMembers:       assets("azureADDevice", m1, m2),
		RemoveMembers:    assets("azureADDevice", r1, r2),
		AddExclusions:    assets("azureADDevice", x1, x2),
		RemoveExclusions: assets("azureADDevice", i1, i2),
	}, sum)
}

func TestALostResponseIsAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""), stub.Answer(504, ""))
	err := service.Client(t).Audiences().Edit(t.Context(), audience.ByID(audienceID), fourSides,
		&audience.EditOptions{ChunkSize: 4, CompactRequests: true})
	var failed *audience.EditError
	require.ErrorAs(t, err, &failed)
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.Equal(t, audience.Edit{AddMembers: audience.Devices(m1, m2), RemoveExclusions: audience.Devices(i1, i2)}, failed.Failed)
	require.Equal(t, failed.Failed, failed.Remaining())
}

func TestAnEditThatWasStoppedCanGoOn(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	service := stub.Answering(stub.Answer(202, ""))
	err := service.Client(t).Audiences().Edit(ctx, audience.ByID(audienceID), fourSides, nil)
	var failed *audience.EditError
	require.ErrorAs(t, err, &failed)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, fourSides, failed.Remaining())
	require.Empty(t, service.Requests())
}

func TestAnEditErrorSharesNothingWithTheEdit(t *testing.T) {
	t.Parallel()
	edit := audience.Edit{AddMembers: audience.Devices(stub.DeviceIDs(3)...)}
	err := stub.Answering(stub.Answer(202, ""), stub.Answer(403, "{}")).Client(t).Audiences().
		Edit(t.Context(), audience.ByID(audienceID), edit, &audience.EditOptions{ChunkSize: 1})
	var failed *audience.EditError
	require.ErrorAs(t, err, &failed)
	rest := failed.Remaining()
	_ = append(failed.Sent.AddMembers, audience.Member{ID: "other"})
	rest.AddMembers[0].ID = "changed"
	require.Equal(t, audience.Edit{AddMembers: audience.Devices(stub.DeviceIDs(3)...)}, edit)
	require.Equal(t, audience.Devices(stub.DeviceID(1)), failed.Failed.AddMembers)
}

func TestABadAssetIsNamedWithItsPosition(t *testing.T) {
	t.Parallel()
	long := append(stub.DeviceIDs(450), "..")
	for want, edit := range map[string]audience.Edit{
		`AddMembers[1].ID must not be empty`:                         {AddMembers: audience.Devices(device1, "")},
		`AddMembers[450].ID must be an ID of the service (got "..")`: {AddMembers: audience.Devices(long...)},
		`RemoveMembers[0].ID must not be empty`: {
			AddMembers: audience.Devices(device1), RemoveMembers: audience.Groups("\t"),
		},
		`AddExclusions[2].ID must be an ID of the service (got " c")`: {AddExclusions: audience.Devices(device1, device2, " c")},
		`RemoveExclusions[1].Kind must be KindDevice or KindGroup (got "user")`: {
			RemoveExclusions: []audience.Member{{Kind: audience.KindGroup, ID: "a"}, {Kind: "user", ID: device1}},
		},
		`AddMembers[0].Kind must be KindDevice or KindGroup (got "")`: {AddMembers: []audience.Member{{ID: device1}}},
	} {
		service := stub.Answering(stub.Answer(202, ""))
		err := service.Client(t).Audiences().Edit(t.Context(), audience.ByID(audienceID), edit, nil)
		require.EqualError(t, err, "audiences.Edit: "+want)
		require.ErrorIs(t, err, apierr.ErrInvalid)
		var partial *audience.EditError
		require.NotErrorAs(t, err, &partial)
		require.Empty(t, service.Requests(), "nothing is sent, not even the good chunks before")
	}
}

func TestAnEmptyEditSendsNothing(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(500, ""))
	client := service.Client(t)
	for _, edit := range []audience.Edit{
		{}, {AddMembers: []audience.Member{}}, {AddMembers: audience.Devices(), RemoveMembers: audience.Groups()},
	} {
		require.NoError(t, client.Audiences().Edit(t.Context(), audience.ByID(audienceID), edit, nil))
		require.NoError(t, client.Audiences().Edit(t.Context(), audience.ByID(audienceID), edit, compact))
	}
	require.NoError(t, client.Audiences().AddDevices(t.Context(), audience.ByID(audienceID), nil, nil))
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, nil, nil))
	require.Empty(t, service.Requests())
}

func TestTheZeroRefIsRejected(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	client := service.Client(t).Audiences()
	for _, ref := range []audience.Ref{{}, audience.ByID(""), audience.OfDeployment(" "), audience.OfUpdatePolicy("..")} {
		_, getErr := client.Get(t.Context(), ref)
		_, membersErr := client.ListMembers(ref, nil).First(t.Context())
		_, exclusionsErr := client.ListExclusions(ref, nil).First(t.Context())
		for _, err := range []error{
			getErr, membersErr, exclusionsErr,
			client.AddDevices(t.Context(), ref, stub.DeviceIDs(1), nil),
			client.Edit(t.Context(), ref, audience.Edit{}, nil),
			client.Edit(t.Context(), ref, audience.Edit{AddMembers: audience.Groups(group1)}, compact),
		} {
			var field *apierr.FieldError
			require.ErrorAs(t, err, &field)
			require.Equal(t, "of", field.Field)
		}
	}
	require.Empty(t, service.Requests())
}

func TestEachOperationReachesEachAudience(t *testing.T) {
	t.Parallel()
	for base, ref := range map[string]audience.Ref{
		"/deploymentAudiences/i":     audience.ByID("i"),
		"/deployments/i/audience":    audience.OfDeployment("i"),
		"/updatePolicies/i/audience": audience.OfUpdatePolicy("i"),
	} {
		t.Run(ref.String(), func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, `{"id":"a","value":[]}`))
			client, edit := service.Client(t).Audiences(), audience.Edit{AddMembers: audience.Devices(device1)}
			got, err := client.Get(t.Context(), ref)
			require.NoError(t, err)
			require.Equal(t, &audience.Audience{ID: "a", Extra: got.Extra}, got)
			_, err = client.ListMembers(ref, nil).Collect(t.Context(), 1)
			require.NoError(t, err)
			_, err = client.ListExclusions(ref, nil).Collect(t.Context(), 1)
			require.NoError(t, err)
			require.NoError(t, client.Edit(t.Context(), ref, edit, nil))
			require.NoError(t, client.Edit(t.Context(), ref, edit, compact))
			var routes []string
			for _, request := range service.Requests() {
				routes = append(routes, request.Method+" "+strings.TrimPrefix(request.Path, base))
			}
			require.Equal(t,
				[]string{"GET ", "GET /members", "GET /exclusions", "POST /updateAudience", "POST /updateAudienceById"},
				routes)
		})
	}
}

func TestARefSaysWhoseAudienceItIs(t *testing.T) {
	t.Parallel()
	for want, ref := range map[string]audience.Ref{
		"no audience":                 {},
		"audience X":                  audience.ByID("X"),
		"audience of deployment X":    audience.OfDeployment("X"),
		"audience of update policy X": audience.OfUpdatePolicy("X"),
	} {
		require.Equal(t, want, fmt.Sprint(ref))
	}
	require.NotEqual(t, audience.ByID("X"), audience.OfDeployment("X"))
}

func TestAListOfFiftyThousandIsSentWhole(t *testing.T) {
	t.Parallel()
	const n = 50_000
	service := stub.Answering(stub.Answer(202, ""))
	require.NoError(t, service.Client(t, stub.NoLimits).Audiences().Edit(t.Context(), audience.ByID(audienceID),
		audience.Edit{AddMembers: audience.Devices(stub.DeviceIDs(n)...)}, &audience.EditOptions{ChunkSize: 500, CompactRequests: true}))
	requests := service.Requests()
	require.Len(t, requests, n/500)
	seen := map[string]bool{}
	for _, request := range requests {
		var body struct{ AddMembers []string }
		require.NoError(t, json.Unmarshal([]byte(request.Body), &body))
		for _, id := range body.AddMembers {
			seen[id] = true
		}
	}
	require.Len(t, seen, n)
}

func TestLenCountsAllLists(t *testing.T) {
	t.Parallel()
	require.Equal(t, 8, fourSides.Len())
	require.Zero(t, audience.Edit{}.Len())
}

func TestAnEditErrorIsItsCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	err := error(&audience.EditError{Err: cause, Sent: fourSides})
	require.ErrorIs(t, err, cause)
	require.EqualError(t, err, "cause; 8 of 8 assets accepted, 0 failed, 0 not sent")
}
