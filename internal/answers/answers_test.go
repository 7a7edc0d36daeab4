package answers

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func description(t *testing.T) *Description {
	t.Helper()
	text, err := os.ReadFile("../openapi/windowsupdates.yaml")
	require.NoError(t, err)
	d, err := Read(text)
	require.NoError(t, err)
	return d
}

func TestEachOperationIsFoundByAPath(t *testing.T) {
	t.Parallel()
	d := description(t)
	require.Greater(t, len(d.Operations()), 90)
	for _, op := range d.Operations() {
		method, path, _ := strings.Cut(op.Name, " ")
		found, ok := d.Find(method, strings.NewReplacer("{", "", "}", "").Replace(path))
		require.True(t, ok, op.Name)
		require.Equal(t, op.Name, found.Name)
	}
	_, ok := d.Find("GET", "/x")
	require.False(t, ok)
}

func TestARandomAnswerHasWhatTheDescriptionSays(t *testing.T) {
	t.Parallel()
	d := description(t)
	random := rand.New(rand.NewPCG(1, 2))
	kinds := map[string]bool{}
	for range 300 {
		op, ok := d.Find("GET", "/catalog/entries")
		require.True(t, ok)
		answer := d.Random(op, random)
		require.Equal(t, 200, answer.Status)
		var page struct {
			Value []struct {
				ID   string
				Type string `json:"@odata.type"`
			}
		}
		require.NoError(t, json.Unmarshal(answer.Body, &page))
		for _, item := range page.Value {
			require.NotEmpty(t, item.ID)
			kinds[item.Type] = true
		}
	}
	require.Len(t, kinds, 4)
	op, _ := d.Find("DELETE", "/deployments/x")
	require.Equal(t, Answer{Status: 202}, d.Random(op, random))
}

func TestAMutationIsTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	d := description(t)
	op, _ := d.Find("GET", "/deployments")
	answer := func(seed uint64) Answer {
		random := rand.New(rand.NewPCG(seed, 0))
		return Mutate(d.Random(op, random), random)
	}
	different := map[string]bool{}
	for seed := range uint64(50) {
		once := answer(seed)
		require.Equal(t, once, answer(seed))
		different[string(once.Body)] = true
	}
	require.Greater(t, len(different), 40)
}
