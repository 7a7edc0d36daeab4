package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestTheProgramPrintsWhatIsKnown(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	for _, args := range [][]string{nil, {"5066835"}, {"kb5066835"}} {
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), &out, simulator.New(nil), args))
		require.Equal(t, string(want), out.String())
	}
}

func TestAnUnknownArticleIsNotAFailure(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, simulator.New(nil), []string{"1"}))
	require.Equal(t,
		"The catalog has no update for KB1.\n\nIssues of the update\nnone\n\nOther active issues of these products\nnone\n",
		out.String())
}

func TestAnInvalidNumberIsRejected(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), &bytes.Buffer{}, simulator.New(nil), []string{"2025-10"})
	require.EqualError(t, err, `"2025-10" is not a KB number such as 5066835`)
}

func TestAFailedRequestEndsTheProgram(t *testing.T) {
	t.Parallel()
	service := simulator.New(nil)
	service.FailRandomly(1, simulator.Status(403), 1, simulator.Match{Path: "/catalog/entries"})
	require.ErrorIs(t, run(t.Context(), &bytes.Buffer{}, service, nil), apierr.ErrForbidden)
}

func TestHTMLIsReadableWithoutItsMarkup(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ html, want string }{
		"nothing":              {"", ""},
		"plain":                {"One.\n\nTwo:\n    1. a\n", "One.\n\nTwo:\n1. a"},
		"paragraphs":           {"<p>One &amp; two.</p><p>Three.</p>", "One & two.\n\nThree."},
		"break":                {"a<br>b<br/>c", "a\nb\nc"},
		"heading and list":     {"<h2>Platforms</h2><ul><li>Client</li><li>Server&nbsp;</li></ul>", "Platforms\n\n- Client\n- Server"},
		"link":                 {`See <a href="https://aka.ms/x" target="_blank">this</a>.`, "See this (https://aka.ms/x)."},
		"link without address": {`<a name="x">here</a>`, "here"},
		"inline":               {"<b>Re</b>solution<i>:</i> &lt;none&gt;", "Resolution: <none>"},
		"hidden":               {"<style>p{}</style>a<script>alert('<p>')</script>b", "ab"},
		"empty script":         {"<script/>alert()</script>a", "alert()a"},
		"cut off":              {"<p>One <b", "One"},
		"less than":            {"below 5 < 6 GB", "below 5 < 6 GB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, readable(catalog.IssueBody{Content: c.html, ContentType: "html"}))
			require.Equal(t, c.html, readable(catalog.IssueBody{Content: c.html, ContentType: "text"}))
		})
	}
}
