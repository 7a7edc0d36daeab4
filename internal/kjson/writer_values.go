package kjson

import (
	"errors"
	"time"
	"unicode/utf8"
)

// member writes a value unless it is nil.
func member[T any](w *writer, key string, value *T, write func(*writer, T) error) error {
	if value == nil {
		return nil
	}
	w.begin(key)
	return w.failed(key, write(w, *value))
}

// WriteStringValue writes a string. Invalid UTF-8 is an error.
func (w *writer) WriteStringValue(key string, value *string) error {
	return member(w, key, value, (*writer).text)
}

// WriteBoolValue writes a Boolean.
func (w *writer) WriteBoolValue(key string, value *bool) error {
	return member(w, key, value, (*writer).bool)
}

// WriteInt32Value writes an integer.
func (w *writer) WriteInt32Value(key string, value *int32) error {
	return member(w, key, value, (*writer).int32)
}

// WriteTimeValue writes a time in UTC and keeps the digits of its second. A year before 0 or after
// 9999 is an error.
func (w *writer) WriteTimeValue(key string, value *time.Time) error {
	return member(w, key, value, (*writer).time)
}

func (w *writer) text(s string) error {
	switch {
	case isPlain(s):
		w.out.Buf = append(append(append(w.out.Buf, '"'), s...), '"')
	case utf8.ValidString(s):
		w.out.Str(s)
	default:
		return errNotUTF8
	}
	return nil
}

// isPlain reports whether a string is written as it is, as nearly all are. Copying them is twice as fast as
// looking at each byte for UTF-8 and again for escapes.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func (w *writer) bool(v bool) error {
	w.out.Bool(v)
	return nil
}

func (w *writer) int32(v int32) error {
	w.out.Int32(v)
	return nil
}

func (w *writer) time(t time.Time) error {
	t = t.UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		return errors.New("a year before 0 or after 9999 cannot be written")
	}
	return w.text(t.Format(time.RFC3339Nano))
}
