package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

var guid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// named replaces the ID of the audience.
func named(text string) string {
	return guid.ReplaceAllStringFunc(text, func(id string) string {
		if strings.HasPrefix(id, "00000000-") {
			return id
		}
		return "ID"
	})
}

func TestTheProgramSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	for name, planOnly := range map[string]bool{"output.txt": false, "plan.txt": true} {
		want, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), &out, simulator.New(nil), bytes.NewReader(thisMonth), planOnly))
		require.Equal(t, string(want), named(strings.ReplaceAll(out.String(), "\r", "\n")))
	}
}

func TestATableThatIsNotWholeChangesNothing(t *testing.T) {
	t.Parallel()
	for table, text := range map[string]string{
		"":                               "read table: table is empty",
		"name,id\nPC,1\n":                `table has no column "deviceId"`,
		"name,deviceId\nPC\n":            "wrong number of fields",
		"deviceId\n\"1":                  "extraneous or missing",
		"deviceId\n":                     "the list is empty",
		"deviceId,name\n,PC-1\n":         `line 2: device ID must be a GUID (got "")`,
		"deviceId\n00000000-0000-4000-8": `line 2: device ID must be a GUID (got "00000000-0000-4000-8")`,
		"\ufeffdeviceId\n00000000-0000-4000-8000-000000000001\n": "24 of 25 members, limit 10",
	} {
		service := simulator.New(nil)
		err := run(t.Context(), &bytes.Buffer{}, service, strings.NewReader(table), false)
		require.ErrorContains(t, err, text)
		updates := 0
		for _, request := range service.Requests() {
			if strings.HasSuffix(request.Path, "/updateAudience") {
				updates++
			}
		}
		require.Equal(t, 1, updates, "%q: that of last month", table)
	}
}

func TestWhatFailsEndsTheProgram(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/deploymentAudiences", "/deploymentAudiences/{}/updateAudience", "/deploymentAudiences/{}/members"} {
		for _, planOnly := range []bool{false, true} {
			service := simulator.New(nil)
			service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Path: path})
			require.ErrorIs(t, run(t.Context(), &bytes.Buffer{}, service, bytes.NewReader(thisMonth), planOnly), apierr.ErrForbidden, path)
		}
	}
}

func TestAFailureOnTheWayIsReported(t *testing.T) {
	t.Parallel()
	service, update := simulator.New(nil), simulator.Match{Path: "/deploymentAudiences/{}/updateAudience"}
	service.FailNext(2, simulator.Failure{}, update)
	service.FailNext(1, simulator.Status(403), update)
	var out bytes.Buffer
	require.ErrorIs(t, run(t.Context(), &out, service, bytes.NewReader(thisMonth), false), apierr.ErrForbidden)
	require.Contains(t, out.String(), "6 to add, 4 to remove, 4 sent; not checked")
}
