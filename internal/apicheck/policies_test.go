package apicheck

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBothPackagesOfPoliciesSayInTheSameLinesWhichOneToUse(t *testing.T) {
	t.Parallel()
	advice := adviceOf(t, "updates/policies/doc.go")
	require.Equal(t, advice, adviceOf(t, "updates/updatepolicies/doc.go"))
	require.Len(t, strings.Split(advice, "\n"), 4)
}

// adviceOf is the second paragraph of a package comment.
func adviceOf(t *testing.T, path string) string {
	t.Helper()
	paragraphs := strings.Split(readOurs(t, path), "\n//\n")
	require.Greater(t, len(paragraphs), 2)
	return paragraphs[1]
}
