package call

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fences name, for each defect of the parts of the Kiota runtime that a call uses, the
// tests that fail if the SDK does nothing about it. K13 and K14, speed and exactness of
// JSON, belong to internal/kjson. A call does not use Kiota's middleware, sending, and
// reading of responses, so their defects need no fence.
func fences() []struct{ defect, tests string } {
	return []struct{ defect, tests string }{
		{"K3: bodies are sent without a length", "TestABodyHasALengthAndIsPlainJSON TestALengthIsSentOverTheWire"},
		{"K9: a builder serves one request", "TestAListSendsNothingBeforeTheFirstPullAndCanBeRangedOverAgain TestEveryPageIsACallOfItsOwn"},
		{"K10: an empty id names the collection", "TestAnIDThatWouldLeadElsewhereIsNotSent"},
		{"K11: factories are registered for the whole process", "TestTheRegistriesOfTheRuntimeAreUntouched"},
		{"K12: the token goes to any host", "TestTheTokenGoesToTheServiceAlone TestANextLinkThatLeadsAwayIsNotFollowed FuzzNextLink"},
		{"K16: values of a header come in a random order", "TestARequestHasTheHeadersOfItsCall TestAHeaderHasOneValueInEveryAttempt"},
		{"K17: the credential is asked for every request", "TestATokenIsAskedForOnceAndSentWithEachCall TestManyCallsShareOneRefresh"},
		{"K17: the old token stays", "TestAChallengeIsAnsweredWithAnotherTokenOnce"},
		{"K20: names of a query are encoded", "TestAQueryIsWrittenWithReadableNames TestNamesOfAQueryAreReadableAndValuesAreKept"},
		{"other methods of the adapter bypass all this", "TestTheGeneratedCodeSendsInTwoWays"},
		{"each request has a span with wrong attributes", "TestSpansOfKiotaAreNotSampled"},
	}
}

func TestEveryDefectOfTheRuntimeHasItsTests(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{}
	for _, pattern := range []string{"*_test.go", "../../updates/*_test.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			addTests(t, tests, file)
		}
	}
	for _, fence := range fences() {
		for name := range strings.FieldsSeq(fence.tests) {
			require.True(t, tests[name], "%s: there is no %s", fence.defect, name)
		}
	}
}

func addTests(t *testing.T, tests map[string]bool, file string) {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	for _, decl := range source.Decls {
		if function, ok := decl.(*ast.FuncDecl); ok {
			tests[function.Name.Name] = true
		}
	}
}
