package recording

import (
	"net/url"
	"regexp"
	"strings"
)

// Ids of the catalog are the same for all tenants, and tests name them. They are
// known from where they stand, in an exchange or in its file.

// catalogPath finds ids of the catalog in a path.
var catalogPath = regexp.MustCompile(
	`(?i)(?:/catalog/entries|/applicableContent)(?:/|\(')(` + guid.String() + `)|catalogID='(` + guid.String() + `)'`)

// catalogIDs are the ids of the catalog that a recording names, in lower case.
func catalogIDs(a *archive) map[string]bool {
	ids := map[string]bool{}
	for _, e := range a.exchanges {
		u, err := url.Parse(e.url)
		if err != nil {
			continue
		}
		addCatalogIDs(ids, u.Path, e.request.body, e.response.body)
	}
	return ids
}

// addCatalogIDs adds what one exchange names.
func addCatalogIDs(ids map[string]bool, path string, bodies ...[]byte) {
	for _, match := range catalogPath.FindAllStringSubmatch(path, -1) {
		addCatalogID(ids, match[1]+match[2])
	}
	for _, body := range bodies {
		value, ok := readJSON(body)
		if !ok {
			continue
		}
		addCatalogMembers(ids, value, "")
		if isCatalogList(path) {
			addItems(ids, value)
		}
	}
}

func isCatalogList(path string) bool {
	return strings.Contains(strings.ToLower(path), "/catalog/entries")
}

// addItems adds the id of each item of a page, or of an entry by itself.
func addItems(ids map[string]bool, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		return
	}
	addCatalogID(ids, object["id"])
	items, _ := object["value"].([]any)
	for _, item := range items {
		if entry, ok := item.(map[string]any); ok {
			addCatalogID(ids, entry["id"])
		}
	}
}

// addCatalogMembers adds what members that hold ids of the catalog have.
func addCatalogMembers(ids map[string]bool, value any, member string) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			addCatalogMembers(ids, item, member)
		}
	case map[string]any:
		if strings.EqualFold(member, "catalogEntry") {
			addCatalogID(ids, value["id"])
		}
		for name, inner := range value {
			if strings.EqualFold(name, "catalogEntryId") || strings.EqualFold(name, "catalogID") {
				addCatalogID(ids, inner)
			}
			addCatalogMembers(ids, inner, name)
		}
	}
}

func addCatalogID(ids map[string]bool, id any) {
	if text, ok := id.(string); ok && guid.FindString(text) == text && text != "" {
		ids[strings.ToLower(text)] = true
	}
}
