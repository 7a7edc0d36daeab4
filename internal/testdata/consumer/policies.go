package main

import (
	"context"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// approveDrivers approves the drivers that Microsoft recommends for a device of the
// audience of a policy, each once.
func (t *tool) approveDrivers(ctx context.Context, policyID string) (names []string, err error) {
	approved := map[string]bool{}
	for match, err := range t.client.Audiences().AllMatches(ctx, audience.OfUpdatePolicy(policyID)) {
		if err != nil {
			return names, err
		}
		driver, ok := match.Entry.(*catalog.DriverUpdate)
		if !ok || approved[driver.ID] || !match.Device.IsRecommendedBy("Microsoft") {
			continue
		}
		spec := updatepolicies.ForDriver(driver.ID).With(deployments.Settings{}.RollingOut(deployments.ByDuration(14, 7)))
		if _, err := t.client.UpdatePolicies().ApproveOnce(ctx, policyID, spec, nil); err != nil {
			return names, err
		}
		approved[driver.ID], names = true, append(names, driver.DisplayName)
	}
	return names, nil
}

// makeRings makes a policy for monthly security updates, with a ring for pilots and
// one for everybody else a week later.
func (t *tool) makeRings(ctx context.Context, pilots, everybody string) (policyID string, err error) {
	monthly := policies.QualityPolicy("Monthly").DescribedAs("Security updates").
		Approving(policies.QualityDeferredBy(1, catalog.ClassificationSecurity, catalog.CadenceMonthly))
	policy, err := t.client.Policies().Create(ctx, monthly)
	if err != nil {
		return "", err
	}
	for _, ring := range []policies.RingSpec{
		policies.QualityRing("Pilots").DescribedAs("First devices").Including(pilots).OfferingHotpatches(),
		policies.QualityRing("Broad").DescribedAs("All others").Including(everybody).Excluding(pilots).DeferredBy(7),
	} {
		if _, err := t.client.Policies().CreateRing(ctx, policy.ID, ring); err != nil {
			return policy.ID, err
		}
	}
	return policy.ID, nil
}

// openIssues are the titles of what is known to be wrong and not solved.
func (t *tool) openIssues(ctx context.Context) ([]string, error) {
	var titles []string
	for issue, err := range t.client.KnownIssues().List(nil).All(ctx) {
		if err != nil {
			return nil, err
		}
		if issue.IsActive() {
			titles = append(titles, issue.Title)
		}
	}
	return titles, nil
}
