package kjson

import (
	"encoding/base64"
	"errors"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// member writes a value unless it is nil.
func member[T any](w *writer, key string, value *T, write func(*writer, T) error) error {
	if value == nil {
		return nil
	}
	w.begin(key)
	return w.failed(key, write(w, *value))
}

// WriteStringValue writes a text. One that is not UTF-8 is an error.
func (w *writer) WriteStringValue(key string, value *string) error {
	return member(w, key, value, (*writer).text)
}

// WriteBoolValue writes a boolean.
func (w *writer) WriteBoolValue(key string, value *bool) error {
	return member(w, key, value, (*writer).bool)
}

// WriteInt8Value writes an integer.
func (w *writer) WriteInt8Value(key string, value *int8) error {
	return member(w, key, value, integer[int8])
}

// WriteByteValue writes an integer.
func (w *writer) WriteByteValue(key string, value *byte) error {
	return member(w, key, value, integer[byte])
}

// WriteInt32Value writes an integer.
func (w *writer) WriteInt32Value(key string, value *int32) error {
	return member(w, key, value, integer[int32])
}

// WriteInt64Value writes an integer.
func (w *writer) WriteInt64Value(key string, value *int64) error {
	return member(w, key, value, integer[int64])
}

// WriteFloat32Value writes the shortest number that reads as this one. An infinity
// and what is not a number are errors.
func (w *writer) WriteFloat32Value(key string, value *float32) error {
	return member(w, key, value, (*writer).float32)
}

// WriteFloat64Value writes the shortest number that reads as this one. An infinity
// and what is not a number are errors.
func (w *writer) WriteFloat64Value(key string, value *float64) error {
	return member(w, key, value, (*writer).float64)
}

// WriteTimeValue writes a time in UTC with the digits of a second that it has. A
// year before 0 or after 9999 is an error.
func (w *writer) WriteTimeValue(key string, value *time.Time) error {
	return member(w, key, value, (*writer).time)
}

// WriteDateOnlyValue writes a date such as 2024-10-08.
func (w *writer) WriteDateOnlyValue(key string, value *serialization.DateOnly) error {
	return member(w, key, value, (*writer).date)
}

// WriteTimeOnlyValue writes a time of day with the digits of a second that it has.
func (w *writer) WriteTimeOnlyValue(key string, value *serialization.TimeOnly) error {
	return member(w, key, value, (*writer).timeOfDay)
}

// WriteISODurationValue writes a duration as it is: seven days are P7D. One with
// months or less than zero is an error.
func (w *writer) WriteISODurationValue(key string, value *serialization.ISODuration) error {
	return member(w, key, value, (*writer).duration)
}

// WriteUUIDValue writes a UUID in small letters.
func (w *writer) WriteUUIDValue(key string, value *uuid.UUID) error {
	return member(w, key, value, (*writer).uuid)
}

// WriteByteArrayValue writes bytes in base64.
func (w *writer) WriteByteArrayValue(key string, value []byte) error {
	if value == nil {
		return nil
	}
	encoded := base64.StdEncoding.EncodeToString(value)
	return w.WriteStringValue(key, &encoded)
}

// WriteNullValue writes null.
func (w *writer) WriteNullValue(key string) error {
	return w.put(key, func() error {
		w.out.Null()
		return nil
	})
}

func (w *writer) text(s string) error {
	if !utf8.ValidString(s) {
		return errNotUTF8
	}
	w.out.Str(s)
	return nil
}

func (w *writer) bool(v bool) error {
	w.out.Bool(v)
	return nil
}

func integer[T int8 | byte | int32 | int64](w *writer, v T) error {
	w.out.Int64(int64(v))
	return nil
}

func (w *writer) float32(v float32) error { return w.float(float64(v), 32) }

func (w *writer) float64(v float64) error { return w.float(v, 64) }

func (w *writer) float(v float64, bits int) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return errors.New("an infinity, or what is not a number, cannot be written")
	}
	w.out.Float(v, bits)
	return nil
}

func (w *writer) time(t time.Time) error {
	t = t.UTC()
	if t.Year() < 0 || t.Year() > 9999 {
		return errors.New("a year before 0 or after 9999 cannot be written")
	}
	return w.text(t.Format(time.RFC3339Nano))
}

func (w *writer) date(d serialization.DateOnly) error { return w.text(d.String()) }

func (w *writer) timeOfDay(t serialization.TimeOnly) error {
	return w.text(strings.TrimRight(strings.TrimRight(t.StringWithPrecision(9), "0"), "."))
}

func (w *writer) duration(d serialization.ISODuration) error {
	s, err := formatDuration(d)
	if err != nil {
		return err
	}
	return w.text(s)
}

func (w *writer) uuid(id uuid.UUID) error { return w.text(id.String()) }
