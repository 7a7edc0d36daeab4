package recording

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// test is one run of a test that opens a recorder, in a folder of its own.
type test struct {
	watched
	folder  string
	env     environment
	service *service
}

func newTest(t *testing.T, name string, s *service) *test {
	t.Helper()
	return &test{watched: watched{TB: t, name: name}, folder: t.TempDir(), env: environment{}, service: s}
}

// with runs the test.
func (w *test) with(use func(*Recorder)) {
	w.failed, w.skipped, w.errors, w.logs, w.cleanups = false, false, nil, nil, nil
	s := settingsOf([]Option{WithTransport(w.service), w.env.option()})
	w.run(func() { use(open(&w.watched, w.folder, s)) })
}

func TestATestRecordsWhenAskedAndReplaysOtherwise(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA/case 1", answering(`{"a":1}`))
	use := func(rec *Recorder) { ask(t, rec, "GET", "/a", "") }

	w.with(use)
	require.Len(t, w.errors, 1)
	require.Contains(t, w.errors[0],
		"is missing; record it with: UPDATES_RECORD='^TestA/case 1$' go test -count=1 -run '^TestA$/^case 1$' .")
	require.Zero(t, w.service.count())

	w.env[EnvVar] = "^TestB"
	w.with(use)
	require.Len(t, w.errors, 1)
	require.Zero(t, w.service.count())

	w.env[EnvVar] = "^TestA/"
	w.with(use)
	require.Empty(t, w.errors)
	require.Equal(t, 1, w.service.count())

	delete(w.env, EnvVar)
	w.with(use)
	require.Empty(t, w.errors)
	require.Equal(t, 1, w.service.count())
}

func TestARecorderTellsWhetherItRecords(t *testing.T) {
	t.Parallel()
	file := recordTo(t, answering(`{}`), func(rec *Recorder) {
		require.True(t, rec.IsRecording())
		ask(t, rec, "GET", "/a", "")
	})
	require.False(t, mustReplay(t, file).IsRecording())
}

func TestAFailedTestLeavesTheRecordingAsItWas(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", answering(`{"a":1}`))
	w.env[EnvVar] = "."
	w.with(func(rec *Recorder) {
		ask(t, rec, "GET", "/a", "")
		w.failed = true
	})
	require.NoFileExists(t, filepath.Join(w.folder, "TestA.txtar"))
	require.Len(t, w.logs, 1)
	require.Contains(t, w.logs[0], "nothing was saved, because the test failed, was skipped or broke off")
}

func TestASkippedTestIsNeitherSavedNorChecked(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", answering(`{"a":1}`))
	w.env[EnvVar] = "."
	w.with(func(rec *Recorder) { ask(t, rec, "GET", "/a", "") })
	before := contentOf(t, filepath.Join(w.folder, "TestA.txtar"))
	skip := func(rec *Recorder) {
		_, _, _ = try(t, rec, "GET", "/b", "")
		w.skipped = true
	}

	w.with(skip)
	require.Empty(t, w.errors)
	require.Equal(t, before, contentOf(t, filepath.Join(w.folder, "TestA.txtar")))
	delete(w.env, EnvVar)
	w.with(skip)
	require.Empty(t, w.errors)
}

func TestATestThatEndsEarlyIsNotSaved(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", answering(`{"a":1}`))
	w.env[EnvVar] = "."
	w.with(func(rec *Recorder) {
		ask(t, rec, "GET", "/a", "")
		runtime.Goexit()
	})
	require.NoFileExists(t, filepath.Join(w.folder, "TestA.txtar"))
}

// This test runs itself in a process of its own, which panics.
func TestAPanicLeavesTheRecordingAsItWas(t *testing.T) {
	const variable = "RECORDING_TEST_PANICS_IN"
	if folder := os.Getenv(variable); folder != "" {
		s := settingsOf([]Option{WithTransport(answering("{}")), environment{EnvVar: "."}.option()})
		ask(t, open(t, folder, s), "GET", "/a", "")
		panic("as planned")
	}
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, fileName(t.Name()))
	require.NoError(t, os.WriteFile(file, []byte("before"), 0o644))
	self, err := os.Executable()
	require.NoError(t, err)
	child := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), variable+"="+folder)
	out, err := child.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "as planned")
	require.Equal(t, "before", contentOf(t, file))
}

func TestARecordingWithoutExchangesFailsTheTest(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", answering(`{}`))
	w.env[EnvVar] = "."
	w.with(func(*Recorder) {})
	require.Len(t, w.errors, 1)
	require.Contains(t, w.errors[0], "there is no exchange to record")
	require.NoFileExists(t, filepath.Join(w.folder, "TestA.txtar"))
}

func TestTwoRecordersOfOneFileFailTheTest(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", answering(`{}`))
	w.env[EnvVar] = "."
	for range 2 { // without a file, and with one
		w.with(func(rec *Recorder) {
			ask(t, rec, "GET", "/a", "")
			ask(t, open(&w.watched, w.folder, settingsOf([]Option{WithTransport(w.service), w.env.option()})), "GET", "/b", "")
		})
		require.Len(t, w.errors, 1)
		require.Contains(t, w.errors[0], "it was changed while this recorder recorded; a file is for one recorder")
	}
}

func TestAFileThatIsEditedWhileItIsRecordedStaysAsItIs(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", answering(`{}`))
	w.env[EnvVar] = "."
	w.with(func(rec *Recorder) { ask(t, rec, "GET", "/a", "") })
	file := filepath.Join(w.folder, "TestA.txtar")
	edited := strings.Replace(contentOf(t, file), "/a\n", "/b\n", 1)
	earlier := time.Now().Add(-time.Hour) // so that the edit has another time on every system
	require.NoError(t, os.Chtimes(file, earlier, earlier))

	w.with(func(rec *Recorder) {
		ask(t, rec, "GET", "/a", "")
		require.NoError(t, os.WriteFile(file, []byte(edited), 0o644))
	})
	require.Len(t, w.errors, 1)
	require.Contains(t, w.errors[0], "it was changed while this recorder recorded")
	require.Equal(t, edited, contentOf(t, file))
}

func TestRequestsWithoutAResponseAreCountedAtTheEnd(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", nil)
	w.env[EnvVar] = "."
	w.service = &service{answer: func(r *http.Request) *http.Response {
		resp := ok("{}")
		if r.Method == "GET" {
			resp.Body = io.NopCloser(broken{io.ErrUnexpectedEOF})
		}
		return resp
	}}
	w.with(func(rec *Recorder) {
		_, _, err := try(t, rec, "GET", "/a", "")
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		ask(t, rec, "POST", "/a", "")
	})
	require.Empty(t, w.errors)
	require.Len(t, w.logs, 1)
	require.Contains(t, w.logs[0], "requests without a response, which are not in ")
}

func TestARejectedRecordingFailsTheTest(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", answering("{}"))
	w.env[EnvVar] = "."
	w.with(func(rec *Recorder) { ask(t, rec, "POST", "/a", `{"a":"Bearer xxxxxxxxxxxxxxxx"}`) })
	require.Len(t, w.errors, 1)
	require.Contains(t, w.errors[0], "was not written:\nline 7 (01 request) has a bearer token")
}

func TestAPatternThatIsNoneFailsTheTest(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", answering(``))
	w.env[EnvVar] = "("
	w.with(func(*Recorder) { t.Error("not reached") })
	require.Len(t, w.errors, 1)
	require.Contains(t, w.errors[0], "UPDATES_RECORD is not a regular expression")
}

func TestAMismatchFailsTheTestWhateverTheCodeDoesWithIt(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", answering(`{"a":1}`))
	w.env[EnvVar] = "."
	w.with(func(rec *Recorder) { ask(t, rec, "GET", "/a", "") })
	delete(w.env, EnvVar)

	w.with(func(rec *Recorder) {
		_, _, _ = try(t, rec, "GET", "/b", "")
		_, _, _ = try(t, rec, "GET", "/c", "")
	})
	require.Len(t, w.errors, 1)
	require.Contains(t, w.errors[0], "updates/b")
	require.Contains(t, w.errors[0], "and 1 more that were not recorded")
}

func TestUnusedExchangesFailOnlyATestThatHasPassed(t *testing.T) {
	t.Parallel()
	w := newTest(t, "TestA", answering(`{"a":1}`))
	w.env[EnvVar] = "."
	w.with(func(rec *Recorder) { ask(t, rec, "GET", "/a", "") })
	delete(w.env, EnvVar)

	w.with(func(*Recorder) {})
	require.Len(t, w.errors, 1)
	require.Contains(t, w.errors[0], "were not used")
	w.with(func(*Recorder) { w.failed = true })
	require.Empty(t, w.errors)
}

func TestMismatchesExplainThemselves(t *testing.T) {
	t.Parallel()
	const create = `{"content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent","catalogEntry":{"id":"` + entryGUID +
		`"}},"settings":{"schedule":{"gradualRollout":{"devicesPerOffer":100,"durationBetweenOffers":"P7D"}},"a":1,"b":2}}`
	talk := func(rec *Recorder, body, query string, polls int) {
		_, _, _ = try(t, rec, "GET", "/catalog/entries?$filter=isof('x')&$top=1"+query, "")
		_, _, _ = try(t, rec, "POST", "/deployments", body)
		for range polls {
			_, _, _ = try(t, rec, "GET", "/deployments/"+fakeGUID+"0000000000d1", "")
		}
	}
	cases := map[string]func(*Recorder){
		"more":          func(rec *Recorder) { talk(rec, create, "", 3) },
		"less":          func(rec *Recorder) { talk(rec, create, "", 1) },
		"different":     func(rec *Recorder) { talk(rec, strings.Replace(create, "100", "1000", 1), "", 2) },
		"different-url": func(rec *Recorder) { talk(rec, create, "&$count=true", 2) },
	}
	for name, use := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTest(t, "TestCreate", answering("{}"))
			w.env[EnvVar] = "."
			w.with(func(rec *Recorder) { talk(rec, create, "", 2) })
			require.Empty(t, w.errors)
			delete(w.env, EnvVar)
			w.with(use)
			require.Len(t, w.errors, 1)
			want, err := os.ReadFile("testdata/mismatch/" + name + ".txt")
			require.NoError(t, err)
			require.Equal(t, string(want), strings.ReplaceAll(w.errors[0], filepath.ToSlash(w.folder), "testdata/recordings")+"\n")
		})
	}
}

func TestLongDifferencesAreCut(t *testing.T) {
	t.Parallel()
	text := difference(strings.Repeat("a\n", 3000), strings.Repeat("b\n", 3000))
	require.Len(t, strings.Split(text, "\n"), shownLines+2)
	require.True(t, strings.HasSuffix(text, "… and more\n"))
	same := difference("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\n0\n")
	require.Equal(t, "              …\n              7\n              8\n            - 9\n            + 0\n", same)
}

func TestFileNamesAreThoseThatEverySystemAccepts(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"TestA":                               `^TestA\.txtar$`,
		"TestA/case_1":                        `^TestA\.case_1\.txtar$`,
		"TestA/../../x":                       `^TestA\.{7}x~[0-9a-f]{8}\.txtar$`,
		`TestA/a<b>:"|?*`:                     `^TestA\.a_b______~[0-9a-f]{8}\.txtar$`,
		`TestA/a\b`:                           `^TestA\.a_b~[0-9a-f]{8}\.txtar$`,
		"TestA/é":                             `^TestA\._~[0-9a-f]{8}\.txtar$`,
		"TestA/x.":                            `^TestA\.x\.~[0-9a-f]{8}\.txtar$`,
		"TestA/x.y":                           `^TestA\.x\.y~[0-9a-f]{8}\.txtar$`,
		"TestA/x/y":                           `^TestA\.x\.y\.txtar$`,
		"TestA/X":                             `^TestA\.X~[0-9a-f]{8}\.txtar$`,
		"TestA/x y":                           `^TestA\.x_y~[0-9a-f]{8}\.txtar$`,
		"TestA/" + strings.Repeat("long", 90): `^TestA\.(?:long){23}lo~[0-9a-f]{8}\.txtar$`,
	}
	for test, want := range cases {
		require.Regexp(t, want, fileName(test))
	}
	require.NotEqual(t, fileName("TestA/a?b"), fileName("TestA/a*b"))
}

func TestCommandsSurviveAShell(t *testing.T) {
	t.Parallel()
	require.Equal(t, `record it with: UPDATES_RECORD='^TestA/it.s_\(1\)$' go test -count=1 -run '^TestA$/^it.s_\(1\)$' .`,
		commandFor("TestA/it's_(1)"))
}

func TestRecordingsNameTheDescriptionThatThisVersionWasMadeWith(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../internal/openapi/windowsupdates.yaml")
	require.NoError(t, err)
	sum := sha256.Sum256(text)
	require.Equal(t, known().description, hex.EncodeToString(sum[:6]))
}
