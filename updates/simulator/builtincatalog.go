package simulator

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
)

func builtinFeatures() []object {
	return []object{
		featureUpdate("2f6bd1a8-4b1e-4d0c-9a57-0c3f2a19a245", "Windows 11, version 25H2", "26200", "2025-09-30", ""),
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

// builtinQuality begins with the newest. B are monthly security updates, D are previews of the next
// month's.
func builtinQuality() []object {
	return []object{
		securityUpdate("2025-11-11", "2025.11 B", "monthly", cveSeverity("critical", 9.8, "CVE-2025-62215"),
			windowsBuild("26200.7171", "25H2", 5068861), windowsBuild("26100.7171", "24H2", 5068861),
			hotpatchBuild("26100.7092", "24H2", 5068966), windowsBuild("22631.6199", "23H2", 5068865)),
		previewUpdate("2025-10-28", "2025.10 D",
			windowsBuild("26200.7019", "25H2", 5067036), windowsBuild("26100.7019", "24H2", 5067036)),
		securityUpdate("2025-10-20", "2025.10 OOB", "outOfBand", cveSeverity("important", 7.8),
			windowsBuild("26200.6901", "25H2", 5070773), windowsBuild("26100.6901", "24H2", 5070773)),
		securityUpdate("2025-10-14", "2025.10 B", "monthly", cveSeverity("critical", 9.8, "CVE-2025-24990", "CVE-2025-59230"),
			windowsBuild("26200.6899", "25H2", 5066835), windowsBuild("26100.6899", "24H2", 5066835),
			windowsBuild("22631.6060", "23H2", 5066793), windowsBuild("19045.6456", "22H2", 5066791)),
		previewUpdate("2025-09-29", "2025.09 D",
			windowsBuild("26200.6725", "25H2", 5065789), windowsBuild("26100.6725", "24H2", 5065789)),
		securityUpdate("2025-09-09", "2025.09 B", "monthly", cveSeverity("critical", 8.8),
			windowsBuild("26100.6584", "24H2", 5065426), windowsBuild("22631.5909", "23H2", 5065431),
			windowsBuild("19045.6332", "22H2", 5065429)),
		previewUpdate("2025-08-29", "2025.08 D",
			windowsBuild("26100.5074", "24H2", 5064081), windowsBuild("22631.5840", "23H2", 5064080)),
		securityUpdate("2025-08-12", "2025.08 B", "monthly", cveSeverity("critical", 9.8),
			windowsBuild("26100.4946", "24H2", 5063878), hotpatchBuild("26100.4851", "24H2", 5064010),
			windowsBuild("22631.5768", "23H2", 5063875), windowsBuild("19045.6216", "22H2", 5063709)),
	}
}

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

func hotpatchBuild(build, version string, article int) object {
	r := windowsBuild(build, version, article)
	r["isHotpatchUpdate"] = true
	return r
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
	if strings.HasPrefix(build, "19") {
		return "Windows 10"
	}
	return "Windows 11"
}

// whole reads a number of a build.
func whole(digits string) int {
	n, _ := strconv.Atoi(digits) // zero for what is no number
	return n
}
