package catalog_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

const (
	partsOfRevisions = "revisions($expand=catalogEntry,knowledgeBaseArticle)"
	partsOfIssues    = "knownIssues($expand=originatingKnowledgeBaseArticle,resolvingKnowledgeBaseArticle)"
	articles         = "originatingKnowledgeBaseArticle,resolvingKnowledgeBaseArticle"
	nothing          = `{"value":[]}`
)

// expanding is a query that asks for related objects alone.
func expanding(what string) url.Values { return url.Values{"$expand": {what}} }

// asked is an operation that lists something, with what it is to send.
type asked struct {
	ask   func(*updates.Client) (int, error)
	path  string
	query url.Values
}

// asking are all operations that list products and known issues.
func asking() map[string]asked {
	var none *odata.Query
	top := &odata.Query{Top: 2}
	return map[string]asked{
		"products": {func(c *updates.Client) (int, error) { return count(c.Products().List(none)) }, "/products", url.Values{}},
		"products, query": {
			func(c *updates.Client) (int, error) { return count(c.Products().List(top)) }, "/products", url.Values{"$top": {"2"}},
		},
		"editions": {
			func(c *updates.Client) (int, error) { return count(c.Products().ListEditions("1", top)) }, "/products/1/editions",
			url.Values{"$top": {"2"}},
		},
		"revisions": {
			func(c *updates.Client) (int, error) { return count(c.Products().ListRevisions("1", top)) }, "/products/1/revisions",
			url.Values{"$top": {"2"}},
		},
		"issues": {
			func(c *updates.Client) (int, error) { return count(c.Products().ListKnownIssues("1", none)) }, "/products/1/knownIssues",
			expanding(articles),
		},
		"issues, bare": {func(c *updates.Client) (int, error) {
			return count(c.Products().ListKnownIssues("1", &odata.Query{Expand: []string{}}))
		}, "/products/1/knownIssues", url.Values{}},
		"catalog id": {
			func(c *updates.Client) (int, error) { return count(c.Products().ListByEntry("a1")) },
			"/products/findByCatalogId(catalogID='a1')", expanding(partsOfRevisions + "," + partsOfIssues),
		},
		"quoted id": {
			func(c *updates.Client) (int, error) { return count(c.Products().ListByEntry("o'c")) },
			"/products/findByCatalogId(catalogID='o''c')", expanding(partsOfRevisions + "," + partsOfIssues),
		},
		"KB": {
			func(c *updates.Client) (int, error) { return count(c.Products().ListByKB(5029332)) },
			"/products/findByKbNumber(kbNumber=5029332)", expanding(partsOfRevisions + "," + partsOfIssues),
		},
		"end of service": {
			func(c *updates.Client) (int, error) { return count(c.Products().ListByEndOfService(6)) },
			"/products/findByEndOfService(monthsFromToday=6)", expanding("editions"),
		},
		"ends today": {
			func(c *updates.Client) (int, error) { return count(c.Products().ListByEndOfService(0)) },
			"/products/findByEndOfService(monthsFromToday=0)", expanding("editions"),
		},
		"all issues": {
			func(c *updates.Client) (int, error) { return count(c.KnownIssues().List(top)) }, "/knownIssues",
			url.Values{"$expand": {articles}, "$top": {"2"}},
		},
		"issues of a KB": {
			func(c *updates.Client) (int, error) { return count(c.KnownIssues().ListByKB(5029332)) },
			"/knownIssues/findByKbNumber(kbNumber=5029332)", expanding(articles),
		},
		"resolved issues": {
			func(c *updates.Client) (int, error) { return count(c.KnownIssues().ListByTimeRange("1", 70, nil)) },
			"/products/1/getKnownIssuesByTimeRange(daysInPast=70,includeAllActive=false)", expanding(articles),
		},
		"active issues": {func(c *updates.Client) (int, error) {
			return count(c.KnownIssues().ListByTimeRange("1", 0, &catalog.TimeRangeOptions{IncludeActive: true}))
		}, "/products/1/getKnownIssuesByTimeRange(daysInPast=0,includeAllActive=true)", expanding(articles)},
	}
}

// count reads a list to its end.
func count[T any](list odata.List[T]) (int, error) {
	n := 0
	for _, err := range list.All(context.Background()) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func TestProductsAndKnownIssuesAreAskedForLikeThis(t *testing.T) {
	t.Parallel()
	for name, c := range asking() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, nothing))
			n, err := c.ask(service.Client(t))
			require.NoError(t, err)
			require.Zero(t, n)
			requireRead(t, service.Only(t), c.path, c.query)
		})
	}
}

func TestEachListOfProductsAndKnownIssuesFollowsItsPages(t *testing.T) {
	t.Parallel()
	for name, c := range asking() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(
				stub.Answer(200, `{"value":[{"id":"1"},null],"@odata.nextLink":"`+stub.Root+`/next?$skiptoken=x"}`),
				stub.Answer(200, `{"value":[{"id":"2"}]}`))
			n, err := c.ask(service.Client(t))
			require.NoError(t, err)
			require.Equal(t, 2, n)
			requireRead(t, service.Requests()[1], "/next", url.Values{"$skiptoken": {"x"}})
		})
	}
}

func TestAProductAndAKnownIssueAreAskedForByTheirIDs(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"id":"1","name":"Windows 11, version 24H2","channel":"general"}`),
		stub.Answer(200, `{"value":{"id":"WI1"}}`))
	client := service.Client(t)
	product, err := client.Products().Get(t.Context(), "1")
	require.NoError(t, err)
	require.Equal(t, &catalog.Product{ID: "1", Name: "Windows 11, version 24H2", Extra: stub.Extra("channel", `"general"`)}, product)
	issue, err := client.KnownIssues().Get(t.Context(), "WI1")
	require.NoError(t, err)
	require.Equal(t, &catalog.KnownIssue{ID: "WI1"}, issue)
	require.Len(t, service.Requests(), 2)
	requireRead(t, service.Requests()[0], "/products/1", url.Values{})
	requireRead(t, service.Requests()[1], "/knownIssues/WI1", expanding(articles))
}

func TestWrongSearchesAreRejectedAndNotSent(t *testing.T) {
	t.Parallel()
	tooMuch := stub.MoreThanInt32()
	for want, ask := range map[string]func(*updates.Client) error{
		"products.Get: id must not be empty": func(c *updates.Client) error {
			_, err := c.Products().Get(t.Context(), "")
			return err
		},
		"knownIssues.Get: id must not be empty": func(c *updates.Client) error {
			_, err := c.KnownIssues().Get(t.Context(), " ")
			return err
		},
		"products.ListEditions: productID must not be empty": func(c *updates.Client) error {
			return failure(c.Products().ListEditions("", nil))
		},
		"products.ListRevisions: productID must not be empty": func(c *updates.Client) error {
			return failure(c.Products().ListRevisions("", nil))
		},
		"products.ListKnownIssues: productID must not be empty": func(c *updates.Client) error {
			return failure(c.Products().ListKnownIssues("", nil))
		},
		"products.ListByEntry: entryID must not be empty": func(c *updates.Client) error {
			return failure(c.Products().ListByEntry(""))
		},
		"products.ListByKB: number must be 1 to 2147483647 (got 0)": func(c *updates.Client) error {
			return failure(c.Products().ListByKB(0))
		},
		fmt.Sprintf("products.ListByKB: number must be 1 to 2147483647 (got %d)", tooMuch): func(c *updates.Client) error {
			return failure(c.Products().ListByKB(tooMuch))
		},
		"products.ListByEndOfService: months must be 0 to 2147483647 (got -1)": func(c *updates.Client) error {
			return failure(c.Products().ListByEndOfService(-1))
		},
		"knownIssues.ListByKB: number must be 1 to 2147483647 (got -5)": func(c *updates.Client) error {
			return failure(c.KnownIssues().ListByKB(-5))
		},
		"knownIssues.ListByTimeRange: days must be 0 to 2147483647 (got -1)": func(c *updates.Client) error {
			return failure(c.KnownIssues().ListByTimeRange("1", -1, nil))
		},
		"knownIssues.ListByTimeRange: productID must not be empty": func(c *updates.Client) error {
			return failure(c.KnownIssues().ListByTimeRange("", 1, nil))
		},
		"knownIssues.ListByEntry: entryID must not be empty": func(c *updates.Client) error {
			return failure(c.KnownIssues().ListByEntry(""))
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, nothing))
			err := ask(service.Client(t))
			require.EqualError(t, err, want)
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.Empty(t, service.Requests())
		})
	}
}

func failure[T any](list odata.List[T]) error {
	_, err := count(list)
	return err
}

func TestTheZeroClientsOfProductsAndKnownIssuesReturnErrors(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, failure(catalog.ProductClient{}.List(nil)), "updates.NewClient")
	require.ErrorContains(t, failure(catalog.KnownIssueClient{}.ListByEntry("x")), "updates.NewClient")
	_, err := catalog.KnownIssueClient{}.Get(t.Context(), "x")
	require.ErrorContains(t, err, "updates.NewClient")
}

func TestAProductIsReadWithAllOfItsParts(t *testing.T) {
	t.Parallel()
	product, err := stub.Answering(stub.Answer(200, stub.Testdata(t, "find-by-kb.response.json"))).Client(t).Products().ListByKB(5044284).First(t.Context())
	require.NoError(t, err)
	article := &catalog.Article{ID: "KB5044284", URL: "https://support.microsoft.com/help/5044284"}
	require.Equal(t, &catalog.Product{
		ID: "7", Name: "Windows 11, version 24H2", GroupName: "Windows 11", FriendlyNames: []string{"Version 24H2 (OS build 26100)"},
		Editions: []catalog.Edition{{
			ID: "3", Name: "Enterprise", ReleasedName: "Windows 11 Enterprise, version 24H2", DeviceFamily: "Windows.Desktop",
			InService: true,
			Available: date(2024, 10, 1), EndOfService: date(2027, 10, 12), Extra: stub.Extra("rank", "2"),
			ServicingPeriods: []catalog.ServicingPeriod{{
				Name: "Modern Lifecycle", Start: date(2024, 10, 1), End: date(2027, 10, 12), Extra: stub.Extra("paid", "false"),
			}},
		}},
		Revisions: []catalog.Revision{{
			ID: "10.0.26100.2033", DisplayName: "Windows 11, version 24H2, build 26100.2033", Version: "24H2", Released: date(2024, 10, 8),
			Build: catalog.Build{Major: 10, Number: 26100, Revision: 2033}, Article: article,
			Entry: &catalog.QualityUpdate{
				Base: catalog.Base{
					ID: "9a", Kind: catalog.KindQuality, DisplayName: "10/08/2024 - 2024.10 B SecurityUpdate", Released: date(2024, 10, 8),
				},
				Expeditable: true, Cadence: "Monthly", Classification: "Security",
			},
		}},
		KnownIssues: []*catalog.KnownIssue{{
			ID: "WI900001", Title: "Printers are asleep", Description: "It was the printers.", Status: catalog.StatusMitigatedExternal,
			WebURL:  "https://admin.microsoft.com/Adminportal/Home#/windowsreleasehealth/knownissues/:/issue/WI900001",
			Started: date(2024, 10, 8).Add(17 * time.Hour), Updated: time.Date(2024, 10, 24, 23, 41, 58, 577e6, time.UTC),
			Resolved:         time.Date(2024, 10, 24, 23, 14, 7, 188181700, time.UTC),
			SafeguardHoldIDs: []int{52754008, 1}, Originating: article, Extra: stub.Extra("severity", `"low"`),
			History: []catalog.IssueNote{{
				Created: time.Date(2024, 10, 10, 2, 51, 27, 290e6, time.UTC), Extra: stub.Extra("author", "null"),
				Body: catalog.IssueBody{
					Content: "Some printers sleep.\n\nNext steps: We look into it.", ContentType: "html", Extra: stub.Extra("language", `"en"`),
				},
			}},
		}},
		Extra: stub.Extra("rings", `[1]`),
	}, product)
}

func TestASparseProductHasZeroValues(t *testing.T) {
	t.Parallel()
	products, err := stub.Answering(stub.Answer(200, `{"value":[
		{"id":"1","name":null,"friendlyNames":null,"editions":null,"revisions":null,"knownIssues":null},
		{"id":"2","friendlyNames":[],"editions":[],"revisions":[null],"knownIssues":[
			{"id":"a","status":"strange","startDateTime":"0001-01-01T00:00:00Z","resolvedDateTime":null,"safeguardHoldIds":[],
				"knownIssueHistories":[{"body":null}]}]}
	]}`)).Client(t).Products().List(nil).Collect(t.Context(), 5)
	require.NoError(t, err)
	require.Equal(t, []*catalog.Product{
		{ID: "1"},
		{ID: "2", FriendlyNames: []string{}, Editions: []catalog.Edition{}, Revisions: []catalog.Revision{},
			KnownIssues: []*catalog.KnownIssue{{
				ID: "a", Status: "strange", SafeguardHoldIDs: []int{}, History: []catalog.IssueNote{{}},
			}}},
	}, products)
}

func TestNamesWithACapitalLetterAreReadWhereTheOthersAreMissing(t *testing.T) {
	t.Parallel()
	revisions, err := stub.Answering(stub.Answer(200, `{"value":[
		{"id":"a","knowledgeBaseArticle":{"Id":"KB1","Url":"u"},"osBuild":{"MajorVersion":10,"MinorVersion":1,"BuildNumber":2,
			"UpdateBuildRevision":3}},
		{"id":"b","knowledgeBaseArticle":{"id":"KB1","Id":"KB2","Url":7},"osBuild":{"majorVersion":10,"MajorVersion":11}}
	]}`)).Client(t).Products().ListRevisions("1", nil).Collect(t.Context(), 5)
	require.NoError(t, err)
	require.Equal(t, []catalog.Revision{
		{ID: "a", Article: &catalog.Article{ID: "KB1", URL: "u"}, Build: catalog.Build{Major: 10, Minor: 1, Number: 2, Revision: 3}},
		{
			ID: "b",
			Article: &catalog.Article{
				ID: "KB1", Extra: map[string]json.RawMessage{"Id": json.RawMessage(`"KB2"`), "Url": json.RawMessage("7")},
			},
			Build: catalog.Build{Major: 10, Extra: stub.Extra("MajorVersion", "11")},
		},
	}, revisions)
}

func TestAProductWhoseListsGoOnSaysSo(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"editions", "revisions", "knownIssues"} {
		service := stub.Answering(stub.Answer(
			200, `{"value":[{"id":"1","`+list+`":[],"`+list+`@odata.nextLink":"https://graph.microsoft.com/x"}]}`,
		))
		product, err := service.Client(t).Products().List(nil).First(t.Context())
		require.NoError(t, err)
		require.True(t, product.Incomplete, list)
		require.Nil(t, product.Extra)
	}
}
