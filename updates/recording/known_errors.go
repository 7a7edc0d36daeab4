package recording

import (
	_ "embed" // for the table
	"regexp"
	"strings"
	"sync"
)

//go:embed errors.txt
var errorTable string

// knownErrors returns what the service says of errors.
var knownErrors = sync.OnceValue(func() *errorTexts { return parseErrors(errorTable) })

type errorTexts struct {
	codes    map[string]bool
	messages map[string]bool
	patterns []*regexp.Regexp // of messages with a word in them
}

func parseErrors(table string) *errorTexts {
	texts := &errorTexts{codes: map[string]bool{}, messages: map[string]bool{}}
	for line := range strings.Lines(table) {
		kind, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		switch {
		case kind == "code":
			texts.codes[text] = true
		case kind == "message" && strings.Contains(text, "{}"):
			pattern := strings.ReplaceAll(regexp.QuoteMeta(text), `\{\}`, `([A-Za-z.]+)`)
			texts.patterns = append(texts.patterns, regexp.MustCompile(`^`+pattern+`$`))
		case kind == "message":
			texts.messages[text] = true
		}
	}
	return texts
}

// isMessage is whether a message is the same for all tenants.
func (e *errorTexts) isMessage(text string) bool {
	if e.messages[text] {
		return true
	}
	for _, pattern := range e.patterns {
		if match := pattern.FindStringSubmatch(text); match != nil && known().isWord(match[1]) {
			return true
		}
	}
	return false
}
