package policies_test

import (
	"context"
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/policies"
)

// storedRounds is the number of texts of a kind.
const storedRounds = 1000

// losslessCase reads a text, and sends what it read.
type losslessCase struct {
	text func(dice) any
	read func([]byte) (func(context.Context, policies.Client) error, error)
}

func readPolicy[S policies.Spec](text []byte) (func(context.Context, policies.Client) error, error) {
	var spec S
	err := json.Unmarshal(text, &spec)
	return func(ctx context.Context, c policies.Client) error {
		_, err := c.Create(ctx, spec)
		return err
	}, err
}

func readPolicyUpdate[U policies.Update](text []byte) (func(context.Context, policies.Client) error, error) {
	var u U
	err := json.Unmarshal(text, &u)
	return func(ctx context.Context, c policies.Client) error { return c.Update(ctx, "p", u) }, err
}

func readRing[S policies.RingSpec](text []byte) (func(context.Context, policies.Client) error, error) {
	var spec S
	err := json.Unmarshal(text, &spec)
	return func(ctx context.Context, c policies.Client) error {
		_, err := c.CreateRing(ctx, "p", spec)
		return err
	}, err
}

func readRingUpdate[U policies.RingUpdate](text []byte) (func(context.Context, policies.Client) error, error) {
	var u U
	err := json.Unmarshal(text, &u)
	return func(ctx context.Context, c policies.Client) error { return c.UpdateRing(ctx, "p", "r", u) }, err
}

// lossless has all values that are read from a text and sent.
var lossless = map[string]losslessCase{
	"quality policy":  {func(r dice) any { return r.qualityPolicySpec() }, readPolicy[policies.QualityPolicySpec]},
	"feature policy":  {func(r dice) any { return r.featurePolicySpec() }, readPolicy[policies.FeaturePolicySpec]},
	"driver policy":   {func(r dice) any { return r.driverPolicySpec() }, readPolicy[policies.DriverPolicySpec]},
	"quality update":  {func(r dice) any { return r.qualityPolicyUpdate() }, readPolicyUpdate[policies.QualityPolicyUpdate]},
	"feature update":  {func(r dice) any { return r.featurePolicyUpdate() }, readPolicyUpdate[policies.FeaturePolicyUpdate]},
	"driver update":   {func(r dice) any { return r.driverPolicyUpdate() }, readPolicyUpdate[policies.DriverPolicyUpdate]},
	"quality ring":    {func(r dice) any { return r.qualityRingSpec() }, readRing[policies.QualityRingSpec]},
	"feature ring":    {func(r dice) any { return r.featureRingSpec() }, readRing[policies.FeatureRingSpec]},
	"driver ring":     {func(r dice) any { return r.driverRingSpec() }, readRing[policies.DriverRingSpec]},
	"quality changes": {func(r dice) any { return r.qualityRingUpdate() }, readRingUpdate[policies.QualityRingUpdate]},
	"feature changes": {func(r dice) any { return r.featureRingUpdate() }, readRingUpdate[policies.FeatureRingUpdate]},
	"driver changes":  {func(r dice) any { return r.driverRingUpdate() }, readRingUpdate[policies.DriverRingUpdate]},
}

var (
	groupItem = regexp.MustCompile(`^\.(in|ex)cludedgroupids(\.\d+)$`)
	groupList = regexp.MustCompile(`^\.(in|ex)cludedgroupids$`)
	ruleKind  = regexp.MustCompile(`^(|\.approvalrules\.\d+)\.type$`)
)

// sentAs is where a property of a stored policy or ring is in the request.
func sentAs(path, value string) string {
	if value == "null" || value == "{}" || value == "" {
		return "" // null removes nothing here: it is refused where it could
	}
	path = groupItem.ReplaceAllString(path, ".${1}cludedgroupassignment.assignments${2}.groupid")
	path = groupList.ReplaceAllString(path, ".${1}cludedgroupassignment.assignments")
	return ruleKind.ReplaceAllString(path, "$1.@odata.type")
}

// What is stored is sent, or refused: nothing gets lost on the way.
func TestNoMemberOfAStoredPolicyOrRingIsLost(t *testing.T) {
	t.Parallel()
	for name, c := range lossless {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused, sent := 0, 0
			for seed := range uint64(storedRounds) {
				r := thrown(seed, 9)
				text := r.Stored(t, c.text(r))
				send, err := c.read(text)
				if err != nil {
					refused++
					continue
				}
				service := stub.Answering(stub.Answer(201, `{"id":"x"}`))
				if err := send(t.Context(), service.Client(t).Policies()); err != nil {
					require.Empty(t, service.Requests(), "seed %d: %v", seed, err)
					continue
				}
				sent++
				body := service.Only(t).Body
				require.Empty(t, stub.Lost(t, text, []byte(body), sentAs), "seed %d\n%s\n%s", seed, text, body)
			}
			require.Greater(t, sent, storedRounds/50)
			require.Greater(t, refused, storedRounds/50)
		})
	}
}
