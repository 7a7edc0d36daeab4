// Command known writes updates/recording/known.txt: what the description says of URLs
// and bodies, as the recorder needs it to decide which values are harmless. It is a
// step of go generate in internal/openapi, where it runs.
package main

import (
	"log"
	"os"
	"path/filepath"
)

// Paths from the top directory of the module.
const (
	descriptionFile = "internal/openapi/windowsupdates.yaml"
	tableFile       = "updates/recording/known.txt"
)

func main() {
	if err := write("../.."); err != nil {
		log.Fatal(err)
	}
}

// write replaces the table of the module whose top directory is root.
func write(root string) error {
	text, err := os.ReadFile(filepath.Join(root, descriptionFile))
	if err != nil {
		return err
	}
	table, err := tableOf(text)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, tableFile), table, 0o644)
}
