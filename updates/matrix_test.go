package updates_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

const oneDay = 24 * time.Hour

// TestTheMatrixOfTheDocumentationHolds walks the table in doc.go: what it promises
// works on the simulator, what it calls rejected is an error, and what it only does
// not promise is sent as it was asked for.
func TestTheMatrixOfTheDocumentationHolds(t *testing.T) {
	t.Parallel()
	table := matrix(t, "Which setting works with which update")
	require.Equal(t, headings(), table[0][1:])
	require.Len(t, table[1:], len(capabilities()))
	for i, capability := range capabilities() {
		row := table[i+1]
		require.Equal(t, capability.name, row[0])
		require.Len(t, row, len(table[0]), capability.name)
		for j, content := range contents() {
			t.Run(capability.name+"/"+content.heading, func(t *testing.T) {
				t.Parallel()
				capability.holds(t, content, row[j+1])
			})
		}
	}
}

// The simulator takes more than is documented, so it cannot tell when the table
// promises too much. This is the service's own overview.
func TestTheMatrixPromisesWhatTheOverviewDoes(t *testing.T) {
	t.Parallel()
	promised := map[string][]string{}
	for _, row := range matrix(t, "Which setting works with which update")[1:] {
		for i, word := range row[1:] {
			if word == "yes" {
				promised[row[0]] = append(promised[row[0]], headings()[i])
			}
		}
	}
	require.Equal(t, []string{"Windows 11", "Windows 10", "Driver"}, promised["a manual approval"])
	require.Equal(t, []string{"Windows 11", "Windows 10", "Driver"}, promised["a start"])
	require.Equal(t, []string{"Windows 11", "Windows 10"}, promised["a gradual rollout"])
	require.Equal(t, []string{"Windows 11"}, promised["disregarding likely issues"])
	require.Equal(t, []string{"Expedited"}, promised["expediting"])
}

// matrix reads the cells of the table in a section of the documentation, the headings first.
func matrix(t *testing.T, heading string) [][]string {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "// # "+heading+"\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "// # ")
	var table [][]string
	for line := range strings.Lines(section) {
		if row, found := strings.CutPrefix(line, "//\t"); found {
			table = append(table, regexp.MustCompile(` {2,}`).Split(strings.TrimSpace(row), -1))
		}
	}
	require.NotEmpty(t, table)
	return table
}

// content is a column: an update, and the way in which it comes to devices.
type content struct {
	heading string
	kind    catalog.Kind
	entry   func(*testing.T, *estate) string // makes it, or finds it
	offer   func(*testing.T, *estate, content, deployments.Settings) (*deployments.Deployment, error)
	rule    func(int) updatepolicies.Rule // selects it, as far as a rule can
	own     deployments.Settings          // that make it what it is
}

func contents() []content {
	none := deployments.Settings{}
	return []content{
		{"Windows 11", catalog.KindFeature, featureUpdate("Windows 11, version 24H2"), deployed, featuresAfter, none},
		{"Windows 10", catalog.KindFeature, featureUpdate("Windows 10, version 22H2"), deployed, featuresAfter, none},
		{"Expedited", catalog.KindQuality, newQualityUpdate, expedited, securityAfter, expediting(false)},
		{"By rule", catalog.KindQuality, newQualityUpdate, approvedByRule, securityAfter, none},
		{"Driver", catalog.KindDriver, newDriver, approvedByHand, driversAfter, none},
	}
}

func headings() []string {
	var names []string
	for _, c := range contents() {
		names = append(names, c.heading)
	}
	return names
}

// capability is a row: how it is asked for, and what shows that it works.
type capability struct {
	name  string
	try   func(*testing.T, *estate, content) (*deployments.Deployment, error)
	works func(*testing.T, *estate, *deployments.Deployment)
	// isSent shows what comes of it where the documentation does not promise it.
	isSent func(*testing.T, *estate, *deployments.Deployment, error)
}

func capabilities() []capability {
	with := deployments.Settings{}
	return []capability{
		{"a deployment of its own", deployedAlone, isOffered, isAccepted},
		{"a manual approval", approvedAlone, isOffered, isAccepted},
		{"a rule that approves", approvedAfterAWeek, startsAfter(7 * oneDay), ruleIsSent},
		asking("a start", with.StartingAt(startOfOffers()), startsAfter(2*oneDay)),
		asking("a gradual rollout", with.RollingOut(deployments.ByRate(1, 7)), isOfferedInSteps),
		asking("monitoring of rollbacks", with.PausingOnRollbacks(50), isPausedByARollback),
		asking("a fallback for ineligible ones", with.FallingBackWhenIneligible(), offersAFallback),
		asking("disregarding likely issues", with.DisregardingLikelyIssues(), isOffered),
		asking("an offer as optional", with.OfferedAsOptional(), isOffered),
		asking("expediting", expediting(false), isOffered),
		asking("a readiness test", expediting(true), isNotOffered),
		asking("days until a restart", with.RestartingWithin(2), isOffered),
		asking("hotpatches", with.OfferingHotpatches(), isOffered),
		asking("recommended drivers only", with.OfferedWhileRecommendedBy("Microsoft"), isOfferedWhereRecommended),
		{"devices that are not enrolled", offeredToUnenrolled, isOffered, needsEnrollment},
	}
}

// asking is a capability that settings ask for. They are read back in any case, so
// that they were sent is certain.
func asking(name string, settings deployments.Settings, works func(*testing.T, *estate, *deployments.Deployment)) capability {
	return capability{
		name: name,
		try: func(t *testing.T, e *estate, c content) (*deployments.Deployment, error) {
			t.Helper()
			e.enroll(t)
			return c.offer(t, e, c, settings)
		},
		works: func(t *testing.T, e *estate, d *deployments.Deployment) {
			t.Helper()
			require.True(t, settings.ContainedIn(d.Settings), "%+v", d.Settings)
			works(t, e, d)
		},
		isSent: func(t *testing.T, _ *estate, d *deployments.Deployment, err error) {
			t.Helper()
			require.NoError(t, err)
			require.True(t, settings.ContainedIn(d.Settings), "%+v", d.Settings)
		},
	}
}

// holds checks what one cell of the table says.
func (c capability) holds(t *testing.T, content content, word string) {
	t.Helper()
	e := newEstate(t)
	d, err := c.try(t, e, content)
	switch word {
	case "yes":
		require.NoError(t, err)
		c.works(t, e, d)
	case "no":
		c.isSent(t, e, d, err)
	case "rejected":
		require.ErrorIs(t, err, apierr.ErrInvalid)
	default:
		require.Fail(t, "the table has a word that means nothing", word)
	}
}

// estate is a tenant with an audience of two devices. Microsoft recommends drivers
// for the first.
type estate struct {
	*simulator.Server
	client   *updates.Client
	audience string
}

func newEstate(t *testing.T) *estate {
	t.Helper()
	client, service := stub.OnSimulator(t, nil)
	made, err := client.Audiences().Create(t.Context())
	require.NoError(t, err)
	require.NoError(t, client.Audiences().AddDevices(t.Context(), audience.ByID(made.ID), estateDevices(), nil))
	return &estate{service, client, made.ID}
}

func estateDevices() []string { return stub.DeviceIDs(2) }

func (e *estate) enroll(t *testing.T) {
	t.Helper()
	for _, category := range []audience.Category{audience.CategoryFeature, audience.CategoryDriver} {
		require.NoError(t, e.client.Devices().Enroll(t.Context(), category, estateDevices(), nil))
	}
}

func featureUpdate(version string) func(*testing.T, *estate) string {
	return func(t *testing.T, e *estate) string {
		t.Helper()
		entry, err := e.client.Catalog().FindFeatureUpdate(t.Context(), version)
		require.NoError(t, err)
		return entry.ID
	}
}

// newQualityUpdate publishes a security update that can be expedited.
func newQualityUpdate(t *testing.T, e *estate) string {
	t.Helper()
	id, err := e.AddEntry(map[string]any{
		"@odata.type":                 "#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry",
		"releaseDateTime":             e.Now().Format(time.RFC3339),
		"isExpeditable":               true,
		"qualityUpdateCadence":        "monthly",
		"qualityUpdateClassification": "security",
	})
	require.NoError(t, err)
	return id
}

// newDriver publishes a driver that both devices need.
func newDriver(t *testing.T, e *estate) string {
	t.Helper()
	id := e.AddDriver("Contoso", "Firmware", "2.0")
	require.NoError(t, e.MakeApplicable(id, []string{"Microsoft"}, estateDevices()[0]))
	require.NoError(t, e.MakeApplicable(id, nil, estateDevices()[1]))
	return id
}

// featuresAfter is a rule for which the service is not known to have a filter.
func featuresAfter(days int) updatepolicies.Rule {
	return &updatepolicies.ApprovalRule{Filter: &updatepolicies.UnknownFilter{Kind: "featureUpdateFilter"}, DaysBeforeStart: deployments.Days(days)}
}

func securityAfter(days int) updatepolicies.Rule {
	return updatepolicies.QualityStartingAfter(days, catalog.ClassificationSecurity, catalog.CadenceMonthly)
}

func driversAfter(days int) updatepolicies.Rule {
	return updatepolicies.DriversStartingAfter(days)
}

// The four ways in which an update comes to devices.

func deployed(t *testing.T, e *estate, c content, settings deployments.Settings) (*deployments.Deployment, error) {
	t.Helper()
	spec := deployments.Spec{Kind: c.kind, EntryID: c.entry(t, e)}
	return e.client.Deployments().Create(t.Context(), spec.ToAudience(e.audience).With(settings))
}

func expediting(readinessTest bool) deployments.Settings {
	return deployments.Settings{Expedite: deployments.Expedite{Expedited: true, ReadinessTest: readinessTest}}
}

func expedited(t *testing.T, e *estate, c content, settings deployments.Settings) (*deployments.Deployment, error) {
	t.Helper()
	settings.Expedite.Expedited = true
	return deployed(t, e, c, settings)
}

func approvedByRule(t *testing.T, e *estate, c content, settings deployments.Settings) (*deployments.Deployment, error) {
	t.Helper()
	return e.approveByRule(t, c, 0, settings)
}

func approvedByHand(t *testing.T, e *estate, c content, settings deployments.Settings) (*deployments.Deployment, error) {
	t.Helper()
	policy, err := e.client.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(e.audience))
	require.NoError(t, err)
	spec := updatepolicies.ApprovalSpec{Kind: c.kind, EntryID: c.entry(t, e)}
	if _, err = e.client.UpdatePolicies().Approve(t.Context(), policy.ID, spec.With(settings)); err != nil {
		return nil, err
	}
	return e.approved(t, policy.ID), nil
}

// approveByRule lets a policy with a rule see how an update is published.
func (e *estate) approveByRule(
	t *testing.T, c content, days int, settings deployments.Settings,
) (*deployments.Deployment, error) {
	t.Helper()
	policy, err := e.client.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(e.audience).Approving(c.rule(days)).With(settings))
	if err != nil {
		return nil, err
	}
	c.entry(t, e)
	return e.approved(t, policy.ID), nil
}

// approved is the one deployment that a policy has led to.
func (e *estate) approved(t *testing.T, policyID string) *deployments.Deployment {
	t.Helper()
	approvals, err := e.client.UpdatePolicies().ListApprovals(policyID, nil).Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Len(t, approvals, 1)
	approval, err := e.client.UpdatePolicies().GetApproval(t.Context(), policyID, approvals[0].ID)
	require.NoError(t, err)
	require.Len(t, approval.Deployments, 1)
	return approval.Deployments[0]
}

// What is asked for other than by settings.

func deployedAlone(t *testing.T, e *estate, c content) (*deployments.Deployment, error) {
	t.Helper()
	e.enroll(t)
	return deployed(t, e, c, c.own)
}

func approvedAlone(t *testing.T, e *estate, c content) (*deployments.Deployment, error) {
	t.Helper()
	e.enroll(t)
	return approvedByHand(t, e, c, c.own)
}

func approvedAfterAWeek(t *testing.T, e *estate, c content) (*deployments.Deployment, error) {
	t.Helper()
	e.enroll(t)
	return e.approveByRule(t, c, 7, c.own)
}

func offeredToUnenrolled(t *testing.T, e *estate, c content) (*deployments.Deployment, error) {
	t.Helper()
	return c.offer(t, e, c, c.own)
}

// What shows that something works.

func (e *estate) offered(d *deployments.Deployment) []string {
	var devices []string
	for _, offer := range e.Offers(d.ID) {
		devices = append(devices, offer.DeviceID)
	}
	return devices
}

func (e *estate) state(t *testing.T, d *deployments.Deployment) deployments.State {
	t.Helper()
	now, err := e.client.Deployments().Get(t.Context(), d.ID)
	require.NoError(t, err)
	return now.State
}

func isOffered(t *testing.T, e *estate, d *deployments.Deployment) {
	t.Helper()
	require.Equal(t, estateDevices(), e.offered(d))
}

func isNotOffered(t *testing.T, e *estate, d *deployments.Deployment) {
	t.Helper()
	e.Advance(30 * oneDay)
	require.Empty(t, e.offered(d))
}

// startOfOffers is two days from now.
func startOfOffers() time.Time { return time.Now().Add(2 * oneDay).UTC().Truncate(time.Second) }

func startsAfter(wait time.Duration) func(*testing.T, *estate, *deployments.Deployment) {
	return func(t *testing.T, e *estate, d *deployments.Deployment) {
		t.Helper()
		require.Equal(t, deployments.StateScheduled, e.state(t, d).Effective)
		e.Advance(wait - time.Hour)
		require.Empty(t, e.offered(d))
		e.Advance(2 * time.Hour)
		isOffered(t, e, d)
		require.Equal(t, deployments.StateOffering, e.state(t, d).Effective)
	}
}

func isOfferedInSteps(t *testing.T, e *estate, d *deployments.Deployment) {
	t.Helper()
	require.Len(t, e.offered(d), 1)
	e.Advance(7 * oneDay)
	require.ElementsMatch(t, estateDevices(), e.offered(d))
}

func isPausedByARollback(t *testing.T, e *estate, d *deployments.Deployment) {
	t.Helper()
	isOffered(t, e, d)
	require.NoError(t, e.ReportRollback(d.ID, estateDevices()[0]))
	require.True(t, e.state(t, d).HasReason(deployments.ReasonPausedByMonitoring))
}

func offersAFallback(t *testing.T, e *estate, d *deployments.Deployment) {
	t.Helper()
	require.NoError(t, e.ReportIneligible(d.ID, estateDevices()[0]))
	var fallbacks []string
	for _, offer := range e.Offers(d.ID) {
		if offer.Fallback {
			fallbacks = append(fallbacks, offer.DeviceID)
		}
	}
	require.Equal(t, estateDevices()[:1], fallbacks)
}

func isOfferedWhereRecommended(t *testing.T, e *estate, d *deployments.Deployment) {
	t.Helper()
	require.Equal(t, estateDevices()[:1], e.offered(d))
}

// What comes of that which is not promised.

func isAccepted(t *testing.T, _ *estate, d *deployments.Deployment, err error) {
	t.Helper()
	require.NoError(t, err)
	require.NotEmpty(t, d.ID)
}

// ruleIsSent leaves it open what the service answers, as it may not know the filter.
func ruleIsSent(t *testing.T, e *estate, _ *deployments.Deployment, _ error) {
	t.Helper()
	require.True(t, slices.ContainsFunc(e.Requests(), func(r simulator.Request) bool {
		return r.Method == http.MethodPost && r.Path == "/updatePolicies" &&
			strings.Contains(string(r.Body), `"durationBeforeDeploymentStart":"P7D"`)
	}))
}

func needsEnrollment(t *testing.T, e *estate, d *deployments.Deployment, err error) {
	t.Helper()
	require.NoError(t, err)
	require.Empty(t, e.offered(d))
	e.enroll(t)
	isOffered(t, e, d)
}
