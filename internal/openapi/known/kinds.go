package main

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// overrides are kinds of properties that the description does not say, by type and
// name: older forms of the service that its articles still show, and texts whose values
// are known elsewhere.
var overrides = map[string]string{
	"applicableContentDeviceMatch.recommendedBy":           "value Microsoft",
	"contentApplicabilitySettings.offerWhileRecommendedBy": "value Microsoft",
	"deploymentState.value":                                "value archived faulted offering paused scheduled unknownFutureValue",
	"deviceProfile.deviceName":                             "value #", // instead of the name of a device that sends none
	"deviceProfile.osBuild":                                "build",
	"innerError.date":                                      "time",
	"innerError.status":                                    "code",
	"rateDrivenRolloutSettings.devicePerOffer":             "number",
}

// extraTypes are types that the service names and the description does not, with their
// bases.
var extraTypes = map[string]string{
	"excludedGroupAssignment": "groupAssignment",
	"includedGroupAssignment": "groupAssignment",
}

var (
	knownValues  = regexp.MustCompile(`Known values: ([^.;]+)`)
	idOfAnEntry  = regexp.MustCompile(`The id is the (?:catalog )?entry's id`)
	catalogEntry = regexp.MustCompile(`(?i)\bId of (?:the|a)(?: driver's)? catalog entry`)
)

// kindOf is the kind of a property as the table has it: what its values are, and with
// that which of them the recorder keeps.
func (t *table) kindOf(typeName, name string, s *schema) string {
	if kind := overrides[typeName+"."+name]; kind != "" {
		return kind
	}
	if s.Type == "array" {
		item := *s.Items
		item.Description = cmp.Or(item.Description, s.Description)
		return t.kindOf(typeName, name, &item)
	}
	switch ref := s.reference(); {
	case ref != "":
		return "object " + ref
	case s.Type == "integer", s.Type == "number":
		return "number"
	case s.Type == "boolean":
		return "boolean"
	}
	return t.kindOfText(typeName, name, s)
}

func (t *table) kindOfText(typeName, name string, s *schema) string {
	values := knownValues.FindStringSubmatch(s.Description)
	switch {
	case s.Format == "date-time":
		return "time"
	case strings.Contains(s.Description, "#microsoft.graph."):
		return "type"
	case values != nil:
		return "value " + strings.Join(sortedValues(values[1]), " ")
	case strings.Contains(s.Description, "ISO 8601 duration"):
		return "duration"
	case strings.HasSuffix(s.Description, "rror code."), strings.HasPrefix(s.Description, "More specific error code"):
		return "code"
	case strings.HasPrefix(s.Description, "Text for developers"):
		return "message"
	case name == "catalogEntryId", name == "id" && t.hasEntryID(typeName):
		return "catalog"
	case t.public[typeName], t.hasEntryID(typeName):
		return "public"
	}
	return "text"
}

// sortedValues are the values of an enumeration, with the one that the service sends for
// those that a client has not asked for.
func sortedValues(list string) []string {
	values := append(strings.Split(strings.Join(strings.Fields(list), ""), ","), "unknownFutureValue")
	slices.Sort(values)
	return slices.Compact(values)
}

// hasEntryID reports whether the id of a type is the id of a catalog entry.
func (t *table) hasEntryID(typeName string) bool {
	return typeName == "catalogEntry" || idOfAnEntry.MatchString(t.schemas[typeName].Description)
}

// isPublicPath reports whether a path is about Windows and not about a tenant.
func isPublicPath(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first == "catalog" || first == "products" || first == "knownIssues"
}

// markPublic adds a type, its base, and what it has, to the types whose texts are
// Microsoft's. The types that all have as a base have no texts.
func (t *table) markPublic(typeName string) {
	s := t.schemas[typeName]
	if s == nil || t.public[typeName] || typeName == "entity" || typeName == "collectionPage" {
		return
	}
	t.public[typeName] = true
	t.markPublic(s.reference())
	for _, property := range s.properties() {
		t.markPublic(property.reference())
		t.markPublic(property.Items.reference())
	}
	for name, other := range t.schemas {
		if other.reference() == typeName {
			t.markPublic(name)
		}
	}
}
