package recording

import (
	"regexp"
	"slices"
	"strings"
)

// expressionToken finds the parts of an expression of OData that can tell something:
// texts in quotes, GUIDs, times and numbers, and names.
var expressionToken = regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|` + guid.String() +
	`|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?|[\pL_$@*][\pL\pN_.$@-]*|\pN[\pL\pN_.]*`)

// betweenTokens is what stands between them: operators, and nothing that can tell.
var betweenTokens = regexp.MustCompile(`^[\s(),/:;=+*-]*$`)

// expressionWords are the operators and functions of OData.
var expressionWords = strings.Fields(`
	and or not eq ne gt ge lt le has in add sub mul div mod any all isof cast true false null AND OR NOT *
	contains startswith endswith indexof length substring tolower toupper trim concat matchesPattern
	year month day hour minute second fractionalseconds totalseconds date time totaloffsetminutes
	now mindatetime maxdatetime round floor ceiling duration binary datetimeoffset guid asc desc
	filter expand select orderby top skip count levels search max
	aggregate groupby with average sum min as countdistinct identity compute
	$it $root $this $count $value $ref $filter $expand $select $orderby $top $skip $levels $search $compute`)

// expression redacts the literals of an expression, and the names that are not known.
func (r *redactor) expression(text string) string {
	if !betweenTokens.MatchString(expressionToken.ReplaceAllString(text, "")) {
		return r.unreadable(text)
	}
	about := ""
	return expressionToken.ReplaceAllStringFunc(text, func(token string) string {
		switch first := token[0]; {
		case first == '\'':
			plain := strings.ReplaceAll(token[1:len(token)-1], "''", "'")
			return "'" + strings.ReplaceAll(r.literal(plain, about), "'", "''") + "'"
		case first == '"':
			return `"` + r.literal(token[1:len(token)-1], about) + `"`
		case isGUID(token), '0' <= first && first <= '9':
			return r.literal(token, about)
		}
		if known().names[token] || known().ids[token] != "" {
			about = token
		}
		return r.identifier(token)
	})
}

// literal is a value in an expression about a property or parameter of that name.
func (r *redactor) literal(text, about string) string {
	switch {
	case known().isType(text), known().isKindOf(about, text):
		return text
	case known().ids[about] == "catalog":
		return r.entryID(text)
	case isNumber(text):
		return r.number(text, property{})
	}
	return r.text(text)
}

func (r *redactor) identifier(token string) string {
	switch {
	case slices.Contains(expressionWords, token), known().isWord(token), len(token) == 1:
		return token
	case strings.Contains(token, "."):
		return r.text(token)
	}
	return r.name(token)
}

// isKindOf is whether a text is a harmless value of some property or parameter of that
// name.
func (k *knowledge) isKindOf(name, text string) bool {
	if (property{kind: k.ids[name]}).isHarmless(text) {
		return true
	}
	for _, t := range k.types {
		if t.properties[name].isHarmless(text) {
			return true
		}
	}
	return false
}
