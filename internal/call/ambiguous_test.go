package call_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// lost are answers to a write that may have taken effect.
func lost() map[string]stub.Reply {
	return map[string]stub.Reply{
		"503": stub.Answer(503, ""), "a broken connection": stub.Fail(stub.ErrReset), "a broken body": stub.BreakOff(200, "{"),
		"a timeout": stub.Hang,
	}
}

func TestADeleteThatFindsNothingAfterALostResponseHasSucceeded(t *testing.T) {
	t.Parallel()
	for name, lost := range lost() {
		stub.InBubble(t, name, func(t *testing.T) {
			s := stub.Answering(lost, stub.Answer(404, "{}"))
			require.NoError(t, stub.Remove().Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
			require.Len(t, s.Requests(), 3, "one 404 can come from an old copy")
		})
		stub.InBubble(t, name+", by Call", func(t *testing.T) {
			client := stub.NewClient(t, stub.Token{}, stub.Answering(lost, stub.Answer(404, "{}")))
			require.NoError(t, client.Call(t.Context(), "DELETE", "/policies/p1", nil, nil))
		})
	}
}

func TestOne404AfterALostDeleteDoesNotShowThatItIsDeleted(t *testing.T) {
	t.Parallel()
	for name, lost := range lost() {
		stub.InBubble(t, name+", and it was there", func(t *testing.T) {
			s := stub.Answering(lost, stub.Answer(404, "{}"), stub.Answer(403, "{}"))
			err := stub.Remove().Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
			require.ErrorIs(t, err, apierr.ErrForbidden)
			require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		})
		stub.InBubble(t, name+", and there is no other attempt", func(t *testing.T) {
			s := stub.Answering(lost, stub.Answer(404, "{}"))
			err := stub.Remove().Run(t.Context(), stub.NewClient(t, stub.Token{}, s, stub.Attempts(2)))
			require.ErrorIs(t, err, apierr.ErrNotFound)
			require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		})
	}
}

func TestADeleteThatFindsNothingAtFirstIsNotFound(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]stub.Reply{
		"at once": stub.Answer(404, "{}"), "throttled": stub.Answer(429, ""), "not connected": stub.Fail(stub.ErrRefused),
		"asked to wait": stub.Answer(409, "", "Retry-After", "1"),
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			err := stub.Remove().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(first, stub.Answer(404, "{}"))))
			require.ErrorIs(t, err, apierr.ErrNotFound)
			require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
		})
	}
}

func TestAnythingButADeleteThatFindsNothingAfterALostResponseIsNotFound(t *testing.T) {
	t.Parallel()
	for _, op := range []stub.Operation{stub.Read(), stub.Action(), stub.Patch()} {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(503, ""), stub.Answer(404, "{}"))))
			require.ErrorIs(t, err, apierr.ErrNotFound)
		})
	}
}

const paused = `{"id":"d1","state":{"effectiveValue":"paused","requestedValue":"paused"}}`

func TestAPatchRejectedAfterALostResponseHasSucceededWhenItsValuesShow(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 409} {
		for name, lost := range lost() {
			stub.InBubble(t, fmt.Sprint(name, ", then ", status), func(t *testing.T) {
				s := stub.Answering(lost, stub.Answer(status, "{}"), stub.Answer(200, stub.Deployment), stub.Answer(200, paused))
				require.NoError(t, stub.Patch().Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
				requests := s.Requests()
				require.Len(t, requests, 4)
				require.Equal(t, "GET", requests[2].Method)
				require.Equal(t, "GET", requests[3].Method)
			})
		}
	}
}

func TestAPatchRejectedAfterALostResponseStaysRejectedWhenItsValuesDoNotShow(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "within the attempts", func(t *testing.T) {
		s := stub.Answering(stub.Answer(503, ""), stub.Answer(409, `{"error":{"code":"Conflict","message":"no"}}`), stub.Answer(200, stub.Deployment))
		err := stub.Patch().Run(t.Context(), stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) { o.Retry.MaxAttempts = 3 }))
		require.ErrorIs(t, err, apierr.ErrConflict)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.EqualError(t, err, "deployments.Pause: 409 Conflict: no; the change might have taken effect")
		require.Len(t, s.Requests(), 2+3)
	})
	stub.InBubble(t, "when it cannot be read", func(t *testing.T) {
		s := stub.Answering(stub.Answer(503, ""), stub.Answer(400, "{}"), stub.Answer(404, "{}"))
		err := stub.Patch().Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.Len(t, s.Requests(), 3)
	})
}

func TestAPatchRejectedAtFirstIsNotReadBack(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 409} {
		s := stub.Answering(stub.Answer(status, "{}"))
		err := stub.Patch().Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
		require.Equal(t, status, apierr.StatusOf(err))
		require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.Len(t, s.Requests(), 1)
	}
}
