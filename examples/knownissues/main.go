// Knownissues prints what is known about a KB number: its update, products, and builds. It also prints the
// issues that the update introduced or resolved, and the other active issues of these products with their
// safeguard holds.
//
//	go run ./examples/knownissues 5066835
//
// It runs on the simulator. A program for a tenant uses a credential from package auth instead.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func main() {
	if err := run(context.Background(), os.Stdout, simulator.New(nil), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "knownissues:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, service *simulator.Server, args []string) error {
	number, err := article(args)
	if err != nil {
		return err
	}
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	if err := describeUpdate(ctx, client, out, number); err != nil {
		return err
	}
	products, err := client.Products().ListByKB(number).Collect(ctx, 100)
	if err != nil {
		return err
	}
	describeProducts(out, products)
	return describeIssues(ctx, client, out, products)
}

// article returns the number from the command line, with or without "KB", or one that the simulator has.
func article(args []string) (int, error) {
	if len(args) == 0 {
		return 5066835, nil
	}
	number, err := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(args[0]), "KB"))
	if err != nil {
		return 0, fmt.Errorf("%q is not a KB number such as 5066835", args[0])
	}
	return number, nil
}

func describeUpdate(ctx context.Context, client *updates.Client, out io.Writer, number int) error {
	update, err := client.Catalog().FindByKB(ctx, number)
	if errors.Is(err, apierr.ErrNotFound) {
		fmt.Fprintf(out, "The catalog has no update for KB%d.\n", number)
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "KB%d is about %s\n", number, update.DisplayName)
	if update.Severity != nil {
		for _, cve := range update.Severity.Exploited {
			fmt.Fprintf(out, "  fixes %s, which is known to be exploited\n", cve.Number)
		}
	}
	return nil
}

func describeProducts(out io.Writer, products []*catalog.Product) {
	for _, product := range products {
		for _, revision := range product.Revisions {
			fmt.Fprintf(out, "  %s becomes build %s\n", product.Name, revision.Build)
		}
	}
}
