package audience_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// maker makes random values. The seed is fixed, so that a failure comes again.
type maker struct{ *rand.Rand }

func newMaker(seed uint64) maker { return maker{rand.New(rand.NewPCG(seed, 4))} }

// one of several.
func one[T any](m maker, of ...T) T { return of[m.IntN(len(of))] }

func (m maker) id() string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", m.Uint64()>>16) }

func (m maker) members(kinds ...audience.Kind) []audience.Member {
	var list []audience.Member
	for range m.IntN(12) {
		list = append(list, audience.Member{Kind: one(m, kinds...), ID: m.id()})
	}
	return list
}

func (m maker) edit(kinds ...audience.Kind) audience.Edit {
	return audience.Edit{
		AddMembers: m.members(kinds...), RemoveMembers: m.members(kinds...),
		AddExclusions: m.members(kinds...), RemoveExclusions: m.members(kinds...),
	}
}

func TestTheChunksOfAnEditAreTheEdit(t *testing.T) {
	t.Parallel()
	m := newMaker(1)
	for range 200 {
		edit, size := m.edit(audience.KindDevice, audience.KindGroup), 1+m.IntN(20)
		service := stub.Answering(stub.Answer(202, ""))
		require.NoError(t,
			service.Client(t, stub.NoLimits).Audiences().Edit(t.Context(), audience.ByID(audienceID), edit, &audience.EditOptions{ChunkSize: size}))
		requests := changes(t, service)
		require.Len(t, requests, (edit.Len()+size-1)/size)
		requireUnion(t, edit, requests)
		stub.RequireStored(t, edit)
	}
}

func TestTheChunksOfACompactEditAreTheEdit(t *testing.T) {
	t.Parallel()
	m := newMaker(2)
	for range 200 {
		kind := one(m, audience.KindDevice, audience.KindGroup)
		edit, size := m.edit(kind), 1+m.IntN(20)
		service := stub.Answering(stub.Answer(202, ""))
		opts := &audience.EditOptions{ChunkSize: size, CompactRequests: true}
		require.NoError(t, service.Client(t, stub.NoLimits).Audiences().Edit(t.Context(), audience.ByID(audienceID), edit, opts))
		var requests []changed
		for _, request := range service.Requests() {
			requests = append(requests, spelledOut(t, request.Body))
		}
		require.Len(t, requests, (edit.Len()+size-1)/size)
		requireUnion(t, edit, requests)
	}
}

// spelledOut gives each id of a body its type.
func spelledOut(t *testing.T, text string) changed {
	t.Helper()
	var body struct {
		MemberEntityType                                           string
		AddMembers, RemoveMembers, AddExclusions, RemoveExclusions []string
	}
	require.NoError(t, json.Unmarshal([]byte(text), &body))
	typed := func(ids []string) []asset {
		var list []asset
		for _, id := range ids {
			list = append(list, asset{body.MemberEntityType, id})
		}
		return list
	}
	return changed{typed(body.AddMembers), typed(body.RemoveMembers), typed(body.AddExclusions), typed(body.RemoveExclusions)}
}

// named are the assets of a body as members of an edit.
func named(list []asset) []audience.Member {
	var members []audience.Member
	for _, one := range list {
		members = append(members, audience.Member{Kind: audience.Kind(strings.TrimPrefix(one.Type, "#"+types)), ID: one.ID})
	}
	return members
}

// requireUnion sees each asset of an edit once, in its list and in order.
func requireUnion(t *testing.T, want audience.Edit, requests []changed) {
	t.Helper()
	var got audience.Edit
	for _, r := range requests {
		got.AddMembers = append(got.AddMembers, named(r.AddMembers)...)
		got.RemoveMembers = append(got.RemoveMembers, named(r.RemoveMembers)...)
		got.AddExclusions = append(got.AddExclusions, named(r.AddExclusions)...)
		got.RemoveExclusions = append(got.RemoveExclusions, named(r.RemoveExclusions)...)
	}
	require.Equal(t, want, got)
}

func TestARandomAssetIsReadAndStoredWithoutLoss(t *testing.T) {
	t.Parallel()
	m := newMaker(3)
	for range 1000 {
		document := m.asset(2)
		got := readOne(t, text(t, document))
		require.Equal(t, string(text(t, document)), string(text(t, unread(got))))
		again, err := audience.UnmarshalAsset(text(t, got))
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
}

func TestARandomAudienceIsReadAndStoredWithoutLoss(t *testing.T) {
	t.Parallel()
	m := newMaker(6)
	for range 500 {
		document := m.audience()
		got, err := stub.Answering(stub.Answer(200, string(text(t, document)))).Client(t).Audiences().Get(t.Context(), audience.ByID(audienceID))
		require.NoError(t, err, string(text(t, document)))
		require.Equal(t, string(text(t, document)), string(text(t, unreadAudience(got))))
		stub.RequireStored(t, *got)
	}
}

func TestWhatODataSaysOfTheResponseIsNotKept(t *testing.T) {
	t.Parallel()
	m := newMaker(4)
	for range 200 {
		document := m.asset(0)
		want := readOne(t, text(t, document))
		m.annotate(document)
		require.Equal(t, want, readOne(t, text(t, document)))
	}
}

// readOne reads an asset as a member of an audience.
func readOne(t *testing.T, document []byte) audience.Asset {
	t.Helper()
	service := stub.Answering(stub.Answer(200, `{"value":[`+string(document)+`]}`))
	asset, err := service.Client(t).Audiences().ListMembers(audience.ByID(audienceID), nil).First(t.Context())
	require.NoError(t, err, string(document))
	return asset
}

func text(t *testing.T, v any) []byte {
	t.Helper()
	out, err := json.Marshal(v)
	require.NoError(t, err)
	return out
}

// object is a document of the service.
type object = map[string]any

// asset is a random device, group or something unknown, with groups in groups to
// a depth.
func (m maker) asset(depth int) object {
	kind := one(m, "azureADDevice", "azureADDevice", "updatableAssetGroup", "lunarAsset")
	o := object{"@odata.type": "#" + types + kind, "id": m.id()}
	switch {
	case kind == "azureADDevice":
		m.fillDevice(o)
	case kind == "updatableAssetGroup" && depth > 0:
		o["members"] = several(m, func() any { return m.asset(depth - 1) })
	}
	return m.withStrangers(o)
}

func (m maker) fillDevice(o object) {
	enrollment := object{}
	for _, category := range []string{"feature", "quality", "driver"} {
		if m.IntN(2) == 0 {
			enrollment[category] = m.withStrangers(m.information())
		}
	}
	if m.withStrangers(enrollment); len(enrollment) > 0 {
		o["enrollment"] = enrollment
	}
	var errs []any
	for range m.IntN(3) {
		errs = append(errs, m.withStrangers(object{
			"@odata.type": "#" + types + "azureADDeviceRegistrationError",
			"reason":      one(m, "missingTrustType", "bored"),
		}))
	}
	if errs != nil {
		o["errors"] = errs
	}
}

func (m maker) information() object {
	o := object{"enrollmentState": one(m, "enrolled", "notEnrolled", "dreaming")}
	if m.IntN(2) == 0 {
		o["lastModifiedDateTime"] = time.Unix(m.Int64N(4e9), m.Int64N(1e9)).UTC()
	}
	return o
}

// withStrangers adds unknown members.
func (m maker) withStrangers(o object) object {
	for range m.IntN(3) {
		o[one(m, "color", "Über", "", "ID", "value", "extra", "kind")] = json.RawMessage(one(m,
			`null`, `true`, `12345678901234567890.50`, `1e400`, `"\u0000 \ud83d\ude00 \u003c"`,
			`[null,{"@odata.type":"#x"}]`, `{"a":{"b":[1,2]}}`, `""`))
	}
	return o
}

// annotate adds what OData says to an object and those in it.
func (m maker) annotate(o object) {
	for _, value := range o {
		if inner, ok := value.(object); ok {
			m.annotate(inner)
		}
	}
	o["@odata.etag"], o["members@odata.nextLink"], o["id@odata.count"] = `W/"1"`, "https://x", 7
}

// unread is the document that an asset was read from.
func unread(a audience.Asset) object {
	o := object{"@odata.type": "#" + types + string(a.Common().Kind), "id": a.Common().ID}
	switch a := a.(type) {
	case *audience.Device:
		unreadDevice(o, a)
	case *audience.Group:
		if a.Members != nil {
			o["members"] = mapped(a.Members, unread)
		}
	}
	return with(o, a.Common().Extra)
}

func unreadDevice(o object, d *audience.Device) {
	enrollment := object{}
	for _, category := range []audience.Category{audience.CategoryFeature, audience.CategoryQuality, audience.CategoryDriver} {
		if e := d.Enrollment(category); e.State != "" {
			enrollment[string(category)] = with(unreadEnrollment(e), e.Extra)
		}
	}
	var errs []any
	for _, e := range d.Errors {
		errs = append(errs, with(object{"@odata.type": "#" + types + "azureADDeviceRegistrationError", "reason": e.Reason}, e.Extra))
	}
	if len(enrollment) > 0 {
		o["enrollment"] = enrollment
	}
	if errs != nil {
		o["errors"] = errs
	}
}

func unreadEnrollment(e audience.Enrollment) object {
	o := object{"enrollmentState": e.State}
	if !e.Modified.IsZero() {
		o["lastModifiedDateTime"] = e.Modified
	}
	return o
}

// with adds what the client does not know. What it keeps of an object that it
// knows goes into that object.
func with(o object, extra map[string]json.RawMessage) object {
	for name, raw := range extra {
		var rest map[string]json.RawMessage
		if inner, known := o[name].(object); known && json.Unmarshal(raw, &rest) == nil {
			with(inner, rest)
			continue
		}
		o[name] = raw
	}
	return o
}

// audience is a random audience with any of its lists, empty ones included.
func (m maker) audience() object {
	o := object{"id": m.id()}
	for _, name := range []string{"members", "exclusions"} {
		if m.IntN(2) == 0 {
			o[name] = several(m, func() any { return m.asset(1) })
		}
	}
	if m.IntN(2) == 0 {
		o["applicableContent"] = several(m, func() any { return m.content() })
	}
	return m.withStrangers(o)
}

func several(m maker, next func() any) []any {
	list := []any{}
	for range m.IntN(3) {
		list = append(list, next())
	}
	return list
}

func (m maker) content() object {
	o := object{"catalogEntryId": m.id()}
	if m.IntN(2) == 0 {
		o["catalogEntry"] = object{
			"@odata.type": "#" + types + one(m, "driverUpdateCatalogEntry", "lunarCatalogEntry"), "id": m.id(),
			"displayName": "x",
		}
	}
	if m.IntN(2) == 0 {
		o["matchedDevices"] = several(m, func() any {
			return m.withStrangers(object{"deviceId": m.id(), "recommendedBy": one(m, []string{}, []string{"Microsoft", "Contoso"})})
		})
	}
	if m.IntN(2) == 0 {
		o["matchedDevices@odata.nextLink"] = m.id()
	}
	return m.withStrangers(o)
}

// unreadAudience is the document that an audience was read from.
func unreadAudience(a *audience.Audience) object {
	o := object{"id": a.ID}
	for name, assets := range map[string]audience.Assets{"members": a.Members, "exclusions": a.Exclusions} {
		if assets != nil {
			o[name] = mapped(assets, unread)
		}
	}
	if a.ApplicableContent != nil {
		o["applicableContent"] = mapped(a.ApplicableContent, unreadContent)
	}
	return with(o, a.Extra)
}

func unreadContent(c audience.ApplicableContent) object {
	o := object{"catalogEntryId": c.EntryID}
	if c.Entry != nil {
		entry := c.Entry.Common()
		o["catalogEntry"] = object{"@odata.type": "#" + types + string(entry.Kind), "id": entry.ID, "displayName": entry.DisplayName}
	}
	if c.Devices != nil {
		o["matchedDevices"] = mapped(c.Devices, func(m audience.DeviceMatch) object {
			return with(object{"deviceId": m.DeviceID, "recommendedBy": m.RecommendedBy}, m.Extra)
		})
	}
	if c.NextDevices != "" {
		o["matchedDevices@odata.nextLink"] = c.NextDevices
	}
	return with(o, c.Extra)
}

func mapped[T any](list []T, f func(T) object) []any {
	out := []any{}
	for _, item := range list {
		out = append(out, f(item))
	}
	return out
}
