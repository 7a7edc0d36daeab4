package catalog_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
)

func TestAValuePrintsOneLineForPeople(t *testing.T) {
	t.Parallel()
	extra := map[string]json.RawMessage{"a": []byte("1")}
	article := &catalog.Article{ID: "KB5068861", Extra: extra}
	build := catalog.Revision{
		ID: "10.0.26100.7171", Product: "Windows 11", Version: "24H2", Article: article, Hotpatch: true, Extra: extra,
		Build: catalog.Build{Major: 10, Number: 26100, Revision: 7171},
	}
	others := []catalog.Revision{build, {ID: "10.0.26200.7171", Article: article}, {ID: "10.0.22631.6199", Article: &catalog.Article{ID: "KB2"}}}
	base, score, end := catalog.Base{ID: "9a", Kind: catalog.KindQuality, Extra: extra}, 9.8, time.Date(2027, 10, 12, 0, 0, 0, 0, time.UTC)
	for want, value := range map[string]any{
		"2026.11 B, KB5068861, 26100.7171, security": &catalog.QualityUpdate{
			Base: base, ShortName: "2026.11 B", Revisions: []catalog.Revision{build}, Classification: catalog.ClassificationSecurity,
		},
		"2026.11 B, KB5068861 and 1 more, 26100.7171 and 2 more": &catalog.QualityUpdate{ShortName: "2026.11 B", Revisions: others},
		"qualityUpdateCatalogEntry 9a":                           &catalog.QualityUpdate{Base: base},
		"Windows 11, version 24H2, build 26100":                  &catalog.FeatureUpdate{Version: "Windows 11, version 24H2", Build: "26100"},
		"Fabrikam 1.2, Firmware": catalog.DriverUpdate{
			Base: catalog.Base{DisplayName: "Fabrikam"}, Version: "1.2", Class: "Firmware",
		},
		"Recovery, KB5068861, 26100.7171": &catalog.RecoveryUpdate{
			Base: catalog.Base{DisplayName: "Recovery"}, Revisions: []catalog.Revision{build},
		},
		"quantumUpdate 7": &catalog.UnknownEntry{Base: catalog.Base{ID: "7", Kind: "quantumUpdate", Extra: extra}},
		"entry":           catalog.Base{},
		"critical, CVSS 9.8, exploited CVE-2026-1 and 1 more": &catalog.Severity{
			Level: "critical", Score: &score, Extra: extra, Exploited: []catalog.CVE{{Number: "CVE-2026-1", Extra: extra}, {Number: "CVE-2026-2"}},
		},
		"CVE-2026-1": catalog.CVE{Number: "CVE-2026-1", URL: "https://cve.example", Extra: extra},
		"KB5068861":  article,
		"Windows 11, version 24H2, 26100.7171, KB5068861, hotpatch": build,
		"Windows 11": &catalog.Product{ID: "1", Name: "Windows 11", Extra: extra},
		"Enterprise, in service until 2027-10-12": catalog.Edition{Name: "Enterprise", InService: true, EndOfService: end, Extra: extra},
		"edition 3, out of service":               catalog.Edition{ID: "3"},
		"edition 4, in service":                   catalog.Edition{ID: "4", InService: true},
		"Modern, unknown to 2027-10-12":           catalog.ServicingPeriod{Name: "Modern", End: end, Extra: extra},
		"WI1, It fails, confirmed":                &catalog.KnownIssue{ID: "WI1", Title: "It fails", Status: catalog.StatusConfirmed, Extra: extra},
		"2027-10-12: one two":                     catalog.IssueNote{Created: end, Body: catalog.IssueBody{Content: "one\n two"}, Extra: extra},
	} {
		require.Equal(t, want, fmt.Sprint(value))
	}
}
