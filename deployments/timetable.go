package deployments

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Timetable is how many devices are offered an update, and when. Make it with
// [Settings.Timetable], and print it with [Timetable.String]. Pauses, and devices that are
// added later, change it.
type Timetable struct {
	// Devices is the total number of devices, 1 or more.
	Devices int `json:"devices"`
	// Start is when the first devices are offered the update.
	Start time.Time `json:"start"`
	// Every is the time between two steps; 0 if there is no rollout.
	Every Days `json:"every,omitempty"`
	// StepCount is the number of steps.
	StepCount int `json:"stepCount"`
	// DevicesPerStep is the number of devices in each step; the last step has the
	// remaining ones. If Approximate is true, it is the size of the largest step.
	DevicesPerStep int `json:"devicesPerStep"`
	// Approximate is whether the service chooses the sizes of the steps, because the
	// rollout is given by its end or its length. The timetable then divides the devices
	// evenly, larger steps first; only the end is certain.
	Approximate bool `json:"approximate,omitempty"`
	// Warnings are those of the settings; see [Settings.Warnings] and [Timetable.For].
	Warnings []Warning `json:"warnings,omitempty"`
}

// TimetableStep is one step of a timetable.
type TimetableStep struct {
	// At is when the step begins.
	At time.Time `json:"at"`
	// Devices is the number of devices that are offered the update in this step.
	Devices int `json:"devices"`
	// Total is the number of devices that have been offered it by the end of this step.
	Total int `json:"total"`
}

// Timetable computes locally when, and to how many of the devices, an update is offered
// with these settings. Use it to see how long a rollout takes before you create it. devices
// must be 1 to 2147483647.
//
// now is when the deployment exists and has its devices. Offering begins at
// Schedule.Start, or at now if that is later.
//
// The error is apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. Problems are an invalid
// schedule, an unknown kind of rollout, a duration that is not whole days, and other properties that could
// not be read; see [Schedule.Unread]. If the settings are those of a deployment, check [Deployment.Unread]
// too: without settings, all devices are in one step.
func (s Settings) Timetable(devices int, now time.Time) (Timetable, error) {
	err := s.checkRead()
	if err == nil {
		err = s.Schedule.check("Settings.Schedule")
	}
	if err := errors.Join(checkCount(devices), err); err != nil {
		return Timetable{}, err
	}
	t := Timetable{Devices: devices, Start: wire.Later(s.Schedule.Start, now).UTC(), StepCount: 1, DevicesPerStep: devices}
	t.Warnings = s.Warnings(now)
	if s.Schedule.Rollout == nil {
		return t, nil
	}
	t.Every = cmp.Or(s.Schedule.Rollout.Common().BetweenOffers, 1)
	switch r := s.Schedule.Rollout.(type) {
	case *RateDriven:
		return t.inStepsOf(r.DevicesPerOffer), nil
	case *DateDriven:
		return t.within(wire.DaysUntil(t.Start, r.End)), nil
	case *DurationDriven:
		return t.within(int64(r.Length)), nil
	}
	return t, nil
}

func (t Timetable) inStepsOf(devices int) Timetable {
	t.StepCount, t.DevicesPerStep = ceil(t.Devices, devices), min(devices, t.Devices)
	if t.StepCount == 1 && t.Devices > 1 {
		const text = "covers all devices, so they are offered the update simultaneously"
		t.Warnings = append(t.Warnings, Warning{"Settings.Schedule.Rollout.DevicesPerOffer", text})
	}
	return t
}

// within divides the devices over the steps that begin before an end.
func (t Timetable) within(days int64) Timetable {
	steps := ceil(max(days, 1), int64(t.Every))
	t.StepCount = int(min(steps, int64(t.Devices)))
	t.DevicesPerStep, t.Approximate = ceil(t.Devices, t.StepCount), true
	return t
}

// Steps yields the steps in order. There can be as many as there are devices; they are
// computed one at a time.
func (t Timetable) Steps() iter.Seq[TimetableStep] {
	return func(yield func(TimetableStep) bool) {
		for i := range t.StepCount {
			if !yield(t.step(i)) {
				return
			}
		}
	}
}

// Last returns the last step, after which all devices have been offered the update. It
// returns the zero step if there are no steps.
func (t Timetable) Last() TimetableStep {
	if t.StepCount < 1 {
		return TimetableStep{}
	}
	return t.step(t.StepCount - 1)
}

func (t Timetable) step(i int) TimetableStep {
	total := t.total(i + 1)
	return TimetableStep{At: t.Start.AddDate(0, 0, i*int(t.Every)), Devices: total - t.total(i), Total: total}
}

// total is the number of devices that have been offered the update after some steps.
func (t Timetable) total(steps int) int {
	if t.Approximate {
		return steps*(t.Devices/t.StepCount) + min(steps, t.Devices%t.StepCount)
	}
	return min(t.Devices, steps*t.DevicesPerStep)
}

const (
	// maxLines is the number of steps that are drawn.
	maxLines = 20
	// barWidth is the width of the bar of all devices.
	barWidth = 40
)

// String draws the timetable: a summary, then date, bar, and total of each step, then the
// warnings. If there are more than twenty steps, it draws twenty, evenly chosen, including
// the first and the last. Dates are in UTC.
func (t Timetable) String() string {
	var text strings.Builder
	fmt.Fprintln(&text, t.summary())
	lines := min(t.StepCount, maxLines)
	for line := range lines {
		t.draw(&text, t.step(line*(t.StepCount-1)/max(lines-1, 1)))
	}
	for _, warning := range t.Warnings {
		fmt.Fprintln(&text, "warning:", warning)
	}
	return text.String()
}

func (t Timetable) summary() string {
	devices := counted(t.Devices, "device")
	switch {
	case t.StepCount < 1 || t.Devices < 1:
		return "no steps"
	case t.Every == 0:
		return fmt.Sprintf("%s in one step on %s", devices, date(t.Start))
	}
	about := ""
	if t.Approximate {
		about = "about "
	}
	return fmt.Sprintf("%s, %s%s every %s: %s from %s to %s", devices, about, grouped(t.DevicesPerStep),
		counted(int(t.Every), "day"), counted(t.StepCount, "step"), date(t.Start), date(t.Last().At))
}

// draw keeps within the bar, even for a timetable of the caller.
func (t Timetable) draw(w io.Writer, step TimetableStep) {
	share := min(max(float64(step.Total)/float64(max(t.Devices, 1)), 0), 1)
	bar := strings.Repeat("#", max(1, int(share*barWidth)))
	total := fmt.Sprintf("%*s", len(grouped(t.Devices)), grouped(step.Total))
	fmt.Fprintf(w, "%s  %-*s  %s  %3d %%\n", date(step.At), barWidth, bar, total, int(share*100))
}

func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return grouped(n) + " " + what
}

// grouped writes a number with commas: 50,000.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func checkCount(devices int) error {
	if devices < 1 || devices > math.MaxInt32 {
		return wire.OutOfRange("devices", devices, "must be 1 to 2147483647")
	}
	return nil
}

// checkRead rejects unknown kinds, and properties that could not be read, among them
// durations that are not whole days.
func (s Settings) checkRead() error {
	if unknown, ok := s.Schedule.Rollout.(*UnknownRollout); ok {
		const rule = "must be of a kind that the SDK recognizes"
		return &apierr.FieldError{Field: "Settings.Schedule.Rollout", Value: strconv.Quote(unknown.Kind), Rule: rule}
	}
	var errs []error
	for _, name := range s.scheduleUnread() {
		errs = append(errs, s.unreadProblem(name))
	}
	return errors.Join(errs...)
}

func (s Settings) unreadProblem(path string) error {
	name := path[strings.LastIndex(path, ".")+1:]
	if name == untilEnd || name == "durationBetweenOffers" {
		text := string(s.Schedule.Rollout.Common().Extra[name])
		return wire.OutOfRange("Settings.Schedule.Rollout."+name, text, "must be whole days")
	}
	return &apierr.FieldError{Field: "Settings." + path, Rule: "must be a value that the SDK can read"}
}

// ceil divides by what is positive and rounds up.
func ceil[N int | int64](a, b N) N {
	if a%b > 0 {
		return a/b + 1
	}
	return a / b
}
