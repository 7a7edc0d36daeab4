package main

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates"
)

// syncing replaces one in a hundred members, and reads the audience back.
func syncing(n int) ([]way, error) {
	transport := newMembers(n)
	client, err := newOurs(transport)
	hand := newPlainClient(transport)
	restart := func() error { transport.posted = false; return nil }
	return []way{
		{name: ours, before: restart, once: func() error { return syncOurs(client, transport.after) }},
		{name: plain, before: restart, once: func() error { return hand.sync(transport.after) }},
	}, err
}

func syncOurs(client *updates.Client, wanted []string) error {
	added := len(wanted) / 100
	opts := &audience.SyncOptions{
		ChunkSize: 1_000, Expecting: added, Poll: audience.PollOptions{InitialInterval: time.Nanosecond},
	}
	report, err := client.Audiences().SyncSeq(context.Background(), audience.ByID(audienceID), eachMember(wanted), opts)
	if err != nil {
		return err
	}
	return want("added", len(report.Sent.AddMembers), added)
}

func eachMember(ids []string) iter.Seq2[audience.Member, error] {
	return func(yield func(audience.Member, error) bool) {
		for _, id := range ids {
			if !yield(audience.Member{Kind: audience.KindDevice, ID: id}, nil) {
				return
			}
		}
	}
}

// sync does what a program would do that trusts the service.
func (c *plainClient) sync(wanted []string) error {
	missing, surplus, err := c.difference(wanted)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(missing, 1_000) {
		if err := c.edit(flatEdit{Add: chunk}); err != nil {
			return err
		}
	}
	for chunk := range slices.Chunk(surplus, 1_000) {
		if err := c.edit(flatEdit{Remove: chunk}); err != nil {
			return err
		}
	}
	left, more, err := c.difference(wanted)
	return cmp.Or(err, want("left", len(left)+len(more), 0), want("added", len(missing), len(wanted)/100))
}

// difference is what must be added and removed.
func (c *plainClient) difference(wanted []string) (missing, surplus []flatDevice, err error) {
	left := make(map[string]bool, len(wanted))
	for _, id := range wanted {
		left[id] = true
	}
	err = c.members(func(m flatMember) {
		if !left[m.ID] {
			surplus = append(surplus, m.flatDevice)
		}
		delete(left, m.ID)
	})
	for id := range left {
		missing = append(missing, flatDevice{deviceType, id})
	}
	return missing, surplus, err
}

func (c *plainClient) edit(edit flatEdit) error {
	return c.send(http.MethodPost, root+"/deploymentAudiences/"+audienceID+"/updateAudience", edit, nil)
}
