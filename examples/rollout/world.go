package main

import (
	"time"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// world is what happens outside of the program, which only a simulator can control.
type world struct {
	service *simulator.Server
}

// goesOn advances the time until something happens to a deployment: it starts, or a week
// later 12 of 200 devices roll the update back.
func (w world) goesOn(d *deployments.Deployment) error {
	if d.State.Effective == deployments.StateScheduled {
		w.service.Advance(d.Settings.Schedule.Start.Sub(w.service.Now()))
		return nil
	}
	w.service.Advance(7 * 24 * time.Hour)
	var ids []string
	for _, offer := range w.service.Offers(d.ID)[:12] {
		ids = append(ids, offer.DeviceID)
	}
	return w.service.ReportRollback(d.ID, ids...)
}
