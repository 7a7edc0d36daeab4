package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// NameError is the error of names that do not lead to exactly the devices that they are meant for. It is
// apierr.ErrNotFound if a name has no device, and apierr.ErrAmbiguous if a name has several.
type NameError struct {
	// Missing are the names that no profile has.
	Missing []string `json:"missing,omitempty"`
	// Ambiguous are the names that several devices have, with the devices to choose from.
	Ambiguous []ResolvedName `json:"ambiguous,omitempty"`
	// WithoutID are the names that a profile has without a device ID; see [Candidate].
	WithoutID []string `json:"withoutId,omitempty"`
	// Total is the number of names.
	Total int `json:"total"`
	// Profiles is the number of profiles that were read.
	Profiles int `json:"profiles"`
	// Unnamed is the number of profiles among them without a name.
	Unnamed int `json:"unnamed"`
}

func (e *NameError) count() int { return len(e.Missing) + len(e.Ambiguous) + len(e.WithoutID) }

// Error returns how many names failed, and the first ones of each kind, on one line.
func (e *NameError) Error() string {
	return wire.Line("; ",
		fmt.Sprintf("%d of %s cannot be used", e.count(), wire.Counted(e.Total, "name")),
		e.missing(), e.ambiguous(), first("without a device ID: ", e.WithoutID))
}

func (e *NameError) missing() string {
	if len(e.Missing) == 0 {
		return ""
	}
	text := first("without a device profile: ", e.Missing)
	if e.Unnamed > 0 {
		text += fmt.Sprintf("; %d of %s without a name, which is sent only if AllowDeviceNameInDiagnosticData is on",
			e.Unnamed, wire.Counted(e.Profiles, "profile"))
	}
	return text + "; GET /devices?$filter=displayName eq 'NAME' of Microsoft Graph returns the deviceId of a device without a profile"
}

func (e *NameError) ambiguous() string {
	if len(e.Ambiguous) == 0 {
		return ""
	}
	texts := make([]string, len(e.Ambiguous))
	for i, name := range e.Ambiguous {
		texts[i] = strconv.Quote(name.Name) + " (" + name.choices() + ")"
	}
	return listed("of several devices: ", texts) + "; use the device ID of the one that is meant"
}

func (n ResolvedName) choices() string {
	texts := make([]string, len(n.Candidates))
	for i, c := range n.Candidates {
		texts[i] = c.String()
	}
	return listed("", texts)
}

// String returns how many names have one device, several, and none, on one line.
func (r Resolution) String() string {
	one, several, none := 0, 0, 0
	for _, name := range r.Names {
		switch len(name.Candidates) {
		case 0:
			none++
		case 1:
			one++
		default:
			several++
		}
	}
	devices := wire.Line(", ", numberOf(one, "of one device"), numberOf(several, "of several"),
		numberOf(none, "of none"))
	profiles := wire.Line(", ", wire.Counted(r.Profiles, "profile"), numberOf(r.Unnamed, "without a name"))
	return wire.Line("; ", wire.Line(": ", wire.Counted(len(r.Names), "name"), devices), profiles)
}

func numberOf(n int, label string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n, " ", label)
}

// String returns name and devices on one line.
func (n ResolvedName) String() string {
	if len(n.Candidates) == 0 {
		return wire.Line("", strconv.Quote(n.Name), ": no device")
	}
	return wire.Line("", strconv.Quote(n.Name), ": ", n.choices())
}

// String returns device ID, model, build, enrollment, and registration errors on one line.
func (c Candidate) String() string {
	parts := []string{cmp.Or(c.DeviceID, "no device ID")}
	isThere := func(p *Profile) bool { return p != nil } // a stored one can be null
	if i := slices.IndexFunc(c.Profiles, isThere); i >= 0 {
		p := c.Profiles[i]
		parts = append(parts, wire.Known(p.Extra, "deviceModel", p.Model),
			wire.Known(p.Extra, "osBuild", wire.Named("build", p.Build)))
	}
	if d := c.Device; d != nil {
		parts = append(parts, enrolled(d, "feature updates", audience.CategoryFeature),
			enrolled(d, "quality updates", audience.CategoryQuality), enrolled(d, "drivers", audience.CategoryDriver))
		for _, e := range d.Errors {
			parts = append(parts, wire.Known(e.Extra, "reason", wire.Named("error", string(e.Reason))))
		}
		parts = append(parts, wire.Known(d.Extra, "errors", ""))
	}
	return wire.Line(" ", parts...)
}

func enrolled(d *audience.Device, label string, c audience.Category) string {
	if d.IsEnrollmentUnread(c) {
		return "unknown " + label
	}
	return wire.Named(label, string(d.Enrollment(c).State))
}

// maxListed is how many names an error lists of each kind.
const maxListed = 5

func first(label string, names []string) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = strconv.Quote(name)
	}
	return listed(label, texts)
}

func listed(label string, texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	shown := strings.Join(texts[:min(maxListed, len(texts))], ", ")
	if more := len(texts) - maxListed; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	return label + shown
}

// Is reports whether the error is the sentinel error target.
func (e *NameError) Is(target error) bool {
	return target == apierr.ErrNotFound && len(e.Missing)+len(e.WithoutID) > 0 ||
		target == apierr.ErrAmbiguous && len(e.Ambiguous) > 0
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (e *NameError) UnmarshalJSON(text []byte) error {
	type fields NameError
	return wire.Unmarshal(text, (*fields)(e))
}
