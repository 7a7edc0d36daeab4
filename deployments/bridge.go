package deployments

import (
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Clone returns a copy that shares nothing with s that can be changed.
func (s Settings) Clone() Settings { return s.copied() }

// ShownIn reports whether settings that were read certainly have all that s sets:
// what the service fills in by itself does not matter, and of members in Extra
// nobody can tell. Use it to see whether a change has been applied.
func (s Settings) ShownIn(read Settings) bool {
	return Update{
		Schedule:       setUnlessZero(s.Schedule),
		Monitoring:     setUnlessZero(s.Monitoring),
		Applicability:  setUnlessZero(s.Applicability),
		UserExperience: setUnlessZero(s.UserExperience),
		Expedite:       setUnlessZero(s.Expedite),
		Extra:          s.Extra,
	}.shows(&Deployment{Settings: read})
}

// MayBe reports whether settings that were read may be s as it was sent, and nothing
// more. Unlike with ShownIn, what is zero in s must be absent from read too, save in
// UserExperience, where the service fills in what was left to it. Members in Extra,
// and a rollout of a kind that this version does not know on either side, cannot be
// compared and are not. Use it to find, among what is listed, what was made with
// certain settings, or to notice that somebody has changed or added some since.
func (s Settings) MayBe(read Settings) bool {
	want := s.withoutExtra()
	if isUnknown(want.Schedule.Rollout) || isUnknown(read.Schedule.Rollout) {
		want.Schedule.Rollout, read.Schedule.Rollout = nil, nil
	}
	return sameSchedule(want.Schedule, read.Schedule) && sameMonitoring(want.Monitoring, read.Monitoring) &&
		sameApplicability(want.Applicability, read.Applicability) &&
		sameExperience(want.UserExperience, read.UserExperience) && sameExpedite(want.Expedite, read.Expedite)
}

func setUnlessZero[T interface{ isZero() bool }](part T) odata.Change[T] {
	if part.isZero() {
		return odata.Change[T]{}
	}
	return odata.Set(part)
}
