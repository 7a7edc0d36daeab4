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

// describeIssues prints the issues that the service relates to the article, then the other active issues of
// the products, each once.
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
	printed := map[string]bool{}
	describe(out, "Issues of the update", related, printed)
	describe(out, "Other active issues of these products", active, printed)
	return nil
}

// describe leaves out issues that were printed before.
func describe(out io.Writer, title string, issues []*catalog.KnownIssue, printed map[string]bool) {
	fmt.Fprintf(out, "\n%s\n", title)
	before := len(printed)
	for _, issue := range issues {
		if !printed[issue.ID] {
			printed[issue.ID] = true
			describeIssue(out, issue)
		}
	}
	if len(printed) == before {
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

// standing returns the status of an issue with its dates and articles.
func standing(issue *catalog.KnownIssue) []string {
	parts := []string{string(issue.Status), "first observed " + issue.Started.Format(time.DateOnly)}
	if issue.Originating != nil {
		parts = append(parts, "introduced by "+issue.Originating.ID)
	}
	if issue.Resolving != nil {
		parts = append(parts, "resolved by "+issue.Resolving.ID)
	}
	if !issue.IsActive() {
		parts = append(parts, "closed "+issue.Resolved.Format(time.DateOnly))
	}
	return parts
}
