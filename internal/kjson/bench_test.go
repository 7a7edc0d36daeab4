package kjson

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// writerFactories are the two that are compared.
func writerFactories() map[string]serialization.SerializationWriterFactory {
	return map[string]serialization.SerializationWriterFactory{
		"kjson": NewSerializationWriterFactory(),
		"stock": jsonserialization.NewJsonSerializationWriterFactory(),
	}
}

// BenchmarkReadPage reads a page of 1,000 catalog entries. The flat struct is what
// a program would write that needs nothing but this page.
func BenchmarkReadPage(b *testing.B) {
	page := catalogPage(1000)
	for name, read := range map[string]func() error{
		"kjson": func() error {
			_, err := Read(page, models.CreateCatalogEntryPageFromDiscriminatorValue)
			return err
		},
		"stock": func() error {
			_, err := readStock(page, models.CreateCatalogEntryPageFromDiscriminatorValue)
			return err
		},
		"encoding-json": func() error { return json.Unmarshal(page, new(flatPage)) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWriteAudience writes bodies of updateAudience. The stock writer takes
// time with the square of the length, so the longest body is not for it.
func BenchmarkWriteAudience(b *testing.B) {
	for _, members := range []int{200, 1000, 5000, 50000} {
		body, flat := audienceBody(members), flatAudience(members)
		for _, name := range []string{"kjson", "stock"} {
			if name == "stock" && members > 5000 {
				continue
			}
			writers := writerFactories()[name]
			b.Run(fmt.Sprintf("%d/%s", members, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := written(writers, body); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("%d/encoding-json", members), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := json.Marshal(flat); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func written(writers serialization.SerializationWriterFactory, item serialization.Parsable) ([]byte, error) {
	writer, err := writers.GetSerializationWriter(contentType)
	if err != nil {
		return nil, err
	}
	defer func() { _ = writer.Close() }()
	if err := writer.WriteObjectValue("", item); err != nil {
		return nil, err
	}
	return writer.GetSerializedContent()
}

// catalogPage has the form of GET /catalog/entries with productRevisions
// expanded, about 600 bytes an entry: every fourth has a revision with its build
// and article, the others are shorter.
func catalogPage(entries int) []byte {
	var items []string
	for i := range entries {
		items = append(items, catalogEntry(i))
	}
	return []byte(`{"@odata.context":"https://graph.microsoft.com/beta/$metadata#admin/windows/updates/catalog/entries","value":[` +
		strings.Join(items, ",") + `]}`)
}

func catalogEntry(i int) string {
	id := fmt.Sprintf("%064x", i+1<<20)
	switch i % 4 {
	case 0:
		return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":%q,`+
			`"displayName":"10/08/2024 - 2024.10 B SecurityUpdate for Windows 10 and later","deployableUntilDateTime":null,`+
			`"releaseDateTime":"2024-10-08T00:00:00Z","isExpeditable":true,"qualityUpdateClassification":"security",`+
			`"catalogName":"2024-10 Cumulative Update for Windows 10 and later","shortName":"2024.10 B",`+
			`"qualityUpdateCadence":"monthly","cveSeverityInformation":{"maxSeverity":"critical","maxBaseScore":9.8,`+
			`"exploitedCves":[{"number":"CVE-2024-43572",`+
			`"url":"https://msrc.microsoft.com/update-guide/vulnerability/CVE-2024-43572"}]},"productRevisions":[%s]}`,
			id, productRevision(i, "Windows 11", "23H2"))
	case 1, 2:
		return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":%q,`+
			`"displayName":"09/24/2024 - 2024.09 D Update for Windows 10 and later","deployableUntilDateTime":null,`+
			`"releaseDateTime":"2024-09-24T00:00:00Z","isExpeditable":false,"qualityUpdateClassification":"nonSecurity",`+
			`"catalogName":"2024-09 Cumulative Update Preview","shortName":"2024.09 D","qualityUpdateCadence":"monthly"}`, id)
	}
	return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":%q,`+
		`"displayName":"Windows 11, version 22H2","deployableUntilDateTime":"2025-10-14T00:00:00Z",`+
		`"releaseDateTime":"2022-09-20T00:00:00Z","version":"Windows 11, version 22H2","buildNumber":"22621"}`, id)
}

func productRevision(i int, product, version string) string {
	return fmt.Sprintf(`{"id":"10.0.22631.%d","displayName":%q,"releaseDateTime":"2024-10-08T17:00:00.1234567Z","version":%q,`+
		`"product":%q,"isHotpatchUpdate":false,"osBuild":{"majorVersion":10,"minorVersion":0,"buildNumber":22631,`+
		`"updateBuildRevision":%d},"knowledgeBaseArticle@odata.context":`+
		`"https://graph.microsoft.com/beta/$metadata#knowledgeBaseArticle","knowledgeBaseArticle":{"id":"KB5044285",`+
		`"url":"https://support.microsoft.com/help/5044285"}}`,
		i, product+", version "+version, version, product, i)
}

type flatPage struct {
	NextLink string      `json:"@odata.nextLink"`
	Value    []flatEntry `json:"value"`
}

type flatEntry struct {
	Type            string     `json:"@odata.type"`
	ID              string     `json:"id"`
	DisplayName     string     `json:"displayName"`
	DeployableUntil *time.Time `json:"deployableUntilDateTime"`
	Released        time.Time  `json:"releaseDateTime"`
	Expeditable     bool       `json:"isExpeditable"`
	Classification  string     `json:"qualityUpdateClassification"`
	CatalogName     string     `json:"catalogName"`
	ShortName       string     `json:"shortName"`
	Cadence         string     `json:"qualityUpdateCadence"`
	Version         string     `json:"version"`
	BuildNumber     string     `json:"buildNumber"`
	Severity        *struct {
		Max   string  `json:"maxSeverity"`
		Score float64 `json:"maxBaseScore"`
		CVEs  []struct {
			Number string `json:"number"`
			URL    string `json:"url"`
		} `json:"exploitedCves"`
	} `json:"cveSeverityInformation"`
	Revisions []flatRevision `json:"productRevisions"`
}

type flatRevision struct {
	ID          string    `json:"id"`
	DisplayName string    `json:"displayName"`
	Released    time.Time `json:"releaseDateTime"`
	Version     string    `json:"version"`
	Product     string    `json:"product"`
	Hotpatch    bool      `json:"isHotpatchUpdate"`
	Build       struct {
		Major    int32 `json:"majorVersion"`
		Minor    int32 `json:"minorVersion"`
		Number   int32 `json:"buildNumber"`
		Revision int32 `json:"updateBuildRevision"`
	} `json:"osBuild"`
	Article struct {
		ID  string `json:"id"`
		URL string `json:"url"`
	} `json:"knowledgeBaseArticle"`
}

func deviceID(i int) string { return fmt.Sprintf("%08x-0ca8-4bc1-bd3c-41a456ef300f", i) }

func audienceBody(members int) *models.UpdateAudienceBody {
	assets := make([]models.UpdatableAssetable, 0, members)
	for i := range members {
		device := models.NewAzureADDevice()
		device.SetId(new(deviceID(i)))
		assets = append(assets, device)
	}
	body := models.NewUpdateAudienceBody()
	body.SetAddMembers(assets)
	return body
}

type flatDevice struct {
	ID   string `json:"id"`
	Type string `json:"@odata.type"`
}

func flatAudience(members int) any {
	var body struct {
		AddMembers []flatDevice `json:"addMembers"`
	}
	for i := range members {
		body.AddMembers = append(body.AddMembers, flatDevice{deviceID(i), "#microsoft.graph.windowsUpdates.azureADDevice"})
	}
	return body
}
