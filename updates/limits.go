package updates

import (
	"cmp"
	"fmt"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/call"
)

// NoLimit allows any number of devices, for the limits of [Limits] that have a default.
const NoLimit = call.NoLimit

// Limits are the most devices that one call may reach. A list that is wrong by one column would otherwise
// reach all devices of the tenant. The devices are counted before anything is sent; over a limit nothing is,
// and the error is [apierr.ErrTooManyDevices]. The zero Limits are the defaults.
//
// A call that reaches many devices on purpose says how many: Expecting, in its options, raises the limit to
// that number for this call. It is a number, so that it still protects when the list has grown.
//
// Devices that already have what the call changes do not count. The SDK reads lists to find them, but only if
// the call has more IDs than the limit, or groups. [Client.Call] has no limits.
type Limits struct {
	// Additions is the most devices that a call may newly add to an audience or group. The default, 0, is
	// [NoLimit].
	Additions int
	// Enrollments is the most devices that a call may newly enroll. Devices that the service enrolls because
	// an update policy has categories to enroll in do not count. The default, 0, is [NoLimit].
	Enrollments int
	// Unenrollments is the most devices that a call may unenroll. An unenrolled device is free to take what
	// its own policies allow, which usually is the newest version of Windows. The default, 0, is 500.
	Unenrollments int
	// ImmediateOffers is the most devices that a call may offer an update immediately, by a deployment, an
	// approval, or the rules of an update policy, without a rollout. Removing rules or approvals offers
	// nothing, so it is not counted, and neither are rings: their groups are those of Microsoft Entra, whose
	// devices this API does not list. The default, 0, is 500.
	ImmediateOffers int
	// Protected are the IDs of devices, or of groups of this service, to protect. No call may add them as
	// members, enroll, unenroll, or delete them, or remove them from exclusions. Adding them to exclusions
	// is allowed. The error of another call is [apierr.ErrProtected].
	Protected []string
}

// defaultLimit is the largest number of devices that a call unenrolls, or offers an update immediately.
const defaultLimit = 500

func (l Limits) problems() []error {
	problems := []error{
		notNegative("Options.Limits.Additions", l.Additions),
		notNegative("Options.Limits.Enrollments", l.Enrollments),
		notNegative("Options.Limits.Unenrollments", l.Unenrollments),
		notNegative("Options.Limits.ImmediateOffers", l.ImmediateOffers),
	}
	for i, id := range l.Protected {
		problems = append(problems, audience.Internal.CheckDeviceID(fmt.Sprintf("Options.Limits.Protected[%d]", i), id))
	}
	return problems
}

// filled returns the limits with the defaults.
func (l Limits) filled() call.Limits {
	f := call.Limits{
		Additions:       cmp.Or(l.Additions, NoLimit),
		Enrollments:     cmp.Or(l.Enrollments, NoLimit),
		Unenrollments:   cmp.Or(l.Unenrollments, defaultLimit),
		ImmediateOffers: cmp.Or(l.ImmediateOffers, defaultLimit),
	}
	for _, id := range l.Protected {
		f.Protected.Add(id)
	}
	f.Protected.Sort()
	return f
}
