package simulator

import "slices"

// builtinQuality begins with the newest. B are monthly security updates, D are previews of the next
// month's, OOB are out-of-band updates.
func builtinQuality() []object { return append(updatesOf2026(), updatesOf2025()...) }

// updatesOf2026 begins with the newest. January, April, June, and July are baselines, which have no
// hotpatch. Version 26H1 has another core, and no hotpatches.
func updatesOf2026() []object {
	return []object{
		securityUpdate("2026-09-14", "2026.09 OOB", "outOfBand",
			cveSeverity("important", 8.1), slices.Concat(
				[]object{windowsBuild("26300.9457", "26H2", 5129195)}, cumulative("9457", 5129195),
				[]object{windowsBuild("28000.2956", "26H1", 5129194)})...),
		securityUpdate("2026-09-08", "2026.09 B", "monthly",
			cveSeverity("critical", 9.8, "CVE-2026-69525"), slices.Concat(
				cumulative("9445", 5124008), hotpatch("9382", 5124011),
				[]object{windowsBuild("28000.2954", "26H1", 5124012), windowsBuild("22631.7582", "23H2", 5122880)})...),
		previewUpdate("2026-08-27", "2026.08 D",
			append(cumulative("9278", 5120998), windowsBuild("28000.2804", "26H1", 5120996))...),
		securityUpdate("2026-08-11", "2026.08 B", "monthly",
			cveSeverity("critical", 9.8), slices.Concat(
				cumulative("9168", 5121003), hotpatch("9104", 5121007),
				[]object{windowsBuild("28000.2704", "26H1", 5121000), windowsBuild("22631.7517", "23H2", 5120240)})...),
		securityUpdate("2026-07-14", "2026.07 B", "monthly",
			cveSeverity("critical", 9.8, "CVE-2026-54114"), slices.Concat(
				cumulative("8875", 5101650),
				[]object{windowsBuild("28000.2525", "26H1", 5101649), windowsBuild("22631.7376", "23H2", 5099414)})...),
		previewUpdate("2026-06-23", "2026.06 D", cumulative("8737", 5095093)...),
		securityUpdate("2026-06-09", "2026.06 B", "monthly",
			cveSeverity("critical", 8.8), slices.Concat(
				cumulative("8655", 5094126),
				[]object{windowsBuild("28000.2269", "26H1", 5095051), windowsBuild("22631.7219", "23H2", 5093998)})...),
		securityUpdate("2026-05-12", "2026.05 B", "monthly",
			cveSeverity("critical", 9.8), slices.Concat(
				cumulative("8457", 5089549), hotpatch("8390", 5089466),
				[]object{windowsBuild("28000.2113", "26H1", 5089548), windowsBuild("22631.7079", "23H2", 5087420)})...),
		securityUpdate("2026-04-14", "2026.04 B", "monthly",
			cveSeverity("critical", 8.8), slices.Concat(
				cumulative("8246", 5083769),
				[]object{windowsBuild("28000.1836", "26H1", 5083768), windowsBuild("22631.6936", "23H2", 5082052)})...),
		securityUpdate("2026-03-13", "2026.03 OOB", "outOfBand",
			cveSeverity("important", 8.8), hotpatch("7982", 5084597)...),
		securityUpdate("2026-03-10", "2026.03 B", "monthly",
			cveSeverity("critical", 8.8), slices.Concat(
				cumulative("8037", 5079473), hotpatch("7979", 5079420),
				[]object{windowsBuild("28000.1719", "26H1", 5079466), windowsBuild("22631.6783", "23H2", 5078883)})...),
		previewUpdate("2026-02-24", "2026.02 D", cumulative("7922", 5077241)...),
		securityUpdate("2026-02-10", "2026.02 B", "monthly",
			cveSeverity("critical", 8.8, "CVE-2026-21510"), slices.Concat(
				cumulative("7840", 5077181), hotpatch("7781", 5077212),
				[]object{windowsBuild("28000.1575", "26H1", 5077179), windowsBuild("22631.6649", "23H2", 5075941)})...),
		securityUpdate("2026-01-13", "2026.01 B", "monthly",
			cveSeverity("critical", 8.8, "CVE-2026-20805"), slices.Concat(
				cumulative("7623", 5074109), []object{windowsBuild("22631.6491", "23H2", 5073455)})...),
	}
}

// updatesOf2025 begins with the newest.
func updatesOf2025() []object {
	return []object{
		securityUpdate("2025-12-09", "2025.12 B", "monthly",
			cveSeverity("important", 8.8, "CVE-2025-62221"), slices.Concat(
				cumulative("7462", 5072033), hotpatch("7392", 5072014),
				[]object{windowsBuild("22631.6345", "23H2", 5071417)})...),
		previewUpdate("2025-12-01", "2025.11 D", cumulative("7309", 5070311)...),
		securityUpdate("2025-11-11", "2025.11 B", "monthly",
			cveSeverity("critical", 9.8, "CVE-2025-62215"),
			windowsBuild("26200.7171", "25H2", 5068861), windowsBuild("26100.7171", "24H2", 5068861),
			asHotpatch(windowsBuild("26100.7092", "24H2", 5068966)), windowsBuild("22631.6199", "23H2", 5068865)),
		previewUpdate("2025-10-28", "2025.10 D",
			windowsBuild("26200.7019", "25H2", 5067036), windowsBuild("26100.7019", "24H2", 5067036)),
		securityUpdate("2025-10-20", "2025.10 OOB", "outOfBand",
			cveSeverity("important", 7.8),
			windowsBuild("26200.6901", "25H2", 5070773), windowsBuild("26100.6901", "24H2", 5070773)),
		securityUpdate("2025-10-14", "2025.10 B", "monthly",
			cveSeverity("critical", 9.8, "CVE-2025-24990", "CVE-2025-59230"),
			windowsBuild("26200.6899", "25H2", 5066835), windowsBuild("26100.6899", "24H2", 5066835),
			windowsBuild("22631.6060", "23H2", 5066793), windowsBuild("19045.6456", "22H2", 5066791)),
		previewUpdate("2025-09-29", "2025.09 D",
			windowsBuild("26200.6725", "25H2", 5065789), windowsBuild("26100.6725", "24H2", 5065789)),
		securityUpdate("2025-09-09", "2025.09 B", "monthly",
			cveSeverity("critical", 8.8),
			windowsBuild("26100.6584", "24H2", 5065426), windowsBuild("22631.5909", "23H2", 5065431),
			windowsBuild("19045.6332", "22H2", 5065429)),
		previewUpdate("2025-08-29", "2025.08 D",
			windowsBuild("26100.5074", "24H2", 5064081), windowsBuild("22631.5840", "23H2", 5064080)),
		securityUpdate("2025-08-12", "2025.08 B", "monthly",
			cveSeverity("critical", 9.8),
			windowsBuild("26100.4946", "24H2", 5063878), asHotpatch(windowsBuild("26100.4851", "24H2", 5064010)),
			windowsBuild("22631.5768", "23H2", 5063875), windowsBuild("19045.6216", "22H2", 5063709)),
	}
}
