package simulator

import (
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Short names of the types of approvals.
const (
	changeType   = "complianceChange"
	approvalType = "contentApproval"
)

func contentApprovalTypes() types {
	return types{
		changeType: {
			Base:       "entity",
			Abstract:   true,
			Properties: "createdDateTime time, isRevoked flag, revokedDateTime time",
			Expandable: []odata.Expandable{{Path: namespace + approvalType + "/deployments"}},
		},
		approvalType: {
			Base:       changeType,
			Properties: "content deployableContent, deploymentSettings deploymentSettings, deployments []deployment",
			Expandable: []odata.Expandable{{Path: "deployments"}, {Path: namespace + approvalType + "/deployments"}},
		},
	}
}

// contentApproval approves an entry for the audience of an update policy, with a deployment that it
// creates.
type contentApproval struct {
	id          string
	content     *entry
	settings    settings
	created     time.Time
	revoked     time.Time // zero: it is not
	deployments []*deployment
}

func newContentApproval(content *entry, settings settings, now time.Time) *contentApproval {
	return &contentApproval{id: newID(), content: content, settings: settings, created: now}
}

func (a *contentApproval) isRevoked() bool { return !a.revoked.IsZero() }

// archive ends what an approval created. Its deployments remain, and still use the audience.
func (a *contentApproval) archive(at time.Time) {
	for _, d := range a.deployments {
		if d.requested != "archived" {
			d.requested, d.modified = "archived", at
		}
	}
}

// merge applies the settings of the approval and of its policy to the approval's deployments while it
// is in force.
func (a *contentApproval) merge(base settings, at time.Time) {
	if a.isRevoked() {
		return
	}
	for _, d := range a.deployments {
		d.settings, d.modified = a.settings.over(base), at
		d.progress.replan()
	}
}
