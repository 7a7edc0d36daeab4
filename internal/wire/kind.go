package wire

import (
	"encoding/json"
	"errors"
	"fmt"
)

var errNull = errors.New("it is null")

// KindOf is the kind of a rule or filter, empty where it names none.
func KindOf(text []byte) (string, error) {
	var k *struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(text, &k); err != nil {
		return "", err
	}
	if k == nil {
		return "", errNull
	}
	return k.Type, nil
}

// UnmarshalRules reads a JSON array of rules; null is the nil list.
func UnmarshalRules[T any](text []byte, read func([]byte) (T, error)) ([]T, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(text, &items); err != nil || items == nil {
		return nil, err
	}
	list := make([]T, len(items))
	for i, item := range items {
		var err error
		if list[i], err = read(item); err != nil {
			return nil, fmt.Errorf("read rule %d: %w", i, err)
		}
	}
	return list, nil
}
