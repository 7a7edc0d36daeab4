package call_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
)

const wrongTypes = `{"id":"%d","createdDateTime":"secret","settings":{"monitoring":{"monitoringRules":[{"threshold":"secret"}]}}}`

// unreadWarnings are the records of a log about properties that could not be read.
func unreadWarnings(log string) []string {
	var found []string
	for line := range strings.Lines(log) {
		if strings.Contains(line, `"msg":"unread properties"`) {
			found = append(found, line)
		}
	}
	return found
}

func TestAListWarnsOnceOfWhatItCouldNotRead(t *testing.T) {
	t.Parallel()
	first, second := fmt.Sprintf(wrongTypes, 1), fmt.Sprintf(wrongTypes, 2)
	var log bytes.Buffer
	client := stub.NewClient(t, stub.Token{}, stub.Answering(
		stub.Answer(200, `{"value":[`+first+`],"@odata.nextLink":"https://graph.microsoft.com/beta/x?$skiptoken=1"}`),
		stub.Answer(200, `{"value":[`+second+`]}`)), debugging(&log))
	all, err := client.Deployments().List(nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, all, 2)
	warnings := unreadWarnings(log.String())
	require.Len(t, warnings, 1, log.String())
	require.Contains(t, warnings[0], `"level":"WARN"`)
	require.Contains(t, warnings[0], `"op":"deployments.List"`)
	require.Contains(t, warnings[0], `"properties":["createdDateTime","settings.monitoring.monitoringRules.threshold"]`)
	require.NotContains(t, log.String(), "secret")
}

func TestACallWarnsOfWhatItCouldNotRead(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	client := stub.NewClient(t, stub.Token{}, stub.Answering(
		stub.Answer(200, fmt.Sprintf(wrongTypes, 1)), stub.Answer(200, stub.Deployment)), debugging(&log))
	for range 2 {
		_, err := client.Deployments().Get(t.Context(), "1")
		require.NoError(t, err)
	}
	warnings := unreadWarnings(log.String())
	require.Len(t, warnings, 1, log.String())
	require.Contains(t, warnings[0], `"op":"deployments.Get"`)
	require.NotContains(t, log.String(), "secret")

	quiet := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, fmt.Sprintf(wrongTypes, 1))), func(*updates.Options) {})
	_, err := quiet.Deployments().Get(t.Context(), "1")
	require.NoError(t, err)
}
