package simulator

import (
	"maps"
	"strconv"
	"strings"
)

// apply returns a response changed by the quirks. It does not change the original.
func (v Quirks) apply(body object) object {
	if v == (Quirks{}) {
		return body
	}
	changed := v.object(body)
	if v.WrapSingle && isSingle(body) {
		return object{"value": changed}
	}
	return changed
}

// isSingle distinguishes an entity from a list by its context.
func isSingle(body object) bool {
	return strings.HasSuffix(textOf(body, "@odata.context"), "/$entity")
}

func (v Quirks) object(o object) object {
	changed := maps.Clone(o)
	if v.LegacyFormats {
		useOldForms(changed)
	}
	for name, value := range changed {
		changed[name] = v.value(name, value)
	}
	return changed
}

func (v Quirks) value(name string, value any) any {
	switch value := value.(type) {
	case object:
		return v.object(value)
	case []any:
		return v.list(name, value)
	case string:
		return v.text(name, value)
	}
	return value
}

func (v Quirks) list(name string, items []any) []any {
	changed := []any{}
	if name == "reasons" && v.OmitReasons {
		return changed
	}
	if v.NullItems && len(items) > 0 {
		changed = append(changed, nil)
	}
	for _, item := range items {
		changed = append(changed, v.value(name, item))
	}
	return changed
}

func (v Quirks) text(name, text string) string {
	switch name {
	case "@odata.type":
		return v.typeName(text)
	case "createdDateTime", "lastModifiedDateTime":
		if v.LegacyFormats {
			return noTimestamp
		}
	case "effectiveValue", "value", "enrollmentState", "reason", "qualityUpdateCadence", "qualityUpdateClassification",
		"maxSeverity", "state", "contentType", "clientState", "clientSubstate", "hotpatchReadiness", "osStatus":
		if v.UnknownValues {
			return unknownValue
		}
	case "status":
		if v.UnknownValues && text != approved && text != suspended { // these are the caller's
			return unknownValue
		}
	}
	return text
}

func (v Quirks) typeName(name string) string {
	if v.UnknownTypes && isPartOfAWhole(shortType(name)) {
		name += unknownSuffix
	}
	if v.AbstractTypes {
		name = abstractName(name)
	}
	if v.TypesWithoutHash {
		name = strings.TrimPrefix(name, "#")
	}
	return name
}

// isPartOfAWhole reports whether a type is that of a value within an object that callers create.
func isPartOfAWhole(kind string) bool {
	return strings.HasSuffix(kind, "RolloutSettings") || strings.HasSuffix(kind, "UpdateFilter") ||
		kind == qualityRuleType || kind == recoveryRuleType || kind == driverRuleType
}

// abstractName is the abstract type of objects that samples show with it, and every other name
// unchanged.
func abstractName(name string) string {
	switch shortType(name) {
	case qualityPolicyType, featurePolicyType, driverPolicyType:
		return "#" + namespace + policyType
	case qualityRingType, featureRingType, driverRingType:
		return "#" + namespace + ringType
	case workspaceType:
		return "#" + namespace + connectionType
	}
	return name
}

// noTimestamp is what samples have where a time is expected.
const noTimestamp = "String (timestamp)"

// useOldForms changes the properties of one object, not those of objects in it.
func useOldForms(o object) {
	if state, ok := o["effectiveValue"]; ok {
		o["value"], o["effectiveSinceDate"] = state, noTimestamp
		delete(o, "effectiveValue")
	}
	if devices, ok := o["devicesPerOffer"]; ok {
		o["devicePerOffer"] = devices
		delete(o, "devicesPerOffer")
	}
	if enrollment, ok := o["enrollment"].(object); ok {
		o["enrollments"] = oldEnrollments(enrollment)
		delete(o, "enrollment")
	}
	if isHotpatch, ok := o["isHotpatchUpdate"].(bool); ok {
		o["isHotpatchUpdate"] = strconv.FormatBool(isHotpatch)
	}
}

// oldEnrollments has an item for each category in which a device is enrolled.
func oldEnrollments(enrollment object) []any {
	items := []any{}
	for _, category := range categories() {
		information, _ := enrollment[category].(object)
		if state := textOf(information, "enrollmentState"); state == enrolled || state == byPolicy {
			items = append(items, object{
				"@odata.type": "#" + namespace + "updateManagementEnrollment", "updateCategory": category,
			})
		}
	}
	return items
}

// maskUnknown replaces values that were added to an enumeration after its sentinel, and unknown ones,
// by the sentinel. Callers that did not ask for more receive it. It does not change the original.
func maskUnknown(body object) object {
	hidden := make(object, len(body))
	for name, value := range body {
		hidden[name] = maskIn(name, value)
	}
	return hidden
}

func maskIn(name string, value any) any {
	switch v := value.(type) {
	case object:
		return maskUnknown(v)
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = maskIn(name, item)
		}
		return items
	case string:
		if isMasked(name, v) {
			return "unknownFutureValue"
		}
	}
	return value
}

// isMasked knows the added values by the property that has them.
func isMasked(member, value string) bool {
	if value == unknownValue {
		return true
	}
	switch member {
	case "value":
		return value == "faultedByContentOutdated"
	case "updateCategory", "autoEnrollmentUpdateCategories":
		return value == "driver"
	}
	return false
}
