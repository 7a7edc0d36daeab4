package call

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// tenant is a service that makes things, and loses the answers.
type tenant struct {
	things  []Identity
	clock   time.Time // of the service; zero when it tells none
	creates int
	effect  func(try int) []Identity // what a create makes
	search  error                    // what a look ends with after the first create
	healed  time.Time                // when search ends
	deleted time.Time                // when all things are gone, or read from an old copy; zero for never
}

var errLost = &apierr.Error{Op: "things.Create", Status: 503, OutcomeUnknown: true}

func (s *tenant) once() Once[Identity] {
	return Once[Identity]{
		Create: func(context.Context) (Identity, error) {
			s.creates++
			s.things = append(s.things, s.effect(s.creates)...)
			return Identity{}, errLost
		},
		List: func(_ context.Context, clock *time.Time) iter.Seq2[Identity, error] {
			*clock = s.clock
			return func(yield func(Identity, error) bool) {
				if !s.deleted.IsZero() && !time.Now().Before(s.deleted) {
					return
				}
				for _, thing := range slices.Clone(s.things) {
					if !yield(thing, nil) {
						return
					}
				}
				if s.creates > 0 && time.Now().Before(s.healed) {
					yield(Identity{}, s.search)
				}
			}
		},
		Matches:  func(Identity) bool { return true },
		Identify: func(i Identity) Identity { return i },
	}
}

func TestWhatALostCreateMadeIsKnownByItsTime(t *testing.T) {
	t.Parallel()
	const noClock = 999 * time.Hour
	now := time.Date(2026, 5, 1, 6, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		made    []time.Duration // after the first look, by the service's clock
		found   string
		unsure  []string
		creates int
	}{
		"created since":                  {[]time.Duration{time.Second}, "a", nil, 1},
		"created in the same second":     {[]time.Duration{0}, "a", nil, 1},
		"perhaps created before":         {[]time.Duration{-time.Second}, "", []string{"a"}, 1},
		"the clock is 61 s ahead":        {[]time.Duration{-61 * time.Second}, "", []string{"a"}, 1},
		"the clock is an hour ahead":     {[]time.Duration{-time.Hour}, "", []string{"a"}, 1},
		"one of them long before":        {[]time.Duration{-time.Hour, time.Second}, "", []string{"a", "b"}, 1},
		"one of them perhaps before":     {[]time.Duration{-time.Second, time.Second}, "", []string{"a", "b"}, 1},
		"two since":                      {[]time.Duration{time.Second, time.Second}, "", []string{"a", "b"}, 1},
		"none":                           {nil, "", nil, 3},
		"one of which no time is told":   {[]time.Duration{noClock}, "a", nil, 1},
		"two of which one tells no time": {[]time.Duration{noClock, time.Second}, "", []string{"a", "b"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &tenant{clock: now, things: []Identity{{ID: "old", Created: now.Add(time.Second)}}}
				s.effect = func(try int) []Identity {
					if try > 1 {
						return nil
					}
					var made []Identity
					for i, after := range c.made {
						at := now.Add(after)
						if after == noClock {
							at = time.Time{}
						}
						made = append(made, Identity{ID: string(rune('a' + i)), Created: at})
					}
					return made
				}
				began := time.Now()
				found, err := s.once().Run(t.Context(), "things.CreateOnce", time.Minute)
				require.Equal(t, c.creates, s.creates)
				require.Equal(t, c.found, found.ID)
				require.GreaterOrEqual(t, time.Since(began), time.Duration(c.creates)*time.Minute)
				if c.found != "" {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
				several, ok := errors.AsType[*apierr.AmbiguousError](err)
				require.Equal(t, c.unsure != nil, ok)
				if ok {
					require.Equal(t, c.unsure, several.IDs)
				}
			})
		})
	}
}

func TestACandidateInDoubtIsNamedWithTheDoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &tenant{clock: time.Now()}
		s.effect = func(int) []Identity {
			return []Identity{{ID: "other"}, {ID: "a", Doubt: "has no name"}, {ID: "b", Created: time.Now().Add(-time.Hour)}}
		}
		once := s.once()
		once.IsOther = func(_ context.Context, i Identity) bool { return i.ID == "other" }
		_, err := once.Run(t.Context(), "things.CreateOnce", time.Minute)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.EqualError(t, err, "things.CreateOnce: 503; the change might have taken effect; "+
			"a has no name, b may be older by the service's clock; 2 candidates: a, b")
		s.things = s.things[:1]
		_, err = once.Find(t.Context(), "things.Find", time.Time{})
		require.EqualError(t, err, "things.Find: not found")
	})
}

func TestWhatOnePollFoundIsNotCreatedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &tenant{clock: time.Now()}
		s.effect = func(int) []Identity {
			s.deleted = time.Now().Add(30 * time.Second)
			return []Identity{{ID: "a", Created: time.Now()}, {ID: "other"}}
		}
		once := s.once()
		once.IsOther = func(_ context.Context, i Identity) bool { return i.ID == "other" }
		_, err := once.Run(t.Context(), "things.CreateOnce", time.Minute)
		require.Equal(t, 1, s.creates)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.EqualError(t, err, "things.CreateOnce: 503; the change might have taken effect; "+
			"a was listed and no longer is; 1 candidate: a")
	})
}

func TestWhatTurnsOutToBeOtherIsNoCandidate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &tenant{clock: time.Now(), effect: func(try int) []Identity {
			return []Identity{{ID: []string{"other", "a"}[try-1]}}
		}}
		once, began := s.once(), time.Now()
		once.IsOther = func(_ context.Context, i Identity) bool {
			return i.ID == "other" && time.Since(began) > 30*time.Second // it could not be compared until then
		}
		found, err := once.Run(t.Context(), "things.CreateOnce", time.Minute)
		require.NoError(t, err)
		require.Equal(t, "a", found.ID)
	})
}

func TestWithoutAClockWhatWasNotThereBeforeIsNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &tenant{things: []Identity{{ID: "old", Created: time.Now()}}}
		s.effect = func(int) []Identity { return []Identity{{ID: "new", Created: time.Now().Add(-time.Hour)}} }
		found, err := s.once().Run(t.Context(), "things.CreateOnce", time.Minute)
		require.NoError(t, err)
		require.Equal(t, "new", found.ID)
	})
}

func TestASearchWaitsOutWhatMayPass(t *testing.T) {
	t.Parallel()
	for name, search := range map[string]error{"passes": &apierr.Error{Status: 503}, "does not": &apierr.Error{Status: 403}} {
		synctest.Test(t, func(t *testing.T) {
			s := &tenant{search: search, healed: time.Now().Add(20 * time.Second)}
			s.effect = func(int) []Identity { return []Identity{{ID: "new"}} }
			found, err := s.once().Run(t.Context(), "things.CreateOnce", time.Minute)
			if name == "passes" {
				require.NoError(t, err)
				require.Equal(t, "new", found.ID)
				return
			}
			require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
			require.ErrorIs(t, err, apierr.ErrForbidden)
			require.EqualError(t, err, "things.CreateOnce: 503; the change might have taken effect; searching for the created object failed: 403")
		})
	}
}

func TestASearchThatFailedNamesWhatItHadFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		s := &tenant{effect: func(int) []Identity { return []Identity{{ID: "new"}} }}
		_, err := s.once().Run(ctx, "things.CreateOnce", time.Minute)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.EqualError(t, err, "things.CreateOnce: 503; the change might have taken effect; "+
			"searching for the created object failed: context deadline exceeded; 1 candidate: new")
	})
}

func TestASearchLastsTwoMinutesUnlessAskedOtherwise(t *testing.T) {
	t.Parallel()
	for asked, lasts := range map[time.Duration]time.Duration{0: 2 * time.Minute, time.Hour: time.Hour, time.Second: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := &tenant{effect: func(int) []Identity { return []Identity{{ID: "new"}} }}
			began := time.Now()
			_, err := s.once().Run(t.Context(), "things.CreateOnce", asked)
			require.NoError(t, err)
			require.InDelta(t, lasts.Seconds(), time.Since(began).Seconds(), lasts.Seconds()/8)
			require.GreaterOrEqual(t, time.Since(began), lasts)
		})
	}
}

// findOrRun looks for what matches, and makes it if there is none.
func findOrRun(t *testing.T, service *tenant, matches func(Identity) bool) (Identity, bool, error) {
	t.Helper()
	once := service.once()
	once.Matches, once.Rule = matches, "one is enough"
	return once.FindOrRun(t.Context(), "things.Ensure")
}

func TestWhatIsThereIsFoundAndNotMade(t *testing.T) {
	t.Parallel()
	service := &tenant{things: []Identity{{ID: "other"}, {ID: "one"}}}
	found, made, err := findOrRun(t, service, func(i Identity) bool { return i.ID == "one" })
	require.NoError(t, err)
	require.False(t, made)
	require.Equal(t, "one", found.ID)
	require.Zero(t, service.creates)
}

func TestWhatIsInDoubtIsNeitherFoundNorMade(t *testing.T) {
	t.Parallel()
	for want, things := range map[string][]Identity{
		"things.Ensure: ambiguous result: one is enough; 2 candidates: a, b":                {{ID: "a"}, {ID: "b"}},
		"things.Ensure: ambiguous result: one is enough; a has no name; 1 candidate: a":     {{ID: "a", Doubt: "has no name"}},
		"things.Ensure: ambiguous result: one is enough; b has no name; 2 candidates: a, b": {{ID: "a"}, {ID: "b", Doubt: "has no name"}},
	} {
		service := &tenant{things: things}
		_, made, err := findOrRun(t, service, func(Identity) bool { return true })
		require.EqualError(t, err, want)
		require.False(t, made)
		require.Zero(t, service.creates)
	}
}

func TestWhatIsNotThereIsMadeThoughTheResponseIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &tenant{things: []Identity{{ID: "other"}}, effect: func(int) []Identity { return []Identity{{ID: "new"}} }}
		found, made, err := findOrRun(t, service, func(i Identity) bool { return i.ID == "new" })
		require.NoError(t, err)
		require.True(t, made)
		require.Equal(t, "new", found.ID)
		require.Equal(t, 1, service.creates)
	})
	synctest.Test(t, func(t *testing.T) {
		service := &tenant{effect: func(int) []Identity { return nil }}
		_, made, err := findOrRun(t, service, func(Identity) bool { return true })
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.ErrorContains(t, err, "things.Ensure: ")
		require.False(t, made)
		require.Equal(t, tries, service.creates)
	})
}
