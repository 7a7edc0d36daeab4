package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates"
)

// describeIssues tells first of the issues that the service relates to the article,
// then of the other ones that are active in the products, each once.
func describeIssues(ctx context.Context, client *updates.Client, out io.Writer, products []*catalog.Product) error {
	var related, active []*catalog.KnownIssue
	withActive := &catalog.TimeRangeOptions{IncludeActive: true}
	for _, product := range products {
		related = append(related, product.KnownIssues...)
		issues, err := client.KnownIssues().ListByTimeRange(product.ID, 0, withActive).Collect(ctx, 1000)
		if err != nil {
			return err
		}
		active = append(active, issues...)
	}
	told := map[string]bool{}
	describe(out, "Issues of the update", related, told)
	describe(out, "Other active issues of these products", active, told)
	return nil
}

// describe leaves out what was told before.
func describe(out io.Writer, title string, issues []*catalog.KnownIssue, told map[string]bool) {
	fmt.Fprintf(out, "\n%s\n", title)
	before := len(told)
	for _, issue := range issues {
		if !told[issue.ID] {
			told[issue.ID] = true
			describeIssue(out, issue)
		}
	}
	if len(told) == before {
		fmt.Fprintln(out, "none")
	}
}

func describeIssue(out io.Writer, issue *catalog.KnownIssue) {
	fmt.Fprintf(out, "%s  %s\n", issue.ID, issue.Title)
	fmt.Fprintf(out, "  %s\n", strings.Join(standing(issue), ", "))
	for _, hold := range issue.SafeguardHoldIDs {
		fmt.Fprintf(out, "  safeguard hold %d keeps updates from affected devices\n", hold)
	}
	for _, note := range issue.History {
		text := strings.ReplaceAll(readable(note.Body), "\n", "\n    ")
		fmt.Fprintf(out, "  %s\n    %s\n", note.Created.Format(time.DateTime), text)
	}
}

// standing says where an issue stands.
func standing(issue *catalog.KnownIssue) []string {
	parts := []string{string(issue.Status), "seen since " + issue.Started.Format(time.DateOnly)}
	if issue.Originating != nil {
		parts = append(parts, "came with "+issue.Originating.ID)
	}
	if issue.Resolving != nil {
		parts = append(parts, "went with "+issue.Resolving.ID)
	}
	if !issue.IsActive() {
		parts = append(parts, "over since "+issue.Resolved.Format(time.DateOnly))
	}
	return parts
}
