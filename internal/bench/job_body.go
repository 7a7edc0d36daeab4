package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/kjson"
)

const (
	audienceID = "00000000-0000-4000-8000-0000000000a1"
	deviceType = "#microsoft.graph.windowsUpdates.azureADDevice"
)

// body writes members of an audience as JSON.
func body(members int) ([]way, error) {
	ids := deviceIDs(members)
	generated, flat := addingGenerated(ids), addingFlat(ids)
	return []way{
		{name: ours, once: func() error { return write(kjson.NewSerializationWriterFactory(), generated) }},
		{name: plain, once: func() error {
			_, err := json.Marshal(flat)
			return err
		}},
		{name: stock, once: func() error { return write(jsonserialization.NewJsonSerializationWriterFactory(), generated) }},
	}, nil
}

func write(factory serialization.SerializationWriterFactory, value serialization.Parsable) error {
	writer, err := factory.GetSerializationWriter("application/json")
	if err != nil {
		return err
	}
	defer func() { _ = writer.Close() }() // always nil
	if err := writer.WriteObjectValue("", value); err != nil {
		return err
	}
	_, err = writer.GetSerializedContent()
	return err
}

// adding adds members to an audience in one request.
func adding() ([]way, error) {
	const members = 1_000
	ids := deviceIDs(members)
	transport := answering{status: http.StatusAccepted}
	client, err := newOurs(transport)
	generated, stockErr := newStock(transport)
	hand := newPlainClient(transport)
	return []way{
		{name: ours, once: func() error {
			opts := &audience.EditOptions{ChunkSize: members, Expecting: members}
			return client.Audiences().AddDevices(context.Background(), audience.ByID(audienceID), ids, opts)
		}},
		{name: plain, once: func() error {
			return hand.send(http.MethodPost, root+"/deploymentAudiences/"+audienceID+"/updateAudience", addingFlat(ids), nil)
		}},
		{name: stock, once: func() error {
			of := generated.DeploymentAudiences().ByDeploymentAudienceId(audienceID)
			return of.UpdateAudience().Post(context.Background(), addingGenerated(ids), nil)
		}},
	}, cmp.Or(err, stockErr)
}

func deviceIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = deviceID(i)
	}
	return ids
}

func deviceID(i int) string { return fmt.Sprintf("%08x-0ca8-4bc1-bd3c-41a456ef300f", i) }

type flatEdit struct {
	Add    []flatDevice `json:"addMembers,omitempty"`
	Remove []flatDevice `json:"removeMembers,omitempty"`
}

type flatDevice struct {
	Type string `json:"@odata.type"`
	ID   string `json:"id"`
}

func addingFlat(ids []string) flatEdit {
	devices := make([]flatDevice, len(ids))
	for i, id := range ids {
		devices[i] = flatDevice{deviceType, id}
	}
	return flatEdit{Add: devices}
}

func addingGenerated(ids []string) models.UpdateAudienceBodyable {
	devices := make([]models.UpdatableAssetable, len(ids))
	for i, id := range ids {
		device := models.NewAzureADDevice()
		device.SetId(&id)
		devices[i] = device
	}
	edit := models.NewUpdateAudienceBody()
	edit.SetAddMembers(devices)
	return edit
}
