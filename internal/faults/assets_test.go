package faults

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

func deviceID(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

func deviceNumber(id string) int {
	var n int
	if _, err := fmt.Sscanf(id[strings.LastIndex(id, "-")+1:], "%d", &n); err != nil {
		panic(err)
	}
	return n
}

// newDevice is a device that the service has just come to know. One in seven cannot be
// registered.
func newDevice(id string) device {
	n := deviceNumber(id)
	return device{order: n + 1, bad: n%7 == 6}
}

var isEnrollment = regexp.MustCompile(`^(un)?enrollAssets(ById)?$`)

func (h *handler) assets(path []string) reply {
	switch {
	case len(path) == 1 && isEnrollment.MatchString(path[0]):
		return h.enroll(strings.HasPrefix(path[0], "enroll"))
	case len(path) == 0 && !h.request.isRead():
		return h.createGroup()
	case len(path) == 1 && path[0] == "updatableAssetGroup":
		return h.listGroups()
	case len(path) == 0, path[0] == "azureADDevice":
		var all []item
		for id, d := range h.view.devices {
			all = append(all, item{d.order, h.device(id)})
		}
		return h.page(all)
	}
	if isGroupID(path[0]) {
		return h.oneGroup(path[0], path[1:])
	}
	if _, known := h.view.devices[path[0]]; !known {
		return missing()
	}
	if h.request.method == http.MethodDelete {
		deletion := effect{verb: "delete", kind: "azureADDevices", id: path[0]}
		return accepted(func(s *state, _ time.Time) { s.deleteAsset(path[0]) }, deletion)
	}
	return reply{status: http.StatusOK, body: h.device(path[0])}
}

// device is also the form in which a member is listed that is not registered.
func (h *handler) device(id string) obj {
	d := h.view.devices[id]
	enrollment := obj{}
	for _, category := range []string{"driver", "feature", "quality"} {
		if state := d.states[category]; state != "" {
			enrollment[category] = obj{"enrollmentState": state, "lastModifiedDateTime": nil}
		} else {
			enrollment[category] = nil
		}
	}
	errors := []any{}
	if d.bad {
		kind := namespace + "azureADDeviceRegistrationError"
		errors = append(errors, obj{"@odata.type": kind, "reason": "missingTrustType"})
	}
	return obj{"@odata.type": namespace + "azureADDevice", "id": id, "enrollment": enrollment, "errors": errors}
}

// enroll accepts a change of enrollment, which goes through a state between.
func (h *handler) enroll(in bool) reply {
	category, _ := h.request.body["updateCategory"].(string)
	ids := idsOf(h.request.body["assets"])
	if ids == nil {
		ids = idsOf(h.request.body["ids"])
	}
	verb, between, to := "unenroll", "unenrolling", "notEnrolled"
	if in {
		verb, between, to = "enroll", "enrolling", "enrolled"
	}
	return accepted(func(s *state, at time.Time) {
		s.setEnrollment(ids, category, between)
		h.service.laterAt(at.Add(5*time.Second), func(s *state, _ time.Time) { s.setEnrollment(ids, category, to) })
	}, effect{verb: verb, kind: category, ids: ids})
}

func (s *state) setEnrollment(ids []string, category, to string) {
	for _, id := range ids {
		if _, known := s.devices[id]; !known {
			s.devices[id] = newDevice(id)
		}
		s.enroll(id, category, to)
	}
}
