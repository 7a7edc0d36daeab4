package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// unknown names what could not be read of a value; empty for nothing.
func unknown(unread ...string) string {
	return wire.Named("unknown", strings.Join(unread, ", "))
}

// String returns the name of the entry, or its kind and ID.
func (b Base) String() string { return wire.Line(", ", b.name(), unknown(b.Unread()...)) }

func (b Base) name() string {
	return cmp.Or(b.DisplayName, strings.TrimSpace(cmp.Or(string(b.Kind), "entry")+" "+b.ID))
}

// String returns one line, such as "Windows 11, version 24H2, build 26100".
func (u FeatureUpdate) String() string {
	return wire.Line(", ", cmp.Or(u.Version, u.name()), wire.Named("build", u.Build), unknown(u.Unread()...))
}

// String returns one line, such as "2026.11 B, KB5068861, 26100.7171, security". If the update has several
// articles or builds, the line has the first and their number.
func (u QualityUpdate) String() string {
	return wire.Line(", ", cmp.Or(u.ShortName, u.name()), articles(u.Revisions), builds(u.Revisions),
		string(u.Classification),
		unknown(append(u.Unread(), unreadOf(u.Revisions)...)...))
}

// String returns one line, such as "Contoso Firmware 1.2.3, Firmware".
func (u DriverUpdate) String() string {
	return wire.Line(", ", strings.TrimSpace(u.name()+" "+u.Version), u.Class, unknown(u.Unread()...))
}

// String returns one line with the name, the articles, and the builds.
func (u RecoveryUpdate) String() string {
	return wire.Line(", ", u.name(), articles(u.Revisions), builds(u.Revisions),
		unknown(append(u.Unread(), unreadOf(u.Revisions)...)...))
}

// String returns one line, such as "critical, CVSS 9.8, exploited CVE-2026-1234".
func (s Severity) String() string {
	score := ""
	if s.Score != nil {
		score = fmt.Sprintf("CVSS %.1f", *s.Score)
	}
	numbers := make([]string, len(s.Exploited))
	for i, cve := range s.Exploited {
		numbers[i] = cve.String()
	}
	return wire.Line(", ", s.Level, score, wire.Named("exploited", firstOf(numbers)), unknown(s.Unread()...))
}

// String returns the number of the vulnerability.
func (c CVE) String() string { return wire.Line(", ", c.Number, unknown(c.Unread()...)) }

// String returns one line, such as "Windows 11, version 24H2, 26100.7171, KB5068861, hotpatch".
func (r Revision) String() string {
	article, hotpatch := "", ""
	if r.Article != nil {
		article = r.Article.ID
	}
	if r.Hotpatch {
		hotpatch = "hotpatch"
	}
	return wire.Line(", ", r.Product, wire.Named("version", r.Version), r.shortBuild(), article, hotpatch,
		unknown(append(r.Unread(), r.Build.Unread()...)...))
}

// shortBuild is the build without "10.0.".
func (r Revision) shortBuild() string {
	if r.Build.Number == 0 {
		return strings.TrimPrefix(r.ID, windows)
	}
	return strings.TrimPrefix(r.Build.String(), windows)
}

// String returns the KB number of the article.
func (a Article) String() string { return wire.Line("", a.ID) }

// String returns the name of the product, or its ID.
func (p Product) String() string {
	return wire.Line(", ", cmp.Or(p.Name, "product "+p.ID), unknown(p.Unread()...))
}

// String returns one line, such as "Enterprise, in service until 2027-10-12".
func (e Edition) String() string {
	inService := service(e.InService, e.EndOfService)
	if e.Extra["isInService"] != nil {
		inService = ""
	}
	return wire.Line(", ", cmp.Or(e.Name, "edition "+e.ID), inService, unknown(e.Unread()...))
}

func service(in bool, end time.Time) string {
	switch {
	case in && !end.IsZero():
		return "in service until " + end.Format(time.DateOnly)
	case in:
		return "in service"
	}
	return "out of service"
}

// String returns the name and the days of the period.
func (p ServicingPeriod) String() string {
	return wire.Line(", ", p.Name, day(p.Start)+" to "+day(p.End), unknown(p.Unread()...))
}

// String returns one line with number, title, and status.
func (i KnownIssue) String() string {
	return wire.Line(", ", i.ID, i.Title, string(i.Status), unknown(i.Unread()...))
}

// String returns the day and the text of the note.
func (n IssueNote) String() string {
	return wire.Line(", ", day(n.Created)+": "+n.Body.String(), unknown(n.Unread()...))
}

// String returns the text on one line.
func (b IssueBody) String() string {
	return wire.Line(", ", wire.Line(" ", strings.Fields(b.Content)...), unknown(b.Unread()...))
}

// unreadOf names what could not be read of articles and builds.
func unreadOf(revisions []Revision) []string {
	var names []string
	for _, r := range revisions {
		names = append(names, wire.Unread(r.Extra, "osBuild", "knowledgeBaseArticle")...)
		names = append(names, r.Build.Unread()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func articles(revisions []Revision) string {
	var ids []string
	for _, r := range revisions {
		if r.Article != nil {
			ids = append(ids, r.Article.ID)
		}
	}
	return firstOf(ids)
}

func builds(revisions []Revision) string {
	var numbers []string
	for _, r := range revisions {
		numbers = append(numbers, r.shortBuild())
	}
	return firstOf(numbers)
}

// firstOf returns the first item, and how many different ones follow.
func firstOf(items []string) string {
	distinct := map[string]bool{}
	for _, item := range items {
		distinct[item] = true
	}
	switch len(distinct) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	return items[0] + " and " + strconv.Itoa(len(distinct)-1) + " more"
}

func day(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.Format(time.DateOnly)
}
