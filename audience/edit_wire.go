package audience

import (
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func (e Edit) wire() models.UpdateAudienceBodyable {
	body := models.NewUpdateAudienceBody()
	body.SetAddMembers(writeAssets(e.AddMembers))
	body.SetRemoveMembers(writeAssets(e.RemoveMembers))
	body.SetAddExclusions(writeAssets(e.AddExclusions))
	body.SetRemoveExclusions(writeAssets(e.RemoveExclusions))
	return body
}

func (e Edit) wireByID(kind Kind) models.UpdateAudienceByIdBodyable {
	body := models.NewUpdateAudienceByIdBody()
	body.SetMemberEntityType(wire.LongType(string(kind)))
	body.SetAddMembers(ids(e.AddMembers))
	body.SetRemoveMembers(ids(e.RemoveMembers))
	body.SetAddExclusions(ids(e.AddExclusions))
	body.SetRemoveExclusions(ids(e.RemoveExclusions))
	return body
}

// ids is nil for none, so that the property of the body is omitted.
func ids(list []Member) []string {
	var out []string
	for _, m := range list {
		out = append(out, m.ID)
	}
	return out
}
