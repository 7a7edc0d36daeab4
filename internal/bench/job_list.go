package main

import (
	"cmp"
	"context"
	"net/http"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/updates"
)

// listing reads the members of an audience page by page.
func listing(n int) ([]way, error) {
	transport := newMembers(n)
	client, err := newOurs(transport)
	generated, stockErr := newStock(transport)
	hand := newPlainClient(transport)
	counting := func(count func() (int, error)) func() error {
		return func() error {
			got, err := count()
			return cmp.Or(err, want("members", got, n))
		}
	}
	return []way{
		{name: ours, once: counting(func() (int, error) { return countOurs(client, func() {}) })},
		{name: plain, once: counting(hand.countMembers)},
		{name: stock, once: counting(func() (int, error) { return countGenerated(generated) })},
	}, cmp.Or(err, stockErr)
}

// countOurs calls seen for each member.
func countOurs(client *updates.Client, seen func()) (int, error) {
	count := 0
	for _, err := range client.Audiences().ListMembers(audience.ByID(audienceID), nil).All(context.Background()) {
		if err != nil {
			return count, err
		}
		count++
		seen()
	}
	return count, nil
}

func (c *plainClient) countMembers() (count int, err error) {
	err = c.members(func(flatMember) { count++ })
	return count, err
}

// members calls use for each member.
func (c *plainClient) members(use func(flatMember)) error {
	for link := membersURL; link != ""; {
		var page struct {
			Next  string       `json:"@odata.nextLink"`
			Value []flatMember `json:"value"`
		}
		if err := c.send(http.MethodGet, link, nil, &page); err != nil {
			return err
		}
		for _, member := range page.Value {
			use(member)
		}
		link = page.Next
	}
	return nil
}

type flatMember struct {
	flatDevice
	Errors []struct {
		Reason string `json:"reason"`
	} `json:"errors"`
	Enrollment map[string]struct {
		State string `json:"enrollmentState"`
	} `json:"enrollment"`
}

func countGenerated(client *graph.Client) (int, error) {
	count, members := 0, client.DeploymentAudiences().ByDeploymentAudienceId(audienceID).Members()
	for {
		page, err := members.Get(context.Background(), nil)
		if err != nil {
			return count, err
		}
		count += len(page.GetValue())
		if page.GetOdataNextLink() == nil {
			return count, nil
		}
		members = members.WithUrl(*page.GetOdataNextLink())
	}
}
