package deployments

import (
	"encoding/json"
	"errors"
	"maps"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Schedule is when, and how fast, an update is offered. The service replaces it as a whole:
// a change that sets only one field removes the other.
type Schedule struct {
	// Start is when offering begins. The zero time, and a time in the past, begin as soon
	// as the audience has members.
	Start time.Time `json:"startDateTime,omitzero"`
	// Rollout offers the update in steps; nil offers it to all members simultaneously.
	Rollout Rollout `json:"gradualRollout,omitempty"`
	// Extra has unknown properties of the schedule.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

func (*Schedule) names() (field, property string) { return "Schedule", "schedule" }

func (s Schedule) isZero() bool {
	return s.Start.IsZero() && s.Rollout == nil && len(s.Extra) == 0
}

func (s Schedule) check(field string) error {
	extra := wire.CheckExtra(field, s.Extra, map[string]bool{
		"startDateTime": !s.Start.IsZero(), "gradualRollout": s.Rollout != nil,
	})
	start := checkTime(field+".Start", s.Start)
	if s.Rollout == nil {
		return errors.Join(start, extra)
	}
	return errors.Join(start, extra, checkRollout(field+".Rollout", s.Rollout), s.checkEnd(field))
}

func (s Schedule) checkEnd(field string) error {
	if end := s.end(); !end.IsZero() && end.Before(s.Start) {
		return wire.OutOfRange(field+".Rollout.End", timestamp(end), "must not be before "+field+".Start")
	}
	return nil
}

// end is the zero time for a rollout that is not given by its end.
func (s Schedule) end() time.Time {
	if r, ok := s.Rollout.(*DateDriven); ok && r != nil {
		return r.End
	}
	return time.Time{}
}

func (s *Schedule) detach() {
	s.Rollout = copyRollout(s.Rollout)
	s.Extra = maps.Clone(s.Extra)
}

// checkTime rejects a time that JSON cannot represent.
func checkTime(field string, t time.Time) error {
	if year := t.UTC().Year(); year < 1 || year > 9999 {
		return wire.OutOfRange(field, t.UTC(), "must be in the years 1 to 9999")
	}
	return nil
}

func (s Schedule) isAppliedTo(read Schedule) bool {
	return len(s.Extra) == 0 && len(read.Unread()) == 0 && second(s.Start).Equal(second(read.Start)) &&
		isRolloutAppliedTo(s.Rollout, read.Rollout)
}

func (s Schedule) matches(read Schedule) bool {
	return compared("startDateTime", second(s.Start).Equal(second(read.Start)), true, s.Extra, read.Extra) &&
		compared("gradualRollout", rolloutMatches(s.Rollout, read.Rollout), true, s.Extra, read.Extra)
}

// second drops fractions, which may be lost on the way to the service and back.
func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
