package simulator

// hideEvolved returns a body in which values that an enumeration got after its
// sentinel, and those that nobody knows, are replaced by the sentinel, which is what
// callers see that did not ask for more. Nothing is changed in place.
func hideEvolved(body object) object {
	hidden := make(object, len(body))
	for name, value := range body {
		hidden[name] = hideIn(name, value)
	}
	return hidden
}

func hideIn(name string, value any) any {
	switch v := value.(type) {
	case object:
		return hideEvolved(v)
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = hideIn(name, item)
		}
		return items
	case string:
		if isEvolved(name, v) {
			return "unknownFutureValue"
		}
	}
	return value
}

// isEvolved knows the evolved values by the members in which they stand.
func isEvolved(member, value string) bool {
	if value == strangeValue {
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
