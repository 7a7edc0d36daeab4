package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

var errNull = errors.New("JSON value is null")

// MarshalKind is json.Marshal for a struct without MarshalJSON, with its kind as "type" in front of the fields.
func MarshalKind(kind string, fields any) ([]byte, error) {
	text, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	head := `{"type":` + strconv.Quote(kind)
	if string(text) != "{}" {
		head += ","
	}
	return append([]byte(head), text[1:]...), nil
}

// UnmarshalKind is [Unmarshal] for a value of a known kind. It may name the kind, and no
// other.
func UnmarshalKind(text []byte, into any, kind string) error {
	named, rest, err := SplitKind(text)
	if err != nil {
		return err
	}
	if named != "" && named != kind {
		return At("type", fmt.Errorf("must be %q (got %q)", kind, named))
	}
	return Unmarshal(rest, into)
}

// UnmarshalList reads a JSON array of rules or rings; null is the nil list.
func UnmarshalList[T any](text []byte, read func([]byte) (T, error)) ([]T, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(text, &items); err != nil || items == nil {
		return nil, err
	}
	list := make([]T, len(items))
	for i, item := range items {
		var err error
		if list[i], err = read(item); err != nil {
			return nil, At(strconv.Itoa(i), err)
		}
	}
	return list, nil
}
