package deployments_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// storedRounds is the number of texts of a kind.
const storedRounds = 1000

// sentAs is where a property of a stored spec is in the request.
func sentAs(path, value string) string {
	switch {
	case isZero(path, value):
		return ""
	case path == ".kind":
		return ".content.catalogentry.@odata.type"
	case path == ".entryid":
		return ".content.catalogentry.id"
	case path == ".audienceid":
		return ".audience.id"
	}
	return regexp.MustCompile(`(gradualrollout)\.type$`).ReplaceAllString(path, "$1.@odata.type")
}

// isZero reports whether a value is what the property is without it.
func isZero(path, value string) bool {
	switch value {
	case "null", "{}", "", "0001-01-01 00:00:00 +0000 UTC":
		return true
	case "0":
		return strings.HasSuffix(path, ".threshold")
	case "P0D":
		return strings.HasSuffix(path, ".durationbetweenoffers")
	case "false":
		return strings.HasSuffix(path, ".isexpedited") || strings.HasSuffix(path, ".isreadinesstest")
	}
	return false
}

// What is stored is sent, or refused: nothing gets lost on the way.
func TestNoMemberOfAStoredSpecIsLost(t *testing.T) {
	t.Parallel()
	read, sent := 0, 0
	for seed := range uint64(storedRounds) {
		r := seeded(seed)
		text := r.Stored(t, r.spec())
		var spec deployments.Spec
		if json.Unmarshal(text, &spec) != nil {
			continue
		}
		read++
		service := stub.Answering(answer(201, `{"id":"d"}`))
		if _, err := service.Client(t, stub.NoLimits).Deployments().Create(t.Context(), spec); err != nil {
			require.Empty(t, service.Requests(), "seed %d: %v", seed, err)
			continue
		}
		sent++
		body := service.Only(t).Body
		require.Empty(t, stub.Lost(t, text, []byte(body), sentAs), "seed %d\n%s\n%s", seed, text, body)
	}
	require.Greater(t, sent, storedRounds/10)
	require.Greater(t, storedRounds-read, storedRounds/10, "texts are refused, too")
}

// Settings are sent alone by updates, whose null is sent.
func TestNoMemberOfAStoredUpdateIsLost(t *testing.T) {
	t.Parallel()
	read, sent := 0, 0
	for seed := range uint64(storedRounds) {
		r := seeded(seed)
		text := r.Stored(t, r.settings())
		var u deployments.Update
		if json.Unmarshal(text, &u) != nil {
			continue
		}
		read++
		service := stub.Answering(answer(202, ""))
		if err := service.Client(t, stub.NoLimits).Deployments().Update(t.Context(), deploymentID, u); err != nil {
			require.Empty(t, service.Requests(), "seed %d: %v", seed, err)
			continue
		}
		sent++
		body := service.Only(t).Body
		within := slices.Concat([]byte(`{"settings":`), text, []byte("}"))
		lost := stub.Lost(t, within, []byte(body), func(path, value string) string {
			if strings.Count(path, ".") == 2 && value == "null" && path != ".settings.extra" {
				return path // it removes the part
			}
			return sentAs(path, value)
		})
		require.Empty(t, lost, "seed %d\n%s\n%s", seed, text, body)
	}
	require.Greater(t, sent, storedRounds/10)
	require.Greater(t, storedRounds-read, storedRounds/10, "texts are refused, too")
}
