package catalog_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
)

var later = day.Add(24 * time.Hour)

// literals has, for each method that returns a changed query, what it makes of the
// zero query.
var literals = map[string]struct{ chain, literal any }{
	"FeatureQuery.OfVersion":      {catalog.FeatureQuery{}.OfVersion("v"), catalog.FeatureQuery{Version: "v"}},
	"FeatureQuery.OfBuild":        {catalog.FeatureQuery{}.OfBuild("1"), catalog.FeatureQuery{Build: "1"}},
	"FeatureQuery.ReleasedAfter":  {catalog.FeatureQuery{}.ReleasedAfter(day), catalog.FeatureQuery{After: day}},
	"FeatureQuery.ReleasedBefore": {catalog.FeatureQuery{}.ReleasedBefore(day), catalog.FeatureQuery{Before: day}},
	"FeatureQuery.DeployableOn":   {catalog.FeatureQuery{}.DeployableOn(day), catalog.FeatureQuery{DeployableAt: day}},
	"FeatureQuery.NewestFirst":    {catalog.FeatureQuery{}.NewestFirst(), catalog.FeatureQuery{SortNewestFirst: true}},
	"FeatureQuery.AtMost":         {catalog.FeatureQuery{}.AtMost(2), catalog.FeatureQuery{Limit: 2}},
	"FeatureQuery.Matching":       {catalog.FeatureQuery{}.Matching("f"), catalog.FeatureQuery{Filter: "f"}},

	"QualityQuery.OfVersion": {catalog.QualityQuery{}.OfVersion("v"), catalog.QualityQuery{Version: "v"}},
	"QualityQuery.OfBuild":   {catalog.QualityQuery{}.OfBuild("1.2"), catalog.QualityQuery{Build: "1.2"}},
	"QualityQuery.OfCadence": {catalog.QualityQuery{}.OfCadence("monthly"), catalog.QualityQuery{Cadence: catalog.CadenceMonthly}},
	"QualityQuery.OfClassification": {
		catalog.QualityQuery{}.OfClassification("security"), catalog.QualityQuery{Classification: catalog.ClassificationSecurity},
	},
	"QualityQuery.ExpeditableOnly": {catalog.QualityQuery{}.ExpeditableOnly(), catalog.QualityQuery{Expeditable: true}},
	"QualityQuery.ExploitedOnly":   {catalog.QualityQuery{}.ExploitedOnly(), catalog.QualityQuery{Exploited: true}},
	"QualityQuery.HotpatchOnly":    {catalog.QualityQuery{}.HotpatchOnly(), catalog.QualityQuery{Hotpatch: true}},
	"QualityQuery.ReleasedAfter":   {catalog.QualityQuery{}.ReleasedAfter(day), catalog.QualityQuery{After: day}},
	"QualityQuery.ReleasedBefore":  {catalog.QualityQuery{}.ReleasedBefore(day), catalog.QualityQuery{Before: day}},
	"QualityQuery.DeployableOn":    {catalog.QualityQuery{}.DeployableOn(day), catalog.QualityQuery{DeployableAt: day}},
	"QualityQuery.NewestFirst":     {catalog.QualityQuery{}.NewestFirst(), catalog.QualityQuery{SortNewestFirst: true}},
	"QualityQuery.AtMost":          {catalog.QualityQuery{}.AtMost(2), catalog.QualityQuery{Limit: 2}},
	"QualityQuery.WithRevisions":   {catalog.QualityQuery{}.WithRevisions(), catalog.QualityQuery{Revisions: true}},
	"QualityQuery.Matching":        {catalog.QualityQuery{}.Matching("f"), catalog.QualityQuery{Filter: "f"}},

	"RecoveryQuery.ReleasedAfter":  {catalog.RecoveryQuery{}.ReleasedAfter(day), catalog.RecoveryQuery{After: day}},
	"RecoveryQuery.ReleasedBefore": {catalog.RecoveryQuery{}.ReleasedBefore(day), catalog.RecoveryQuery{Before: day}},
	"RecoveryQuery.DeployableOn":   {catalog.RecoveryQuery{}.DeployableOn(day), catalog.RecoveryQuery{DeployableAt: day}},
	"RecoveryQuery.NewestFirst":    {catalog.RecoveryQuery{}.NewestFirst(), catalog.RecoveryQuery{SortNewestFirst: true}},
	"RecoveryQuery.AtMost":         {catalog.RecoveryQuery{}.AtMost(2), catalog.RecoveryQuery{Limit: 2}},
	"RecoveryQuery.WithRevisions":  {catalog.RecoveryQuery{}.WithRevisions(), catalog.RecoveryQuery{Revisions: true}},
	"RecoveryQuery.Matching":       {catalog.RecoveryQuery{}.Matching("f"), catalog.RecoveryQuery{Filter: "f"}},
}

func queryTypes() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[catalog.FeatureQuery](), reflect.TypeFor[catalog.QualityQuery](), reflect.TypeFor[catalog.RecoveryQuery](),
	}
}

func TestEachMethodOfAQueryEqualsItsLiteral(t *testing.T) {
	t.Parallel()
	count := 0
	for _, typ := range queryTypes() {
		for method := range typ.Methods() {
			if method.Type.Out(0) != typ {
				continue
			}
			count++
			c, ok := literals[typ.Name()+"."+method.Name]
			require.True(t, ok, "%v.%s has no literal", typ, method.Name)
			require.Equal(t, c.literal, c.chain)
		}
	}
	require.Len(t, literals, count)
}

func TestAChainOfAQueryEqualsItsLiteral(t *testing.T) {
	t.Parallel()
	zero := catalog.QualityQuery{}
	chain := zero.OfVersion("24H2").OfBuild("26100").OfCadence(catalog.CadenceOutOfBand).OfClassification(catalog.ClassificationSecurity).
		ExpeditableOnly().ExploitedOnly().HotpatchOnly().ReleasedAfter(day).ReleasedBefore(later).DeployableOn(day).
		NewestFirst().AtMost(3).WithRevisions().Matching("a eq b")
	require.Equal(t, catalog.QualityQuery{
		Version: "24H2", Build: "26100", Cadence: catalog.CadenceOutOfBand, Classification: catalog.ClassificationSecurity,
		Expeditable: true, Exploited: true, Hotpatch: true, After: day, Before: later, DeployableAt: day,
		SortNewestFirst: true, Limit: 3, Revisions: true, Filter: "a eq b",
	}, chain)
	require.Zero(t, zero, "a method does not change what it is called on")
}

func TestFieldsAndMethodsOfAQueryAreNeverTheSameWord(t *testing.T) {
	t.Parallel()
	for _, typ := range queryTypes() {
		stub.RequireDistinctNames(t, typ)
	}
}
