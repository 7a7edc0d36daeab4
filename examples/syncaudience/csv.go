package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/audience"
)

// column is the heading of the column with Microsoft Entra device ids.
const column = "deviceId"

// devicesFromCSV yields the devices of a table with headings. What is wrong with the
// table is yielded as an error, so that half a table changes nothing.
func devicesFromCSV(file io.Reader) iter.Seq2[audience.Member, error] {
	return func(yield func(audience.Member, error) bool) {
		table := csv.NewReader(file)
		at, err := find(table)
		for err == nil {
			var row []string
			if row, err = table.Read(); err == nil && !yield(device(row[at]), nil) {
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
	at := slices.Index(headings, column)
	if at < 0 {
		return 0, fmt.Errorf("there is no column %q", column)
	}
	return at, nil
}

func device(id string) audience.Member {
	return audience.Member{Kind: audience.KindDevice, ID: strings.TrimSpace(id)}
}
