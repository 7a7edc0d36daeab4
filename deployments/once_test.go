package deployments_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// creates picks the requests that create a deployment.
var creates = simulator.Match{Method: "POST", Path: "/deployments"}

// lostAnswers are responses after which the outcome of a request is unknown.
func lostAnswers() map[string]simulator.Failure {
	return map[string]simulator.Failure{
		"unavailable": simulator.Status(503), "broken": simulator.Break(), "gateway": simulator.HTML(502), "silent": simulator.Hang(),
	}
}

// feature is the entry to be deployed.
func feature(t *testing.T, client *updates.Client) string {
	t.Helper()
	entry, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
	require.NoError(t, err)
	return entry.ID
}

// existing are the ids of all deployments.
func existing(t *testing.T, client *updates.Client) []string {
	t.Helper()
	found, err := client.Deployments().List(nil).Collect(t.Context(), 1000)
	require.NoError(t, err)
	var ids []string
	for _, d := range found {
		ids = append(ids, d.ID)
	}
	return ids
}

func gradual() deployments.Settings {
	return deployments.Settings{}.
		StartingAt(time.Now().Add(week)).
		RollingOut(deployments.ByRate(100, 7)).
		PausingOnRollbacks(5).
		OfferedAsOptional()
}

func TestALostResponseMakesOneDeployment(t *testing.T) {
	t.Parallel()
	for name, failure := range lostAnswers() {
		for effect, failure := range map[string]simulator.Failure{"with effect": failure.AfterEffect(), "without": failure} {
			stub.InBubble(t, name+" "+effect, func(t *testing.T) {
				client, service := stub.OnSimulator(t, nil)
				spec := deployments.ForFeature(feature(t, client)).With(gradual())
				twin, err := client.Deployments().Create(t.Context(), spec)
				require.NoError(t, err)
				service.FailNext(1, failure, creates)
				d, err := client.Deployments().CreateOnce(t.Context(), spec, nil)
				require.NoError(t, err)
				require.Equal(t, []string{twin.ID, d.ID}, existing(t, client))
			})
		}
	}
}

func TestAResponseThatIsNotLostEndsACreateOnce(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "created", func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		began := time.Now()
		d, err := client.Deployments().CreateOnce(t.Context(), deployments.ForFeature(feature(t, client)), nil)
		require.NoError(t, err)
		require.Equal(t, []string{d.ID}, existing(t, client))
		require.Zero(t, time.Since(began))
	})
	stub.InBubble(t, "refused", func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		began := time.Now()
		_, err := client.Deployments().CreateOnce(t.Context(), deployments.ForFeature(entryID), nil)
		require.ErrorIs(t, err, apierr.ErrNotFound)
		require.Zero(t, time.Since(began))
		require.Len(t, service.Requests(), 2)
	})
	stub.InBubble(t, "not listed", func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		service.FailRandomly(1, simulator.Status(403), 1)
		_, err := client.Deployments().CreateOnce(t.Context(), deployments.ForFeature(entryID), nil)
		require.ErrorIs(t, err, apierr.ErrForbidden)
		require.Len(t, service.Requests(), 1, "nothing is created")
	})
}

func TestAResponseThatIsLostAgainAndAgainIsTheError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		spec := deployments.ForFeature(feature(t, client))
		service.ClearRequests()
		service.FailRandomly(1, simulator.Break(), 1, creates)
		_, err := client.Deployments().CreateOnce(t.Context(), spec, nil)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		sent := 0
		for _, request := range service.Requests() {
			if request.Method == http.MethodPost {
				sent++
			}
		}
		require.Equal(t, 3, sent)
	})
}

func TestSpecsAreToldApart(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*testing.T, *updates.Client, deployments.Spec) deployments.Spec{
		"no settings": func(_ *testing.T, _ *updates.Client, s deployments.Spec) deployments.Spec {
			s.Settings = deployments.Settings{}
			return s
		},
		"another rate": func(_ *testing.T, _ *updates.Client, s deployments.Spec) deployments.Spec {
			return s.With(s.Settings.RollingOut(deployments.ByRate(101, 7)))
		},
		"another start": func(_ *testing.T, _ *updates.Client, s deployments.Spec) deployments.Spec {
			return s.With(s.Settings.StartingAt(s.Settings.Schedule.Start.Add(time.Hour)))
		},
		"one more rule": func(_ *testing.T, _ *updates.Client, s deployments.Spec) deployments.Spec {
			return s.With(s.Settings.AlertingOnRollbacks(1))
		},
		"safeguards": func(_ *testing.T, _ *updates.Client, s deployments.Spec) deployments.Spec {
			return s.With(s.Settings.DisregardingLikelyIssues())
		},
		"experience": func(_ *testing.T, _ *updates.Client, s deployments.Spec) deployments.Spec {
			return s.With(s.Settings.OfferedAsRequired())
		},
		"another entry": func(t *testing.T, client *updates.Client, s deployments.Spec) deployments.Spec {
			entry, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 25H2")
			require.NoError(t, err)
			s.EntryID = entry.ID
			return s
		},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			client, _ := stub.OnSimulator(t, nil)
			spec := deployments.ForFeature(feature(t, client)).With(gradual())
			other := change(t, client, spec)
			since := time.Now()
			d, err := client.Deployments().Create(t.Context(), other)
			require.NoError(t, err)
			_, err = client.Deployments().FindCreated(t.Context(), spec, since)
			require.ErrorIs(t, err, apierr.ErrNotFound)
			found, err := client.Deployments().FindCreated(t.Context(), other, since)
			require.NoError(t, err)
			require.Equal(t, d.ID, found.ID)
		})
	}
}

func TestADeploymentToAnotherAudienceIsNotFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		mine, err := client.Audiences().Create(t.Context())
		require.NoError(t, err)
		spec := deployments.ForFeature(feature(t, client))
		_, err = client.Deployments().Create(t.Context(), spec)
		require.NoError(t, err)
		_, err = client.Deployments().FindCreated(t.Context(), spec.ToAudience(mine.ID), time.Time{})
		require.ErrorIs(t, err, apierr.ErrNotFound)
		d, err := client.Deployments().Create(t.Context(), spec.ToAudience(mine.ID))
		require.NoError(t, err)
		found, err := client.Deployments().FindCreated(t.Context(), spec.ToAudience(mine.ID), time.Time{})
		require.NoError(t, err)
		require.Equal(t, d.ID, found.ID)
	})
}

// A service may ignore the filter, and leave members out.
func TestASpecIsComparedWithWhatIsListed(t *testing.T) {
	t.Parallel()
	const head, tail = `{"value":[{"id":"d","createdDateTime":"2026-11-29T08:00:00Z"`, `}]}`
	for name, c := range map[string]struct {
		listed string
		found  bool
	}{
		"the same":         {`,"content":{"catalogEntry":{"id":"E"}},"audience":{"id":"A"}`, true},
		"another entry":    {`,"content":{"catalogEntry":{"id":"f"}},"audience":{"id":"a"}`, false},
		"another audience": {`,"content":{"catalogEntry":{"id":"e"}},"audience":{"id":"b"}`, false},
		"no audience":      {`,"content":{"catalogEntry":{"id":"e"}}`, true},
	} {
		client := stub.Answering(stub.Answer(200, head+c.listed+tail)).Client(t).Deployments()
		_, err := client.FindCreated(t.Context(), deployments.ForFeature("e").ToAudience("a"), time.Time{})
		require.Equal(t, c.found, err == nil, "%s: %v", name, err)
		require.Equal(t, !c.found, errors.Is(err, apierr.ErrNotFound), name)
	}
}

func TestMembersThatCannotBeComparedAreNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		spec := deployments.ForFeature(feature(t, client)).With(gradual())
		extra := map[string]json.RawMessage{"later": json.RawMessage(`1`)}
		spec.Extra, spec.Settings.Extra, spec.Settings.Schedule.Extra = extra, extra, extra
		spec.Settings.Monitoring.Extra, spec.Settings.Monitoring.Rules[0].Extra = extra, extra
		profile := deployments.SafeguardProfile{Category: deployments.SafeguardLikelyIssues, Extra: extra}
		spec.Settings.Applicability.Safeguard.DisabledProfiles = []deployments.SafeguardProfile{profile}
		service.FailNext(1, simulator.Break().AfterEffect(), creates)
		d, err := client.Deployments().CreateOnce(t.Context(), spec, nil)
		require.NoError(t, err)
		require.Equal(t, []string{d.ID}, existing(t, client))
	})
}

func TestWhatWasThereBeforeIsNotFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		spec := deployments.ForFeature(feature(t, client))
		old, err := client.Deployments().Create(t.Context(), spec)
		require.NoError(t, err)
		_, err = client.Deployments().FindCreated(t.Context(), spec, old.Created.Add(1))
		require.ErrorIs(t, err, apierr.ErrNotFound)
		found, err := client.Deployments().FindCreated(t.Context(), spec, old.Created)
		require.NoError(t, err)
		require.Equal(t, old.ID, found.ID)
	})
}

func TestSeveralCandidatesAreListed(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "FindCreated", func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		spec := deployments.ForFeature(feature(t, client))
		since := time.Now()
		for range 2 {
			_, err := client.Deployments().Create(t.Context(), spec)
			require.NoError(t, err)
		}
		_, err := client.Deployments().FindCreated(t.Context(), spec, since)
		requireCandidates(t, err, existing(t, client)...)
		require.ErrorIs(t, err, apierr.ErrAmbiguous)
	})
	stub.InBubble(t, "CreateOnce", func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		spec := deployments.ForFeature(feature(t, client))
		service.FailNext(1, simulator.Status(503).AfterEffect(), creates)
		time.AfterFunc(time.Minute, func() {
			_, _ = client.Deployments().Create(context.Background(), spec)
		})
		_, err := client.Deployments().CreateOnce(t.Context(), spec, nil)
		requireCandidates(t, err, existing(t, client)...)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		require.Len(t, existing(t, client), 2)
	})
}

func requireCandidates(t *testing.T, err error, ids ...string) {
	t.Helper()
	several, ok := errors.AsType[*apierr.AmbiguousError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, ids, several.IDs)
	for _, id := range ids {
		require.ErrorContains(t, err, id)
	}
}

func TestADeploymentWithoutATimeIsNoSureFind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, &simulator.Options{Quirks: simulator.Quirks{LegacyFormats: true}})
		spec := deployments.ForFeature(feature(t, client))
		_, err := client.Deployments().Create(t.Context(), spec)
		require.NoError(t, err)
		_, err = client.Deployments().FindCreated(t.Context(), spec, time.Now())
		requireCandidates(t, err, existing(t, client)...)
		service.SetQuirks(simulator.Quirks{})
	})
}

func TestASearchThatIsCutOffKeepsTheOutcomeUnknown(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "by the deadline, found", func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		spec := deployments.ForFeature(feature(t, client))
		service.FailNext(1, simulator.Status(503).AfterEffect(), creates)
		_, err := client.Deployments().CreateOnce(stub.Within(t, time.Minute), spec, nil)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		requireCandidates(t, err, existing(t, client)...)
	})
	stub.InBubble(t, "by a refusal, not found", func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		spec := deployments.ForFeature(feature(t, client))
		service.FailNext(1, simulator.Status(503), creates)
		time.AfterFunc(time.Minute, func() {
			service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Method: "GET", Path: "/deployments"})
		})
		_, err := client.Deployments().CreateOnce(t.Context(), spec, nil)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.ErrorIs(t, err, apierr.ErrForbidden)
		_, several := errors.AsType[*apierr.AmbiguousError](err)
		require.False(t, several)
	})
}

func TestWhatIsCreatedOnceIsCheckedFirst(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	_, err := client.Deployments().CreateOnce(t.Context(), deployments.Spec{}, &deployments.CreateOnceOptions{SearchWindow: -1})
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.ErrorContains(t, err, "CreateOnceOptions.SearchWindow")
	_, err = client.Deployments().FindCreated(t.Context(), deployments.Spec{}, time.Time{})
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.Empty(t, service.Requests())
}

func TestRandomHistoriesMakeNoDuplicate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for seed := range uint64(rounds) {
			r := rand.New(rand.NewPCG(seed, 8))
			history(t, r, fmt.Sprint("seed ", seed))
		}
	})
}

// history creates once through lost responses, failing lists, quirks and an index that is
// behind, beside a twin from before.
func history(t *testing.T, r *rand.Rand, name string) {
	t.Helper()
	service := simulator.New(nil)
	lag := time.Duration(r.Int64N(int64(2 * time.Minute)))
	client := stub.NewClient(t, service.Credential(), stub.Lagging(service, lag))
	spec := deployments.ForFeature(feature(t, client)).With(gradual())
	_, err := client.Deployments().Create(t.Context(), spec)
	require.NoError(t, err)
	<-time.After(time.Duration(r.Int64N(int64(10 * time.Minute))))
	failure := []simulator.Failure{
		simulator.Break(), simulator.Status(503), simulator.HTML(502), simulator.Hang(), simulator.BreakBody(),
	}[r.IntN(5)]
	if r.IntN(2) == 0 {
		failure = failure.AfterEffect()
	}
	service.SetQuirks(simulator.Quirks{
		NullItems: r.IntN(2) == 0, EmptyPages: r.IntN(2) == 0, UnknownTypes: r.IntN(2) == 0, TypesWithoutHash: r.IntN(2) == 0,
		UnknownValues: r.IntN(2) == 0, WrapSingle: r.IntN(2) == 0, OmitReasons: r.IntN(2) == 0,
	})
	service.FailRandomly(r.Float64(), failure, r.Uint64(), creates)
	service.FailRandomly(r.Float64()/4, simulator.Status(503), r.Uint64(), simulator.Match{Method: "GET"})
	d, err := client.Deployments().CreateOnce(t.Context(), spec, nil)
	service.ClearFailures()
	service.SetQuirks(simulator.Quirks{})
	<-time.After(lag)
	ids := existing(t, client)
	if err == nil {
		require.Equal(t, []string{ids[0], d.ID}, ids, name)
		return
	}
	several, isListed := errors.AsType[*apierr.AmbiguousError](err)
	require.True(t, isListed || errors.Is(err, apierr.ErrUnknownOutcome), "%s: %v", name, err)
	if isListed {
		require.Subset(t, ids, several.IDs, name)
	}
	require.LessOrEqual(t, len(ids), 2, name)
}
