package apicheck

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNoTwoMethodsOfATypeBeginWithTheSameSentence(t *testing.T) {
	t.Parallel()
	report(t, alike(publicSources(t)))
}

func TestSentencesThatAreAlikeAreFound(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ source, want string }{
		"methods": {
			"// Get gets it.\nfunc (T) Get() {}\n// Read gets it. Twice.\nfunc (*T) Read() {}",
			"T.Read begins as T.Get does: gets it.",
		},
		"two lines": {
			"// Get gets it.\nfunc (T) Get() {}\n// Read gets\n// it.\nfunc (T) Read() {}",
			"T.Read begins as T.Get does: gets it.",
		},
		"functions":       {"// Get gets it.\nfunc Get() {}\n// Read gets it.\nfunc Read() {}", ""},
		"other types":     {"// Get gets it.\nfunc (T) Get() {}\n// Get gets it.\nfunc (U) Get() {}", ""},
		"other sentences": {"// Get gets it.\nfunc (T) Get() {}\n// Read gets all.\nfunc (T) Read() {}", ""},
		"private":         {"// get gets it.\nfunc (T) get() {}\n// read gets it.\nfunc (T) read() {}", ""},
		"no comment":      {"func (T) Get() {}\nfunc (T) Read() {}", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings := alike([]source{mustParse(t, "package catalog\n\n"+c.source+"\n")})
			if c.want == "" {
				require.Empty(t, findings)
				return
			}
			require.Len(t, findings, 1)
			require.Contains(t, findings[0], c.want)
		})
	}
}
