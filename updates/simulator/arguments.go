package simulator

import (
	"net/url"
	"strconv"
	"strings"
)

// arguments are those of a function, by their names in lower case. Texts keep
// their quotes.
type arguments map[string]string

// readArguments reads what stands in the parentheses at the end of a path. A value
// that begins with @ is the name of an option in the query that has the value.
func readArguments(escapedPath string, options url.Values) (arguments, error) {
	items, ok := splitOutside(argumentList(escapedPath), ',')
	if !ok {
		return nil, badRequest("The arguments of the function are malformed.")
	}
	found := arguments{}
	for _, item := range items {
		name, value, _ := strings.Cut(strings.TrimSpace(item), "=")
		if strings.HasPrefix(value, "@") {
			value = options.Get(value)
		}
		found[strings.ToLower(name)] = value
	}
	return found, nil
}

// argumentList is the text in the parentheses of the last segment.
func argumentList(escaped string) string {
	escaped = strings.TrimSuffix(escaped, "/")
	segment, _ := url.PathUnescape(escaped[strings.LastIndex(escaped, "/")+1:])
	_, inside, _ := strings.Cut(segment, "(")
	return strings.TrimSuffix(inside, ")")
}

func (a arguments) text(name string) (string, error) {
	value := a[strings.ToLower(name)]
	if len(value) < 2 || value[0] != '\'' || value[len(value)-1] != '\'' {
		return "", badArgument(name)
	}
	return strings.ReplaceAll(value[1:len(value)-1], "''", "'"), nil
}

// natural reads a number of 32 bits that is not negative.
func (a arguments) natural(name string) (int, error) {
	n, err := strconv.ParseInt(a[strings.ToLower(name)], 10, 32)
	if err != nil || n < 0 {
		return 0, badArgument(name)
	}
	return int(n), nil
}

// flag is false where there is no such argument.
func (a arguments) flag(name string) (bool, error) {
	switch a[strings.ToLower(name)] {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	}
	return false, badArgument(name)
}

func badArgument(name string) error {
	return badRequest("The argument '" + name + "' of the function is missing or has a value of another type.")
}
