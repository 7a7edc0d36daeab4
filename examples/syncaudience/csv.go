package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/winupdates/winupdates-go/audience"
)

// column is the heading of the column with Microsoft Entra device IDs.
const column = "deviceId"

// devicesFromCSV yields the devices of a table with headings. It yields an error if the
// table is invalid or ends within an ID, so that part of a table changes nothing.
func devicesFromCSV(file io.Reader) iter.Seq2[audience.Member, error] {
	return func(yield func(audience.Member, error) bool) {
		table := csv.NewReader(file)
		at, err := find(table)
		for err == nil {
			var m audience.Member
			if m, err = next(table, at); err == nil && !yield(m, nil) {
				return
			}
		}
		if !errors.Is(err, io.EOF) {
			yield(audience.Member{}, fmt.Errorf("read table: %w", err))
		}
	}
}

// find reads the headings and returns the index of the column.
func find(table *csv.Reader) (int, error) {
	headings, err := table.Read()
	if errors.Is(err, io.EOF) {
		err = errors.New("table is empty")
	}
	if err != nil {
		return 0, err
	}
	headings[0] = strings.TrimPrefix(headings[0], "\ufeff") // Excel writes a byte order mark
	at := slices.Index(headings, column)
	if at < 0 {
		return 0, fmt.Errorf("table has no column %q", column)
	}
	return at, nil
}

func next(table *csv.Reader, at int) (audience.Member, error) {
	row, err := table.Read()
	if err != nil {
		return audience.Member{}, err
	}
	id := strings.TrimSpace(row[at])
	if _, err := uuid.Parse(id); err != nil {
		line, _ := table.FieldPos(at)
		return audience.Member{}, fmt.Errorf("line %d: device ID must be a GUID (got %q)", line, id)
	}
	return audience.Member{Kind: audience.KindDevice, ID: id}, nil
}
