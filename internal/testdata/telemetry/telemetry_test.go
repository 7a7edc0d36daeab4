// Package telemetry_test holds the spans, metrics, and log records of the SDK to golden
// files. It is a module of its own, so that users of the SDK do not download the SDK of
// OpenTelemetry. To write the files: go test -update
package telemetry_test

import (
	"context"
	"flag"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

var update = flag.Bool("update", false, "write the golden files")

// program is what a situation runs with.
type program struct {
	client     *updates.Client
	service    *simulator.Server
	deployment *deployments.Deployment // exists, and is offering
	telemetry  *telemetry
}

const device = "00000000-0000-4000-8000-0000000000d1"

// situations are named like their golden files.
func situations() map[string]func(*testing.T, *program) error {
	return map[string]func(*testing.T, *program) error{
		"success": func(t *testing.T, p *program) error {
			_, err := p.client.Deployments().Create(t.Context(), deployments.ForFeature(p.deployment.Content.EntryID))
			return err
		},
		"retry": func(t *testing.T, p *program) error {
			p.service.FailNext(1, simulator.Status(http.StatusServiceUnavailable))
			_, err := p.client.Deployments().Get(t.Context(), p.deployment.ID)
			return err
		},
		"throttle": func(t *testing.T, p *program) error {
			p.service.FailNext(1, simulator.Throttle().RetryAfter(30*time.Second))
			return p.client.Deployments().Pause(t.Context(), p.deployment.ID)
		},
		"notfound": func(t *testing.T, p *program) error {
			_, err := p.client.Deployments().Get(t.Context(), "00000000-0000-4000-8000-0000000000d9")
			return err
		},
		"broken": func(t *testing.T, p *program) error {
			p.service.FailNext(2, simulator.Break())
			_, err := p.client.Deployments().Get(t.Context(), p.deployment.ID)
			return err
		},
		"unreadable": func(t *testing.T, p *program) error {
			p.telemetry.instead = `{"id":5,"createdDateTime":"yesterday"}`
			_, err := p.client.Deployments().Get(t.Context(), p.deployment.ID)
			return err
		},
		"unread": func(t *testing.T, p *program) error {
			p.telemetry.instead = `{"id":"d1","createdDateTime":"yesterday"}`
			_, err := p.client.Deployments().Get(t.Context(), p.deployment.ID)
			return err
		},
		"canceled": func(t *testing.T, p *program) error {
			p.service.FailNext(1, simulator.Hang())
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(5*time.Second, cancel)
			_, err := p.client.Deployments().Get(ctx, p.deployment.ID)
			return err
		},
		"sync": func(t *testing.T, p *program) error {
			wanted := audience.Devices(device)
			_, err := p.client.Audiences().Sync(t.Context(), audience.ByID(p.deployment.Audience.ID), wanted, nil)
			return err
		},
		"waitfor": func(t *testing.T, p *program) error {
			require.NoError(t, p.client.Deployments().Pause(t.Context(), p.deployment.ID))
			p.telemetry.reset(t)
			_, err := p.client.Deployments().WaitForState(t.Context(), p.deployment.ID, deployments.StatePaused, nil)
			return err
		},
		"unknownoutcome": func(t *testing.T, p *program) error {
			p.service.FailNext(1, simulator.Status(http.StatusServiceUnavailable).AfterEffect())
			_, err := p.client.Deployments().Create(t.Context(), deployments.ForFeature(p.deployment.Content.EntryID))
			return err
		},
	}
}

func TestSpansMetricsAndLogsAreGolden(t *testing.T) {
	for name, run := range situations() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProgram(t, nil)
				err := run(t, p)
				requireGolden(t, name, p.telemetry.text(t, err))
			})
		})
	}
}

// newProgram has a service on which changes take ten seconds. The waits between attempts
// are not random.
func newProgram(t *testing.T, change func(*updates.Options)) *program {
	t.Helper()
	service := simulator.New(&simulator.Options{Lag: 10 * time.Second})
	telemetry := newTelemetry(t, service.Transport())
	opts := telemetry.options()
	opts.Retry = updates.RetryOptions{MaxAttempts: 2, BaseDelay: 1, MaxDelay: 1}
	if change != nil {
		change(opts)
	}
	client, err := updates.NewClient(service.Credential(), opts)
	require.NoError(t, err)
	entry, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
	require.NoError(t, err)
	created, err := client.Deployments().Create(t.Context(), deployments.ForFeature(entry.ID))
	require.NoError(t, err)
	service.Advance(time.Minute)
	telemetry.reset(t)
	return &program{client, service, created, telemetry}
}

func requireGolden(t *testing.T, name, text string) {
	t.Helper()
	file := "testdata/" + name + ".txt"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}

// A program that instruments its own transport gets spans and metrics of requests from
// there only.
func TestAnInstrumentedTransportHasTheAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProgram(t, func(o *updates.Options) { o.TransportInstrumented = true })
		_, err := p.client.Deployments().Get(t.Context(), p.deployment.ID)
		require.NoError(t, err)
		require.Equal(t, "deployments.Get\n", p.telemetry.spans())
		require.Empty(t, p.telemetry.metrics(t))
	})
}

// A dry run sends no change, so it leaves no traces of one.
func TestADryRunIsNotTraced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProgram(t, nil)
		_, err := p.client.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
			return c.Deployments().Pause(ctx, p.deployment.ID)
		})
		require.NoError(t, err)
		require.Empty(t, p.telemetry.spans())
		require.Empty(t, p.telemetry.metrics(t))
	})
}

// The page names a file of this module before each of its blocks.
func TestThePageShowsCodeThatBuildsAndGoldenFiles(t *testing.T) {
	page, err := os.ReadFile("../../../OBSERVABILITY.md")
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)<!-- file: internal/testdata/telemetry/(\\S+) -->\n```\\w+\n(.*?)```\n")
	found := block.FindAllStringSubmatch(string(page), -1)
	require.Len(t, found, strings.Count(string(page), "```")/2)
	require.NotEmpty(t, found)
	for _, match := range found {
		file, region, isPart := strings.Cut(match[1], "#")
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		want := string(text)
		if isPart {
			_, want, _ = strings.Cut(want, "// region "+region+"\n\n")
			want, _, _ = strings.Cut(want, "\n// endregion")
		}
		require.Equal(t, want, match[2], match[1])
	}
}

// transport answers as the service does, unless there is something to answer instead.
type transport struct {
	next http.RoundTripper
	*telemetry
}

func (s transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.instead == "" {
		return s.next.RoundTrip(r)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Request: r,
		Header: http.Header{"Request-Id": {device}}, Body: io.NopCloser(strings.NewReader(s.instead)),
	}, nil
}
