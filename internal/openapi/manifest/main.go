// Command manifest writes generated.sum, the last step of go generate in
// internal/openapi, where it runs.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/winupdates/winupdates-go/internal/openapi"
)

func main() {
	if err := write("../.."); err != nil {
		log.Fatal(err)
	}
}

// write replaces the manifest of the module whose top folder is root.
func write(root string) error {
	sums, err := openapi.Sum(os.DirFS(root))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, openapi.Manifest), []byte(sums), 0o644)
}
