package escape_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/escape"
)

func TestALineHasNothingThatControlsIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                               "",
		"plain, \u00a0é, \u200d, and 日本": "plain, \u00a0é, \u200d, and 日本",
		"a\r\nb\nc\td\re":                "a b c d e",
		"\x1b[31m\x00\x7f\u0085":         `\u001b[31m\u0000\u007f\u0085`,
		"\u202a\u202e\u2066\u2069":       `\u202a\u202e\u2066\u2069`,
		"\u200e\u200f\u061c":             `\u200e\u200f\u061c`,
		"\u2028\u2029":                   `\u2028\u2029`,
		"a\xffb\x1b":                     "a\ufffdb" + `\u001b`,
		`\u202e is text already`:         `\u202e is text already`,
	} {
		require.Equal(t, want, escape.Line(text))
	}
}
