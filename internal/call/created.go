package call

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// newFor is how long after its creation an object may not be found because it is new.
const newFor = 2 * time.Minute

// created has the ids of the latest objects that a client created. The service may not find
// them at first.
type created struct {
	mu     sync.Mutex
	latest [64]newID
	next   int
}

type newID struct {
	id string
	at time.Time
}

func (c *created) add(ids ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		if id != "" {
			c.latest[c.next] = newID{id, time.Now()}
			c.next = (c.next + 1) % len(c.latest)
		}
	}
}

// remove removes the object at the end of a path, because it was deleted.
func (c *created) remove(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := path[strings.LastIndex(path, "/")+1:]
	for i := range c.latest {
		if strings.EqualFold(c.latest[i].id, id) {
			c.latest[i] = newID{}
		}
	}
}

// isIn reports whether a path leads to or through an object that is new.
func (c *created) isIn(path string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for segment := range strings.SplitSeq(path, "/") {
		for _, one := range c.latest {
			if segment != "" && strings.EqualFold(one.id, segment) && time.Since(one.at) < newFor {
				return true
			}
		}
	}
	return false
}

// remember notes what a call has created or deleted. A dry run does neither.
func (c *Client) remember(rec *record) {
	switch {
	case c.dryRun != nil:
	case rec.op.Kind == Create:
		c.created.add(rec.made...)
	case rec.op.Kind == Delete && (rec.ambiguous || rec.err == nil && isSuccess(rec.status)):
		c.created.remove(rec.path)
	}
}

// idsOf returns the ids of a new object, and of an audience that was created with it, since the
// request does not name it.
func idsOf(result any, request []byte) (ids []string) {
	if e, ok := result.(interface{ GetId() *string }); ok {
		ids = append(ids, wire.Value(e.GetId()))
	}
	if e, ok := result.(interface{ GetMdmAppId() *string }); ok {
		ids = append(ids, wire.Value(e.GetMdmAppId()))
	}
	if e, ok := result.(interface {
		GetAudience() models.DeploymentAudienceable
	}); ok && e.GetAudience() != nil {
		ids = append(ids, unlessIn(request, wire.Value(e.GetAudience().GetId())))
	}
	return ids
}

// idsIn is idsOf for a response that has no model.
func idsIn(body, request []byte) []string {
	var made struct {
		ID, MdmAppID string
		Audience     struct{ ID string }
	}
	_ = json.Unmarshal(body, &made) // what is of another type is empty
	return []string{made.ID, made.MdmAppID, unlessIn(request, made.Audience.ID)}
}

func unlessIn(request []byte, id string) string {
	if bytes.Contains(request, []byte(id)) {
		return ""
	}
	return id
}

// isForNewObject reports whether the last response is a 404 that a new object can have. It is
// not if an earlier attempt may have deleted the object.
func (r *record) isForNewObject() bool {
	return !r.op.MayBeMissing && !r.alreadyDeleted() && !isPolling(r.ctx) && r.created.isIn(r.path)
}

type pollingKey struct{}

// Polling returns the context of the requests of a poll. A poll waits for what is not found, so
// its requests are not retried after 404.
func Polling(ctx context.Context) context.Context { return context.WithValue(ctx, pollingKey{}, true) }

func isPolling(ctx context.Context) bool { return ctx.Value(pollingKey{}) != nil }
