package simulator

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
)

func builtinFeatures() []object {
	return []object{
		featureUpdate("7d20c6b4-8e3a-4f57-b1d9-4a6c93e0a262", "Windows 11, version 26H2", "26300", "2026-09-29", ""),
		featureUpdate("5b94e0f3-1c68-4a2e-9d75-e83f07b1a261", "Windows 11, version 26H1", "28000", "2026-02-10", ""),
		featureUpdate("2f6bd1a8-4b1e-4d0c-9a57-0c3f2a19a245", "Windows 11, version 25H2", "26200", "2025-09-30", "2034-10-10"),
		featureUpdate("6a1de2c7-93f0-4c5d-8b1a-5d7e61f2a244", "Windows 11, version 24H2", "26100", "2024-10-01", "2033-10-11"),
		featureUpdate("91c3f7b2-0e5a-47d6-b3c8-7f4a2d10a233", "Windows 11, version 23H2", "22631", "2023-10-31", "2032-11-09"),
		featureUpdate("c4e8a05d-7b26-4f91-a6e3-18d95b20a222", "Windows 11, version 22H2", "22621", "2022-09-20", "2031-10-14"),
		featureUpdate("e07b94f1-52ad-4e38-8c7f-3a6c0d41a211", "Windows 11, version 21H2", "22000", "2021-10-04", "2024-10-08"),
		featureUpdate("b8d2630e-f41c-4a7b-9e05-62b8c7d3a102", "Windows 10, version 22H2", "19045", "2022-10-18", ""),
	}
}

// featureUpdate takes dates as 2006-01-02; the second may be empty.
func featureUpdate(id, version, build, released, until string) object {
	o := object{
		"@odata.type":             "#" + namespace + featureType,
		"id":                      id,
		"displayName":             version,
		"version":                 version,
		"buildNumber":             build,
		"releaseDateTime":         midnight(released),
		"deployableUntilDateTime": nil,
	}
	if until != "" {
		o["deployableUntilDateTime"] = midnight(until)
	}
	return o
}

func midnight(date string) string { return date + "T00:00:00Z" }

// securityUpdate is an expeditable update.
func securityUpdate(released, name, cadence string, cves object, revisions ...object) object {
	o := qualityUpdate(released, name, "SecurityUpdate", revisions)
	o["cveSeverityInformation"] = cves
	o["isExpeditable"] = true
	o["qualityUpdateCadence"] = cadence
	o["qualityUpdateClassification"] = "security"
	return o
}

// previewUpdate is a monthly update that is not for security and cannot be expedited.
func previewUpdate(released, name string, revisions ...object) object {
	o := qualityUpdate(released, name, "Update", revisions)
	o["catalogName"] = o["catalogName"].(string) + " Preview"
	o["cveSeverityInformation"] = nil
	o["isExpeditable"] = false
	o["qualityUpdateCadence"] = "monthly"
	o["qualityUpdateClassification"] = "nonSecurity"
	return o
}

// qualityUpdate has what both kinds share; the name is the short one.
func qualityUpdate(released, name, kind string, revisions []object) object {
	year, rest, _ := strings.Cut(released, "-")
	month, dayOfMonth, _ := strings.Cut(rest, "-")
	display := month + "/" + dayOfMonth + "/" + year + " - " + name + " " + kind + " for Windows 10 and later"
	items := []any{}
	for _, r := range revisions {
		r["releaseDateTime"] = midnight(released)
		items = append(items, r)
	}
	return object{
		"@odata.type":             "#" + namespace + qualityType,
		"id":                      fmt.Sprintf("%x", sha256.Sum256([]byte(display))),
		"displayName":             display,
		"shortName":               name,
		"catalogName":             year + "-" + month + " Cumulative Update for Windows 10 and later",
		"releaseDateTime":         midnight(released),
		"deployableUntilDateTime": nil,
		"productRevisions":        items,
	}
}

func cveSeverity(highest string, score float64, exploited ...string) object {
	cves := []any{}
	for _, number := range exploited {
		cves = append(cves, object{
			"number": number,
			"url":    "https://msrc.microsoft.com/update-guide/vulnerability/" + number,
		})
	}
	return object{"maxSeverity": highest, "maxBaseScore": score, "exploitedCves": cves}
}

// cumulative are the builds of a revision for the versions of Windows 11 with the same core that had been
// released, newest first.
func cumulative(revision string, article int) []object {
	return []object{windowsBuild("26200."+revision, "25H2", article), windowsBuild("26100."+revision, "24H2", article)}
}

// hotpatch are the builds of the hotpatch with a revision, which is lower than that of the cumulative
// update of its month.
func hotpatch(revision string, article int) []object {
	builds := cumulative(revision, article)
	for _, b := range builds {
		asHotpatch(b)
	}
	return builds
}

func asHotpatch(build object) object {
	build["isHotpatchUpdate"] = true
	return build
}

// windowsBuild is a build such as 26100.7171 of a version such as 24H2.
func windowsBuild(build, version string, article int) object {
	product := productOf(build)
	number, update, _ := strings.Cut(build, ".")
	return object{
		"id":               "10.0." + build,
		"displayName":      product + ", version " + version + ", build " + build,
		"product":          product,
		"version":          version,
		"isHotpatchUpdate": false,
		"osBuild": object{
			"majorVersion": 10, "minorVersion": 0,
			"buildNumber": whole(number), "updateBuildRevision": whole(update),
		},
		"knowledgeBaseArticle": supportArticle(article),
	}
}

func supportArticle(number int) object {
	return object{
		"id":  articleID(number),
		"url": "https://support.microsoft.com/help/" + strconv.Itoa(number),
	}
}

func productOf(build string) string {
	if strings.HasPrefix(build, "1") {
		return "Windows 10"
	}
	return "Windows 11"
}

// whole reads a number of a build.
func whole(digits string) int {
	n, _ := strconv.Atoi(digits) // zero for what is no number
	return n
}
