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

// fences name, for each defect of the Kiota runtime that was met, the tests that
// fail when nothing is done about it here. K13 and K14, speed and exactness of
// JSON, belong to the factories.
func fences() []struct{ defect, tests string } {
	return []struct{ defect, tests string }{
		{"K1: the default middleware comes in a random order", "TestTheChainIsWrittenOutInOrder"},
		{"K2: bodies are compressed", "TestABodyHasALengthAndIsPlainJSON"},
		{"K3: bodies are sent without a length", "TestABodyHasALengthAndIsPlainJSON TestALengthIsSentOverTheWire"},
		{"K4: few statuses are repeated, creates too", "TestAFailureThatMayPassIsRepeated TestACreateThatMayHaveTakenEffectIsNotRepeated"},
		{"K4: refused bodies stay open", "TestRefusedAnswersDoNotCostAConnection TestAFailureThatMayPassIsRepeated"},
		{"K4: Retry-After has no bound", "TestARetryAfterThatIsTooLongEndsTheCallAtOnce"},
		{"K5: one timeout spans all attempts", "TestTheAttemptsTogetherHaveNoLimitButTheContext"},
		{"K6: an error that cannot be read loses its status", "TestAnErrorKeepsWhatTheServiceSaysWhateverItsBody FuzzErrorBody"},
		{
			"K7: an error without a mapping loses its body",
			"TestAnErrorKeepsWhatTheServiceSaysWhateverItsBody TestCallTellsErrorsLikeEveryOperation",
		},
		{"K8: an answer without a body is neither result nor error", "TestAnAnswerWithoutTheResultIsAnError FuzzAnswer"},
		{"K9: a builder serves one request", "TestAListSendsNothingBeforeTheFirstPullAndCanBeRangedOverAgain TestEveryPageIsACallOfItsOwn"},
		{"K10: an empty id names the collection", "TestAnIDThatWouldLeadElsewhereIsNotSent"},
		{"K11: factories are registered for the whole process", "TestTheRegistriesOfTheRuntimeAreUntouched"},
		{"K12: the token goes to any host", "TestTheTokenGoesToTheServiceAlone TestANextLinkThatLeadsAwayIsNotFollowed FuzzNextLink"},
		{"K15: a malformed challenge panics", "TestAChallengeThatIsBadlyFormedIsARefusal FuzzChallenge"},
		{"K16: values of a header come in a random order", "TestARequestHasTheHeadersOfItsCall TestAHeaderHasOneValueInEveryAttempt"},
		{"K17: the credential is asked for every request", "TestATokenIsAskedForOnceAndSentWithEachCall TestManyCallsShareOneRefresh"},
		{"K17: claims are not decoded, the old token stays", "TestAChallengeIsAnsweredWithAnotherTokenOnce"},
		{
			"K18: type and length decide whether a body is read",
			"TestTheTypeAndLengthOfAnAnswerDoNotMatter TestAChangeThatIsAcceptedNeedsNoAnswer",
		},
		{"K19: a redirect is a success", "TestARedirectIsNotFollowed"},
		{"K20: names of a query are encoded", "TestAQueryIsWrittenWithReadableNames TestNamesOfAQueryAreReadableAndValuesAreKept"},
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
