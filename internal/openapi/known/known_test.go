package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheTableOfTheRecorderIsWhatTheDescriptionGave(t *testing.T) {
	t.Parallel()
	description, err := os.ReadFile("../../../" + descriptionFile)
	require.NoError(t, err)
	want, err := tableOf(description)
	require.NoError(t, err)
	got, err := os.ReadFile("../../../" + tableFile)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "run go generate in internal/openapi")
}

// small is a description with each kind of property.
const small = `
paths:
  /catalog/entries/{entry-id}:
    parameters: [{name: entry-id, description: Id of the catalog entry., schema: {type: string}}]
    get: {responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/catalogEntry'}}}}}}
  /rings:
    get: {responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/ringPage'}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/ring'}}}}
      responses: {'202': {description: Accepted.}}
  /rings/find(days={days},entry='{entry}'):
    parameters:
      - {name: days, description: Days., schema: {type: integer}}
      - {name: entry, description: Id of a catalog entry., schema: {type: string}}
    delete: {responses: {'204': {description: Deleted.}}}
components:
  schemas:
    entity: {properties: {id: {type: string}, '@odata.type': {type: string}}}
    collectionPage: {properties: {'@odata.nextLink': {type: string}}}
    catalogEntry:
      allOf:
        - {$ref: '#/components/schemas/entity'}
        - properties:
            displayName: {type: string}
            fixes: {type: array, items: {$ref: '#/components/schemas/fix'}}
    fix: {properties: {url: {type: string}}}
    featureEntry: {allOf: [{$ref: '#/components/schemas/catalogEntry'}, {properties: {version: {type: string}}}]}
    report: {description: The id is the entry's id., allOf: [{$ref: '#/components/schemas/entity'}, {properties: {class: {type: string}}}]}
    ringPage: {allOf: [{$ref: '#/components/schemas/collectionPage'}, {properties: {value: {type: array, items: {$ref: '#/components/schemas/ring'}}}}]}
    ring:
      allOf:
        - {$ref: '#/components/schemas/entity'}
        - properties:
            displayName: {type: string}
            isPaused: {type: boolean}
            days: {type: integer}
            score: {type: number}
            start: {type: string, format: date-time}
            every: {type: string, description: 'An ISO 8601 duration.'}
            status: {type: string, description: 'Known values: b, a; there are others.'}
            categories: {type: array, description: 'Known values: c.', items: {type: string}}
            kind: {type: string, description: 'Type of it: "#microsoft.graph.windowsUpdates.x".'}
            code: {type: string, description: Error code.}
            message: {type: string, description: Text for developers.}
            catalogEntryId: {type: string}
            entry: {allOf: [{$ref: '#/components/schemas/catalogEntry'}], readOnly: true}
`

func TestEachKindOfPropertyHasItsLine(t *testing.T) {
	t.Parallel()
	table, err := tableOf([]byte(small))
	require.NoError(t, err)
	for _, want := range []string{
		"\nword find\n", "\nword entry\n", "\nword rings\n",
		"\nid days number\n", "\nid entries catalog\n", "\nid entry catalog\n",
		"\nroute GET /catalog/entries/{} - catalogEntry\n", "\nroute GET /rings - ringPage\n", "\nroute POST /rings ring -\n",
		"\ntype catalogEntry entity\n\tdisplayName public\n\tfixes object fix\n\tid catalog\n",
		"\ntype featureEntry catalogEntry\n\tversion public\n", "\ntype fix -\n\turl public\n",
		"\ntype report entity\n\tclass public\n\tid catalog\n", "\ntype ringPage collectionPage\n\tvalue object ring\n",
		"\ntype ring entity\n\tcatalogEntryId catalog\n\tcategories value c unknownFutureValue\n\tcode code\n\tdays number\n" +
			"\tdisplayName text\n\tentry object catalogEntry\n\tevery duration\n\tid text\n\tisPaused boolean\n\tkind type\n" +
			"\tmessage message\n\tscore number\n\tstart time\n\tstatus value a b unknownFutureValue\n",
	} {
		require.Contains(t, string(table), want)
	}
	require.NotContains(t, string(table), "DELETE", "no body, no route")
	require.NotContains(t, string(table), "@odata", "annotations are known without a table")
}

func TestWhatIsNoDescriptionGivesNoTable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"openapi: 3.0.4\n": "0 paths and 0 schemas", "\t": "read the description"} {
		_, err := tableOf([]byte(text))
		require.ErrorContains(t, err, want)
	}
	require.ErrorIs(t, write(t.TempDir()), os.ErrNotExist)
}

func TestTheTableIsWrittenToItsPlace(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, file := range []string{descriptionFile, tableFile} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, file)), 0o755))
	}
	require.NoError(t, os.WriteFile(filepath.Join(root, descriptionFile), []byte(small), 0o644))
	require.NoError(t, write(root))
	table, err := os.ReadFile(filepath.Join(root, tableFile))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(table), "# What the recorder knows"))
}
