package kjson

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// What is read into a template is copied into the object. That is right for plain
// values and for what refers to other memory, and wrong for a lock.
func TestModelsHoldOnlyWhatMayBeCopied(t *testing.T) {
	t.Parallel()
	for name, create := range constructors() {
		model, err := create(nil)
		require.NoError(t, err)
		requireCopyable(t, reflect.TypeOf(model).Elem(), name)
	}
}

func requireCopyable(t *testing.T, of reflect.Type, name string) {
	t.Helper()
	require.Equal(t, reflect.Struct, of.Kind(), name)
	plain := []reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.String, reflect.Int}
	for field := range of.Fields() {
		if field.Anonymous {
			requireCopyable(t, field.Type, name+"."+field.Name)
			continue
		}
		require.Contains(t, plain, field.Type.Kind(), "%s.%s", name, field.Name)
	}
}

func TestWhatWasReadStaysAsItIs(t *testing.T) {
	t.Parallel()
	for name, create := range constructors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, document := newMaker(t, 3).model(name, 3)
			document["unknown"] = 1
			full := mustRead(t, marshaled(t, document), create)
			before := described(full)

			empty := mustRead(t, []byte("{}"), create)
			fresh, err := create(nil)
			require.NoError(t, err)
			require.Equal(t, fresh, empty, "as its constructor makes it")

			mustRead(t, []byte(`{"unknown":2}`), create)
			require.Equal(t, before, described(full))
		})
	}
}

func TestNothingIsLeftOfAnObjectThatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	_, err := Read([]byte(`{"x":1,"createdDateTime":"2024-01-01","id":5}`), models.CreateDeploymentFromDiscriminatorValue)
	require.Error(t, err)
	require.Equal(t, models.NewDeployment(), mustRead(t, []byte("{}"), models.CreateDeploymentFromDiscriminatorValue))
}

func TestATemplateThatIsGivenBackIsEmpty(t *testing.T) {
	t.Parallel()
	type ours struct{ models.Entity } // no other test borrows its template
	borrowed := borrow(&ours{*entity("1")})
	require.Equal(t, "1", idOf(borrowed.item.(models.Entityable)))
	borrowed.giveBack()
	require.True(t, borrowed.value.IsZero())
}

func TestObjectsOfOneTypeMayLieInEachOther(t *testing.T) {
	t.Parallel()
	const group = `"@odata.type":"#microsoft.graph.windowsUpdates.updatableAssetGroup"`
	outer := readAs[*models.UpdatableAssetGroup](t, models.CreateUpdatableAssetFromDiscriminatorValue,
		`{`+group+`,"x":1,"members":[{`+group+`,"id":"2","members":[{`+group+`,"id":"3","y":1}]},{`+group+`}],"id":"1"}`)
	inner := outer.GetMembers()[0].(*models.UpdatableAssetGroup)
	innermost := inner.GetMembers()[0].(*models.UpdatableAssetGroup)
	require.Equal(t, []string{"1", "2", "3", ""}, []string{idOf(outer), idOf(inner), idOf(innermost), idOf(outer.GetMembers()[1])})
	require.Equal(t, []int{1, 0, 1}, []int{
		len(outer.GetAdditionalData()), len(inner.GetAdditionalData()), len(innermost.GetAdditionalData()),
	})
	require.Len(t, outer.GetMembers(), 2)
	require.Nil(t, innermost.GetMembers())
}

// The map of its fields would take each device six more. Allocations cannot be
// counted beside other tests.
func TestFieldsAreNotMadeForEachObject(t *testing.T) {
	const devices = 200
	device := `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"1","errors":[]}`
	page := []byte(`{"value":[` + strings.Repeat(device+",", devices-1) + device + `]}`)
	allocs := testing.AllocsPerRun(20, func() { mustRead(t, page, models.CreateUpdatableAssetPageFromDiscriminatorValue) })
	require.Less(t, allocs/devices, 7.0)
}
