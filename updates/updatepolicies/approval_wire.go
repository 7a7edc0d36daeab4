package updatepolicies

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func writeApproval(s ApprovalSpec) models.ContentApprovalable {
	w := models.NewContentApproval()
	w.SetContent(deployments.Internal.WriteContent(s.Kind, s.EntryID))
	w.SetDeploymentSettings(deployments.Internal.WriteSettings(s.Settings))
	wire.AddExtra(w, s.Extra)
	return w
}

// readApproval also reads a change of another kind from a list of approvals, and keeps
// its kind in Extra.
func readApproval(w models.ContentApprovalable) *Approval {
	a := readCommon(w)
	a.keepKind(w.GetOdataType())
	a.Content = deployments.Internal.ReadContent(w.GetContent())
	a.Settings = deployments.Internal.ReadSettings(w.GetDeploymentSettings())
	a.Deployments = wire.Each(w.GetDeployments(), deployments.Internal.ReadDeployment)
	return a
}

// readChange reads a change without a kind as an approval. A change of an unknown kind
// keeps its kind in Extra.
func readChange(w models.ComplianceChangeable) *Approval {
	if approval, ok := w.(models.ContentApprovalable); ok {
		return readApproval(approval)
	}
	a := readCommon(w)
	if a.keepKind(w.GetOdataType()); a.isOther() {
		return a
	}
	untyped := reread(a.Extra)
	if untyped == nil {
		return a
	}
	read := readApproval(untyped)
	read.ID, read.Revoked, read.RevokedAt, read.Created = a.ID, a.Revoked, a.RevokedAt, a.Created
	return read
}

// keepKind keeps a kind that is neither that of content approvals nor the abstract one.
func (a *Approval) keepKind(name *string) {
	if kind := wire.ShortType(name); kind != "" && kind != "contentApproval" && kind != "complianceChange" {
		a.Extra = wire.Keep(a.Extra, otherKind, *name)
	}
}

// isOther reports whether a change is of an unknown kind.
func (a *Approval) isOther() bool { return a.Extra[otherKind] != nil }

// otherKind is the key in Extra of the kind of a change that is not a content approval.
const otherKind = "@odata.type"

func readCommon(w models.ComplianceChangeable) *Approval {
	return &Approval{
		ID:        wire.Value(w.GetId()),
		Revoked:   wire.Value(w.GetIsRevoked()),
		RevokedAt: wire.Time(w.GetRevokedDateTime()),
		Created:   wire.Time(w.GetCreatedDateTime()),
		Extra:     wire.Extra(w),
	}
}

// reread reads properties as an approval, or returns nil.
func reread(members map[string]json.RawMessage) models.ContentApprovalable {
	text, err := json.Marshal(members)
	if err != nil {
		return nil
	}
	return wire.Parse[models.ContentApprovalable](text, models.CreateContentApprovalFromDiscriminatorValue)
}
