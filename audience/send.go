package audience

import (
	"context"
	"sync"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
)

// send sends the changes that end a difference, several requests at a time, removals
// first. After a failure no further request begins; the error is an [*EditError] then,
// unless all of it had been accepted before.
func (a *applying) send(ctx context.Context, d difference) error {
	edit := Edit{AddMembers: d.missing, RemoveMembers: d.surplus}
	fresh := d.without(a.sent).len()
	a.total += fresh
	s := sending{edit: edit, size: a.opts.ChunkSize}
	var workers sync.WaitGroup
	for range min(a.opts.Concurrency, (edit.Len()+s.size-1)/s.size) {
		workers.Go(func() {
			for chunk, ok := s.next(); ok; chunk, ok = s.next() {
				s.ended(chunk, a.post(ctx, chunk), a.accepted)
			}
		})
	}
	workers.Wait()
	a.sent = a.sent.and(d)
	if fresh == 0 {
		return s.err
	}
	return a.settleSending(&s)
}

func (a *applying) post(ctx context.Context, chunk Edit) error {
	of := a.report.Plan.Audience
	return call.Exec(ctx, a.client.call, of.audienceOp(a.op, call.Set), func(ctx context.Context, g *graph.Client) error {
		return of.routes(g).update(ctx, chunk.wire())
	})
}

// accepted is called by one worker at a time. What is sent again was noted before.
func (a *applying) accepted(chunk Edit) {
	sent := &a.report.Sent
	sent.AddMembers = append(sent.AddMembers, without(chunk.AddMembers, a.sent.missing)...)
	sent.RemoveMembers = append(sent.RemoveMembers, without(chunk.RemoveMembers, a.sent.surplus)...)
	a.progress()
}

// settleSending reports what did not go out.
func (a *applying) settleSending(s *sending) error {
	if s.err == nil {
		return nil
	}
	a.report.Failed, a.report.Unsent = s.failed, s.edit.part(s.begun, s.edit.Len()).copied()
	return &EditError{Sent: a.report.Sent, Failed: a.report.Failed, Unsent: a.report.Unsent, Err: s.err}
}

// sending is shared by the workers.
type sending struct {
	edit Edit
	size int // of chunks

	mu     sync.Mutex
	begun  int // assets
	failed Edit
	err    error // the first one
}

// next begins the next chunk, if there is one to begin.
func (s *sending) next() (chunk Edit, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil || s.begun >= s.edit.Len() {
		return Edit{}, false
	}
	chunk = s.edit.part(s.begun, s.begun+s.size)
	s.begun += s.size
	return chunk, true
}

func (s *sending) ended(chunk Edit, err error, accepted func(Edit)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		accepted(chunk)
		return
	}
	s.failed = s.failed.with(chunk)
	if s.err == nil {
		s.err = err
	}
}
