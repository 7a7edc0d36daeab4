package catalog

import (
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readKnownIssue(w models.KnownIssueable) *KnownIssue {
	return &KnownIssue{
		ID:               wire.Value(w.GetId()),
		Title:            wire.Value(w.GetTitle()),
		Description:      wire.Value(w.GetDescription()),
		WebURL:           wire.Value(w.GetWebViewUrl()),
		Status:           IssueStatus(wire.Value(w.GetStatus())),
		Started:          wire.Time(w.GetStartDateTime()),
		Updated:          wire.Time(w.GetLastUpdatedDateTime()),
		Resolved:         wire.Time(w.GetResolvedDateTime()),
		SafeguardHoldIDs: wire.Each(w.GetSafeguardHoldIds(), func(id int32) int { return int(id) }),
		History:          wire.Each(w.GetKnownIssueHistories(), readNote),
		Originating:      readArticle(w.GetOriginatingKnowledgeBaseArticle()),
		Resolving:        readArticle(w.GetResolvingKnowledgeBaseArticle()),
		Extra:            wire.Extra(w),
	}
}

func readRelated(w models.Productable) related {
	return related{
		product: wire.Value(w.GetId()),
		issues:  wire.Each(w.GetKnownIssues(), readKnownIssue),
		rest:    wire.Rest(w, "knownIssues"),
		unread:  len(wire.Unread(wire.Extra(w), "knownIssues")) > 0,
	}
}

func readNote(w models.KnownIssueHistoryItemable) IssueNote {
	return IssueNote{Created: wire.Time(w.GetCreatedDateTime()), Body: readBody(w.GetBody()), Extra: wire.Extra(w)}
}

func readBody(w models.ItemBodyable) IssueBody {
	if w == nil {
		return IssueBody{}
	}
	return IssueBody{
		Content: wire.Value(w.GetContent()), ContentType: wire.Value(w.GetContentType()), Extra: wire.Extra(w),
	}
}
