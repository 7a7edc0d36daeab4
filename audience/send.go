package audience

import (
	"context"
	"slices"
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
	s := sending{chunks: slices.Collect(slices.Chunk(edit.steps(), a.opts.ChunkSize))}
	var workers sync.WaitGroup
	for range min(a.opts.Parallel, len(s.chunks)) {
		workers.Go(func() {
			for chunk := s.next(); chunk != nil; chunk = s.next() {
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

func (a *applying) post(ctx context.Context, chunk []step) error {
	of := a.report.Plan.Of
	return call.Exec(ctx, a.client.call, of.audienceOp(a.op, call.Set), func(ctx context.Context, g *graph.Client) error {
		return of.routes(g).update(ctx, editOf(chunk).wire())
	})
}

// accepted is called by one worker at a time. What is sent again was noted before.
func (a *applying) accepted(chunk []step) {
	for _, s := range chunk {
		before := a.sent.missing
		if s.side == removeMembers {
			before = a.sent.surplus
		}
		if !hasMember(before, s.member) {
			list := a.report.Sent.list(s.side)
			*list = append(*list, s.member)
		}
	}
	a.progress()
}

// settleSending reports what did not go out.
func (a *applying) settleSending(s *sending) error {
	if s.err == nil {
		return nil
	}
	a.report.Failed, a.report.Unsent = editOf(s.failed), editOf(slices.Concat(s.chunks...))
	return &EditError{Sent: a.report.Sent, Failed: a.report.Failed, Unsent: a.report.Unsent, Err: s.err}
}

// sending is shared by the workers.
type sending struct {
	mu     sync.Mutex
	chunks [][]step // not begun
	failed []step
	err    error // the first one
}

// next is nil when there is nothing left to begin.
func (s *sending) next() []step {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil || len(s.chunks) == 0 {
		return nil
	}
	chunk := s.chunks[0]
	s.chunks = s.chunks[1:]
	return chunk
}

func (s *sending) ended(chunk []step, err error, accepted func([]step)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		accepted(chunk)
		return
	}
	s.failed = append(s.failed, chunk...)
	if s.err == nil {
		s.err = err
	}
}
