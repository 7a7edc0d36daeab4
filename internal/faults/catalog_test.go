package faults

import "time"

// entry is an entry of the catalog. The catalog never changes.
type entry struct {
	category string
	kind     string
	released time.Time
	number   int
}

func day(month time.Month, day int) time.Time {
	return time.Date(1999, month, day, 0, 0, 0, 0, time.UTC)
}

// entries are two of each kind. The quality updates differ in their release dates.
var entries = map[string]entry{
	"feature-1": {"feature", "featureUpdateCatalogEntry", day(1, 1), 1},
	"feature-2": {"feature", "featureUpdateCatalogEntry", day(2, 1), 2},
	"quality-1": {"quality", "qualityUpdateCatalogEntry", day(11, 9), 3},
	"quality-2": {"quality", "qualityUpdateCatalogEntry", day(12, 14), 4},
	"driver-1":  {"driver", "driverUpdateCatalogEntry", day(3, 1), 5},
	"driver-2":  {"driver", "driverUpdateCatalogEntry", day(4, 1), 6},
}

const namespace = "#microsoft.graph.windowsUpdates."

// properties are those that the catalog has.
func (e entry) properties(id string) obj {
	all := obj{"@odata.type": namespace + e.kind, "id": id, "displayName": "Update " + id}
	all["releaseDateTime"] = stamp(e.released)
	switch e.category {
	case "feature":
		all["version"] = "Windows 11, version " + id
	case "quality":
		all["isExpeditable"] = true
		all["qualityUpdateClassification"], all["qualityUpdateCadence"] = "security", "monthly"
	}
	return all
}

// embedded are the properties that a deployment or approval has of its entry. A quality
// update keeps its date, and may lose its ID.
func (h *handler) embedded(id string) obj {
	e := entries[id]
	all := e.properties(id)
	all["displayName"] = nil
	if e.category != "quality" {
		all["releaseDateTime"] = "0001-01-01T00:00:00Z"
	} else if h.blankIDs {
		h.shown(emptyEntryID)
		all["id"] = ""
	}
	return obj{"@odata.type": namespace + "catalogContent", "catalogEntry": all}
}

func (h *handler) catalog(path []string) reply {
	if len(path) == 2 && path[0] == "entries" {
		if e, exists := entries[path[1]]; exists {
			return reply{status: 200, body: e.properties(path[1])}
		}
		return missing()
	}
	var all []item
	for id, e := range entries {
		all = append(all, item{e.number, e.properties(id)})
	}
	return h.page(all)
}
