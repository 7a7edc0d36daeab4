package simulator

import (
	"maps"
	"strconv"
	"time"
)

// builtinProducts has as many products as the service, with the dates of the Windows lifecycle. The ID
// of Windows 11, version 24H2, is that of the service; the others are made up.
func builtinProducts() []*product {
	return []*product{
		windowsRelease("1091", "1607", "14393", "2016-08-02", "2018-04-10", "2019-04-09"),
		windowsRelease("1092", "1803", "17134", "2018-04-30", "2019-11-12", "2021-05-11"),
		windowsRelease("1093", "1809", "17763", "2018-11-13", "2020-11-10", "2021-05-11"),
		windowsRelease("1094", "1903", "18362", "2019-05-21", "2020-12-08", "2020-12-08"),
		windowsRelease("1095", "1909", "18363", "2019-11-12", "2021-05-11", "2022-05-10"),
		windowsRelease("1096", "2004", "19041", "2020-05-27", "2021-12-14", "2021-12-14"),
		windowsRelease("1097", "20H2", "19042", "2020-10-20", "2022-05-10", "2023-05-09"),
		windowsRelease("1098", "21H1", "19043", "2021-05-18", "2022-12-13", "2022-12-13"),
		windowsRelease("1099", "21H2", "19044", "2021-11-16", "2023-06-13", "2024-06-11"),
		windowsRelease("1100", "21H2", "22000", "2021-10-04", "2023-10-10", "2024-10-08"),
		windowsRelease("1101", "22H2", "22621", "2022-09-20", "2024-10-08", "2025-10-14"),
		windowsRelease("1102", "22H2", "19045", "2022-10-18", "2025-10-14", "2025-10-14"),
		windowsRelease("1103", "23H2", "22631", "2023-10-31", "2025-11-11", "2026-11-10"),
		windowsRelease("1104", "24H2", "26100", "2024-10-01", "2026-10-13", "2027-10-12"),
		windowsRelease("1105", "25H2", "26200", "2025-09-30", "2027-10-12", "2028-10-10"),
		windowsRelease("1106", "26H1", "28000", "2026-02-10", "2028-03-14", "2029-03-13"),
		windowsRelease("1107", "26H2", "26300", "2026-09-29", "2028-10-10", "2029-10-09"),
	}
}

// windowsRelease has editions whose servicing ends earlier, and such whose servicing ends
// later. Dates have the form 2006-01-02.
func windowsRelease(id, version, build, released, early, late string) *product {
	p := &product{id: id, group: productOf(build), version: version, build: build}
	for i, e := range []edition{
		{name: "Home", ends: lifecycleDate(early)},
		{name: "Pro", ends: lifecycleDate(early)},
		{name: "Education", ends: lifecycleDate(late)},
		{name: "Enterprise", ends: lifecycleDate(late)},
	} {
		e.id, e.released = id+"."+strconv.Itoa(i+1), lifecycleDate(released)
		p.editions = append(p.editions, e)
	}
	return p
}

// lifecycleDate parses a built-in date, at midnight UTC.
func lifecycleDate(text string) time.Time {
	t, _ := time.Parse(time.DateOnly, text) // the zero time for what is no date
	return t
}

// builtinIssues returns a resolved, a mitigated, and an active issue with a safeguard hold.
func builtinIssues() []*knownIssue {
	return []*knownIssue{resolvedIssue(), mitigatedIssue(), activeIssue()}
}

func resolvedIssue() *knownIssue {
	return publishedIssue([]string{"1104", "1105"}, object{
		"id":                              "WI1000001",
		"title":                           "USB devices might not work in the Windows Recovery Environment",
		"description":                     "After the update, USB keyboards and mice might not respond while a device is being recovered.",
		"status":                          "resolved",
		"startDateTime":                   "2025-10-14T10:00:00-07:00",
		"lastUpdatedDateTime":             "2025-10-20T14:20:11.503-07:00",
		"resolvedDateTime":                "2025-10-20T14:05:36.1881817-07:00",
		"originatingKnowledgeBaseArticle": supportArticle(5066835),
		"resolvingKnowledgeBaseArticle":   supportArticle(5070773),
	},
		historyItem("2025-10-17T23:41:27.29Z", "<p>USB keyboards and mice do not work in the recovery environment.</p>"),
		historyItem("2025-10-20T21:05:36.19Z", "<p><b>Resolution:</b> This issue is resolved by KB5070773 &amp; later updates.</p>"))
}

func mitigatedIssue() *knownIssue {
	return publishedIssue([]string{"1104"}, object{
		"id":                              "WI1000002",
		"title":                           "Protected content might not play in some apps",
		"description":                     "Some apps for digital television and discs might freeze or show a black screen.",
		"status":                          "mitigated",
		"startDateTime":                   "2025-08-29T10:00:00-07:00",
		"lastUpdatedDateTime":             "2025-09-29T10:31:02-07:00",
		"resolvedDateTime":                "2025-09-29T10:00:00-07:00",
		"originatingKnowledgeBaseArticle": supportArticle(5064081),
	},
		historyItem("2025-09-19T18:02:10Z", "<p>Apps that use the Enhanced Video Renderer might fail to play protected content.</p>"))
}

func activeIssue() *knownIssue {
	return publishedIssue([]string{"1104", "1105"}, object{
		"id":                  "WI1000003",
		"title":               "Devices with some security drivers might stop responding",
		"description":         "Devices with certain versions of a security driver might show a blue or black screen.",
		"status":              "confirmed",
		"startDateTime":       "2024-11-13T09:00:00-08:00",
		"lastUpdatedDateTime": "2025-10-01T16:41:58.577-07:00",
		"safeguardHoldIds":    []any{56318982},
	},
		historyItem("2025-04-05T00:12:00Z", "<p>A safeguard hold keeps these devices from being offered <i>Windows 11, version 24H2</i>.</p>"))
}

// publishedIssue adds what all issues share, and null for what an issue lacks.
func publishedIssue(productIDs []string, members object, history ...any) *knownIssue {
	const page = "https://admin.microsoft.com/Adminportal/Home#/windowsreleasehealth/knownissues/:/issue/"
	o := object{
		"resolvedDateTime":                nil,
		"originatingKnowledgeBaseArticle": nil,
		"resolvingKnowledgeBaseArticle":   nil,
		"safeguardHoldIds":                []any{},
		"webViewUrl":                      page + textOf(members, "id"),
		"knownIssueHistories":             history,
	}
	maps.Copy(o, members)
	return &knownIssue{o, productIDs}
}

// historyItem is a text that was published about an issue.
func historyItem(at, html string) any {
	return object{"createdDateTime": at, "body": object{"contentType": "html", "content": html}}
}
