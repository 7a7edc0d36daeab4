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

// column is the heading of the column with Microsoft Entra device ids.
const column = "deviceId"

// devicesFromCSV yields the devices of a table with headings. What is wrong with the
// table is yielded as an error, so that half a table changes nothing, nor one that ends
// within an id.
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
			yield(audience.Member{}, fmt.Errorf("read the table of devices: %w", err))
		}
	}
}

// find reads the headings and returns the place of the column.
func find(table *csv.Reader) (int, error) {
	headings, err := table.Read()
	if errors.Is(err, io.EOF) {
		err = errors.New("it is empty")
	}
	if err != nil {
		return 0, err
	}
	headings[0] = strings.TrimPrefix(headings[0], "\ufeff") // Excel begins a file so
	at := slices.Index(headings, column)
	if at < 0 {
		return 0, fmt.Errorf("there is no column %q", column)
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
		return audience.Member{}, fmt.Errorf("line %d: %q is no device id: %w", line, id, err)
	}
	return audience.Member{Kind: audience.KindDevice, ID: id}, nil
}
