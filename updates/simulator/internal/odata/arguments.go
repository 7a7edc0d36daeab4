package odata

import (
	"net/url"
	"strconv"
	"strings"
)

// Arguments are those of a function, by their names in lower case. Strings keep their quotes.
type Arguments map[string]string

// ReadArguments reads the arguments in parentheses at the end of a path. A value that begins with @ is
// the name of a query option with the value.
func ReadArguments(escapedPath string, options url.Values) (Arguments, error) {
	items, ok := splitOutside(argumentList(escapedPath), ',')
	if !ok {
		return nil, BadRequest("The arguments of the function are malformed.")
	}
	found := Arguments{}
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

// Text reads a string.
func (a Arguments) Text(name string) (string, error) {
	value := a[strings.ToLower(name)]
	if len(value) < 2 || value[0] != '\'' || value[len(value)-1] != '\'' {
		return "", badArgument(name)
	}
	return strings.ReplaceAll(value[1:len(value)-1], "''", "'"), nil
}

// Natural reads a number of 32 bits that is not negative.
func (a Arguments) Natural(name string) (int, error) {
	n, err := strconv.ParseInt(a[strings.ToLower(name)], 10, 32)
	if err != nil || n < 0 {
		return 0, badArgument(name)
	}
	return int(n), nil
}

// Flag is false if there is no such argument.
func (a Arguments) Flag(name string) (bool, error) {
	switch a[strings.ToLower(name)] {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	}
	return false, badArgument(name)
}

func badArgument(name string) error {
	return BadRequest("The argument '" + name + "' of the function is missing or has a value of another type.")
}
