package main

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/winupdates/winupdates-go/catalog"
)

// readable returns text for a terminal. It removes the tags, scripts, and styles of HTML. Paragraphs,
// headings, and list items begin a line, and the URL of a link follows in parentheses. Line breaks stay,
// because the service marks some plain text as "html". Other content types are returned unchanged.
func readable(b catalog.IssueBody) string {
	if !strings.EqualFold(b.ContentType, "html") {
		return b.Content
	}
	var text plainText
	tokens := html.NewTokenizer(strings.NewReader(b.Content))
	for tokens.Next() != html.ErrorToken { // which is the end
		text.add(tokens.Token())
	}
	return text.lines()
}

// plainText collects the text of HTML.
type plainText struct {
	out    strings.Builder
	link   string // URL of the open link
	hidden bool   // within an element that is not shown
}

func (t *plainText) add(token html.Token) {
	switch token.Type {
	case html.TextToken:
		if !t.hidden {
			t.out.WriteString(token.Data)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		t.open(token)
	case html.EndTagToken:
		t.end(token.DataAtom)
	}
}

func (t *plainText) open(token html.Token) {
	switch token.DataAtom {
	case atom.Script, atom.Style:
		t.hidden = token.Type == html.StartTagToken
	case atom.A:
		t.link = address(token)
	case atom.Li:
		t.out.WriteString("\n- ")
	default:
		t.breakAt(token.DataAtom)
	}
}

func (t *plainText) end(tag atom.Atom) {
	switch {
	case tag == atom.Script || tag == atom.Style:
		t.hidden = false
	case tag == atom.A && t.link != "":
		t.out.WriteString(" (" + t.link + ")")
		t.link = ""
	default:
		t.breakAt(tag)
	}
}

func (t *plainText) breakAt(tag atom.Atom) {
	switch tag {
	case atom.Br, atom.P, atom.Div, atom.Ul, atom.Ol, atom.Table, atom.Tr,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		t.out.WriteByte('\n')
	}
}

func address(link html.Token) string {
	for _, attribute := range link.Attr {
		if attribute.Key == "href" {
			return attribute.Val
		}
	}
	return ""
}

// lines returns the collected text without surrounding spaces, and with at most one empty line in a row.
func (t *plainText) lines() string {
	var lines []string
	for line := range strings.SplitSeq(t.out.String(), "\n") {
		line = strings.TrimSpace(line) // the no-break space is one too
		if line != "" || len(lines) > 0 && lines[len(lines)-1] != "" {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
