package updates_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// lost are answers to a write that may have taken effect.
func lost() map[string]reply {
	return map[string]reply{
		"503": answer(503, ""), "a broken connection": fail(errReset), "a broken body": breakOff(200, "{"),
		"a timeout": hang,
	}
}

func TestADeleteThatFindsNothingAfterALostAnswerHasSucceeded(t *testing.T) {
	t.Parallel()
	for name, lost := range lost() {
		inBubble(t, name, func(t *testing.T) {
			s := answering(lost, answer(404, "{}"))
			require.NoError(t, remove().run(t.Context(), newClient(t, s)))
			require.Len(t, s.requests(), 2)
		})
		inBubble(t, name+", by Call", func(t *testing.T) {
			client := newClient(t, answering(lost, answer(404, "{}")))
			require.NoError(t, client.Call(t.Context(), "DELETE", "/policies/p1", nil, nil))
		})
	}
}

func TestADeleteThatFindsNothingAtFirstIsNotFound(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]reply{
		"at once": answer(404, "{}"), "throttled": answer(429, ""), "not connected": fail(errRefused),
		"asked to wait": answer(409, "", "Retry-After", "1"),
	} {
		inBubble(t, name, func(t *testing.T) {
			err := remove().run(t.Context(), newClient(t, answering(first, answer(404, "{}"))))
			require.ErrorIs(t, err, apierr.ErrNotFound)
			require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
		})
	}
}

func TestAnythingButADeleteThatFindsNothingAfterALostAnswerIsNotFound(t *testing.T) {
	t.Parallel()
	for _, op := range []operation{read(), action(), patch()} {
		inBubble(t, op.name, func(t *testing.T) {
			err := op.run(t.Context(), newClient(t, answering(answer(503, ""), answer(404, "{}"))))
			require.ErrorIs(t, err, apierr.ErrNotFound)
		})
	}
}

const paused = `{"id":"d1","state":{"effectiveValue":"paused","requestedValue":"paused"}}`

func TestAPatchRefusedAfterALostAnswerHasSucceededWhenItsValuesShow(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 409} {
		for name, lost := range lost() {
			inBubble(t, fmt.Sprint(name, ", then ", status), func(t *testing.T) {
				s := answering(lost, answer(status, "{}"), answer(200, deployment), answer(200, paused))
				require.NoError(t, patch().run(t.Context(), newClient(t, s)))
				requests := s.requests()
				require.Len(t, requests, 4)
				require.Equal(t, "GET", requests[2].Method)
				require.Equal(t, "GET", requests[3].Method)
			})
		}
	}
}

func TestAPatchRefusedAfterALostAnswerStaysRefusedWhenItsValuesDoNotShow(t *testing.T) {
	t.Parallel()
	inBubble(t, "within the attempts", func(t *testing.T) {
		s := answering(answer(503, ""), answer(409, `{"error":{"code":"Conflict","message":"no"}}`), answer(200, deployment))
		err := patch().run(t.Context(), newClient(t, s, func(o *updates.Options) { o.Retry.MaxAttempts = 3 }))
		require.ErrorIs(t, err, apierr.ErrConflict)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.EqualError(t, err, "deployments.Pause: 409 Conflict: no: the change may have taken effect")
		require.Len(t, s.requests(), 2+3)
	})
	inBubble(t, "when it cannot be read", func(t *testing.T) {
		s := answering(answer(503, ""), answer(400, "{}"), answer(404, "{}"))
		err := patch().run(t.Context(), newClient(t, s))
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.Len(t, s.requests(), 3)
	})
}

func TestAPatchRefusedAtFirstIsNotReadBack(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 409} {
		s := answering(answer(status, "{}"))
		err := patch().run(t.Context(), newClient(t, s))
		require.Equal(t, status, apierr.StatusOf(err))
		require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.Len(t, s.requests(), 1)
	}
}
