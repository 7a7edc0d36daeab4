package call

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/stretchr/testify/require"
)

// All templates of the generated code are filled in as Kiota does it.
func TestAnAddressIsThatOfTheTemplate(t *testing.T) {
	t.Parallel()
	quoted := regexp.MustCompile(`"(\{\+baseurl\}[^"]*)"`)
	variable := regexp.MustCompile(`\{([^?+}]+)\}`)
	templates := map[string]bool{}
	files, err := filepath.Glob("../graph/*/*.go")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, found := range quoted.FindAllSubmatch(text, -1) {
			templates[string(found[1])] = true
		}
	}
	require.Greater(t, len(templates), 50)
	for template := range templates {
		for _, id := range []string{"a", "a/b", "a b?c#d&e=f+g%h", "'ä€'", "-._~!$()*,;:@[]", "{x}", ""} {
			values := map[string]string{"baseurl": "https://graph.microsoft.com/beta/admin/windows/updates"}
			for _, found := range variable.FindAllStringSubmatch(template, -1) {
				values[found[1]] = id
			}
			info := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(
				abstractions.GET, template, maps.Clone(values))
			want, err := info.GetUri()
			require.NoError(t, err)
			require.Equal(t, want, addressOf(info), "%s with %q", template, id)
		}
	}
}

func TestAnAddressWithAQueryIsLeftToKiota(t *testing.T) {
	t.Parallel()
	info := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(
		abstractions.GET, "{+baseurl}/deployments{?%24top*}", map[string]string{"baseurl": "https://graph.microsoft.com"})
	require.NotNil(t, addressOf(info))
	info.QueryParametersAny["%24top"] = 5
	require.Nil(t, addressOf(info))
	delete(info.QueryParametersAny, "%24top")
	info.QueryParameters["%24filter"] = "x"
	require.Nil(t, addressOf(info))
	delete(info.QueryParameters, "%24filter")
	info.PathParameters["request-raw-url"] = "https://graph.microsoft.com/next"
	require.Nil(t, addressOf(info))
	require.Nil(t, addressOf(abstractions.NewRequestInformation()))
}

func TestNamesOfAQueryAreReadableAndValuesAreKept(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                              "",
		"%24top=5":                      "$top=5",
		"%24filter=a%20eq%20%24b&%24x":  "$filter=a%20eq%20%24b&$x",
		"a=%24b=%24c&&%24%24d=":         "a=%24b=%24c&&$$d=",
		"$filter=x&%2424=1&plain=%2524": "$filter=x&$24=1&plain=%2524",
	} {
		require.Equal(t, want, readableNames(query), query)
	}
}
