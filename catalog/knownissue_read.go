package catalog

import (
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

func readKnownIssue(w models.KnownIssueable) *KnownIssue {
	return &KnownIssue{
		ID:               call.Value(w.GetId()),
		Title:            call.Value(w.GetTitle()),
		Description:      call.Value(w.GetDescription()),
		WebURL:           call.Value(w.GetWebViewUrl()),
		Status:           IssueStatus(call.Value(w.GetStatus())),
		Started:          call.Time(w.GetStartDateTime()),
		Updated:          call.Time(w.GetLastUpdatedDateTime()),
		Resolved:         call.Time(w.GetResolvedDateTime()),
		SafeguardHoldIDs: call.Each(w.GetSafeguardHoldIds(), func(id int32) int { return int(id) }),
		History:          call.Each(w.GetKnownIssueHistories(), readNote),
		Originating:      readArticle(w.GetOriginatingKnowledgeBaseArticle()),
		Resolving:        readArticle(w.GetResolvingKnowledgeBaseArticle()),
		Extra:            call.Extra(w),
	}
}

func readRelated(w models.Productable) related {
	return related{call.Each(w.GetKnownIssues(), readKnownIssue), call.Rest(w, "knownIssues")}
}

func readNote(w models.KnownIssueHistoryItemable) IssueNote {
	return IssueNote{Created: call.Time(w.GetCreatedDateTime()), Body: readBody(w.GetBody()), Extra: call.Extra(w)}
}

func readBody(w models.ItemBodyable) IssueBody {
	if w == nil {
		return IssueBody{}
	}
	return IssueBody{Content: call.Value(w.GetContent()), ContentType: call.Value(w.GetContentType()), Extra: call.Extra(w)}
}
