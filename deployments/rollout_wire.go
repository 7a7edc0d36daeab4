package deployments

import (
	"cmp"
	"encoding/json"
	"strconv"

	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readRollout(w models.GradualRolloutSettingsable) Rollout {
	if w == nil {
		return nil
	}
	steps := RolloutBase{Extra: wire.Extra(w)}
	steps.BetweenOffers = readDays(&steps, "durationBetweenOffers", w.GetDurationBetweenOffers())
	switch w := w.(type) {
	case models.RateDrivenRolloutSettingsable:
		return readRate(steps, w)
	case models.DateDrivenRolloutSettingsable:
		return &DateDriven{RolloutBase: steps, End: wire.Time(w.GetEndDateTime())}
	case models.DurationDrivenRolloutSettingsable:
		length := readDays(&steps, untilEnd, w.GetDurationUntilDeploymentEnd())
		return &DurationDriven{RolloutBase: steps, Length: length}
	}
	return &UnknownRollout{RolloutBase: steps, Kind: wire.ShortType(w.GetOdataType())}
}

// readRate is nil for 0 devices in each step, which the service sends for a deployment
// without a rollout. With unknown properties it may mean something else, and is kept.
func readRate(steps RolloutBase, w models.RateDrivenRolloutSettingsable) Rollout {
	devices := int(wire.Value(w.GetDevicesPerOffer()))
	if devices == 0 {
		devices = readOldRate(&steps)
	}
	if devices == 0 && len(steps.Extra) == 0 {
		return nil
	}
	return &RateDriven{RolloutBase: steps, DevicesPerOffer: devices}
}

// oldRate is the name of [RateDriven.DevicesPerOffer] in the service's documentation.
const oldRate = "devicePerOffer"

// readOldRate reads a number or a string.
func readOldRate(steps *RolloutBase) int {
	var number json.Number
	if json.Unmarshal(steps.Extra[oldRate], &number) != nil {
		return 0
	}
	devices, err := strconv.ParseInt(cmp.Or(number.String(), "0"), 10, 32)
	if err != nil {
		return 0
	}
	steps.Extra = wire.Without(steps.Extra, oldRate)
	return int(devices)
}

// readDays keeps a duration that is not whole days in Extra.
func readDays(steps *RolloutBase, name string, text *string) Days {
	if text == nil {
		return 0
	}
	days, ok := wire.ParseDays(*text)
	if ok && days != 0 {
		return Days(days)
	}
	steps.Extra = wire.Keep(steps.Extra, name, *text)
	return 0
}

func writeRollout(r Rollout) models.GradualRolloutSettingsable {
	w := writeRolloutKind(r)
	if steps := r.Common(); steps.BetweenOffers != 0 {
		w.SetDurationBetweenOffers(new(steps.BetweenOffers.String()))
	}
	wire.AddExtra(w, r.Common().Extra)
	return w
}

func writeRolloutKind(r Rollout) models.GradualRolloutSettingsable {
	switch r := r.(type) {
	case *RateDriven:
		w := models.NewRateDrivenRolloutSettings()
		if r.DevicesPerOffer != 0 {
			w.SetDevicesPerOffer(new(int32(r.DevicesPerOffer)))
		}
		return w
	case *DateDriven:
		w := models.NewDateDrivenRolloutSettings()
		w.SetEndDateTime(wire.Sent(r.End))
		return w
	case *DurationDriven:
		w := models.NewDurationDrivenRolloutSettings()
		if r.Length != 0 {
			w.SetDurationUntilDeploymentEnd(new(r.Length.String()))
		}
		return w
	}
	w := models.NewGradualRolloutSettings()
	if unknown, ok := r.(*UnknownRollout); ok {
		w.SetOdataType(wire.LongType(unknown.Kind))
	}
	return w
}
