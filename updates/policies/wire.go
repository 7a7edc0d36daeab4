package policies

import (
	"encoding/json"
	"strings"

	"github.com/microsoft/kiota-abstractions-go/serialization"

	"github.com/winupdates/winupdates-go/internal/call"
)

// namespace is what the service's names of its types begin with, after the hash of
// a derived type.
const namespace = "microsoft.graph.windowsUpdates."

// shortType is the name of a type without its namespace; empty for none.
func shortType(name *string) string {
	return strings.TrimPrefix(strings.TrimPrefix(call.Value(name), "#"), namespace)
}

// longType puts the service's namespace in front of a name that has none; nil for
// no name.
func longType(name string) *string {
	switch {
	case name == "":
		return nil
	case strings.Contains(name, "."):
		return new("#" + name)
	}
	return new("#" + namespace + name)
}

// rest is where the service keeps the rest of a list that lies in an answer; empty
// where it sent all.
func rest(w serialization.AdditionalDataHolder, list string) string {
	raw, _ := w.GetAdditionalData()[list+"@odata.nextLink"].(json.RawMessage)
	var link string
	if raw != nil && json.Unmarshal(raw, &link) != nil {
		return string(raw) // no link, and refused as one
	}
	return link
}
