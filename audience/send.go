package audience

import (
	"context"
	"errors"
	"sync"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// send sends a difference in chunks, several requests at a time, removals first. After a
// failure no further request begins, and the error is an [*EditError], unless everything
// in it had been accepted before.
func (run *syncRun) send(ctx context.Context, d difference) error {
	edit := Edit{AddMembers: d.missing, RemoveMembers: d.surplus}
	before := run.sent
	run.total += d.without(before).len()
	s := sending{edit: edit, size: run.opts.ChunkSize}
	var workers sync.WaitGroup
	for range min(run.opts.Concurrency, (edit.Len()+s.size-1)/s.size) {
		workers.Go(func() {
			for chunk, ok := s.next(); ok; chunk, ok = s.next() {
				s.ended(chunk, run.post(ctx, chunk), run.accepted)
			}
		})
	}
	workers.Wait()
	run.sent = run.sent.union(d)
	return run.reportUnsent(&s, before)
}

func (run *syncRun) post(ctx context.Context, chunk Edit) error {
	of := run.report.Plan.Audience
	return call.Exec(ctx, run.client.call, of.audienceOp(run.op, call.Set), func(ctx context.Context, g *graph.Client) error {
		return of.routes(g).update(ctx, chunk.wire())
	})
}

// accepted is called by one worker at a time. Changes that are sent again were recorded
// before.
func (run *syncRun) accepted(chunk Edit) {
	sent := &run.report.Sent
	sent.AddMembers = append(sent.AddMembers, without(chunk.AddMembers, run.sent.missing)...)
	sent.RemoveMembers = append(sent.RemoveMembers, without(chunk.RemoveMembers, run.sent.surplus)...)
	run.progress()
}

// reportUnsent records the changes that were not sent, of those that had not been accepted before.
func (run *syncRun) reportUnsent(s *sending, before difference) error {
	if s.err == nil {
		return nil
	}
	failed, unsent := s.failed.without(before), s.edit.part(s.begun, s.edit.Len()).without(before)
	if failed.Len()+unsent.Len() == 0 {
		return s.err
	}
	run.report.Failed, run.report.Unsent = failed, unsent
	return &EditError{Sent: run.report.Sent, Failed: run.report.Failed, Unsent: run.report.Unsent, Err: s.err}
}

// without returns an edit of members without the changes in d, with lists of its own.
func (e Edit) without(d difference) Edit {
	return Edit{AddMembers: without(e.AddMembers, d.missing), RemoveMembers: without(e.RemoveMembers, d.surplus)}
}

// sending is shared by the workers.
type sending struct {
	edit Edit
	size int // of chunks

	mu     sync.Mutex
	begun  int // assets
	failed Edit
	err    error // the first one, or the first of unknown outcome
}

// next begins the next chunk, if there is one.
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
	if s.err == nil || errors.Is(err, apierr.ErrUnknownOutcome) && !errors.Is(s.err, apierr.ErrUnknownOutcome) {
		s.err = err
	}
}
