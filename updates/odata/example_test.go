package odata_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// A list is read item by item. Its pages are requested when they are needed.
func ExampleList_All() {
	list, err := featureUpdates()
	if err != nil {
		fmt.Println(err)
		return
	}
	for update, err := range list.AtMost(2).All(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(update.Version)
	}
	// Output:
	// Windows 11, version 26H2
	// Windows 11, version 26H1
}

// Collect never cuts off a list silently.
func ExampleList_Collect() {
	list, err := featureUpdates()
	if err != nil {
		fmt.Println(err)
		return
	}
	items, err := list.Collect(context.Background(), 1)
	fmt.Println(len(items), errors.Is(err, apierr.ErrTooMany))
	// Output: 1 true
}

func ExampleList_First() {
	list, err := featureUpdates()
	if err != nil {
		fmt.Println(err)
		return
	}
	newest, err := list.First(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(newest.Version)
	// Output: Windows 11, version 26H2
}

// A program that stops keeps the link to the next page, and begins there the next time.
func ExampleList_From() {
	list, err := featureUpdates()
	if err != nil {
		fmt.Println(err)
		return
	}
	var kept string
	for page, err := range list.Pages(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(page.Items[0].Version)
		kept = page.NextLink
		break
	}
	next, err := list.From(kept).First(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(next.Version)
	// Output:
	// Windows 11, version 26H2
	// Windows 11, version 26H1
}

// A change is unset, sets a value, or sets null.
func ExampleChange() {
	for _, c := range []odata.Change[int]{{}, odata.Set(0), odata.Null[int]()} {
		value, set := c.Value()
		fmt.Println(c, c.IsUnset(), c.IsNull(), set, value)
	}
	// Output:
	// unset true false false 0
	// 0 false false true 0
	// null false true false 0
}

func featureUpdates() (odata.List[*catalog.FeatureUpdate], error) {
	sim := simulator.New(&simulator.Options{PageSize: 1})
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		return odata.List[*catalog.FeatureUpdate]{}, err
	}
	return client.Catalog().ListFeatureUpdates(catalog.FeatureQuery{}.NewestFirst()), nil
}
