package wire

import (
	"strings"
	"unicode"
)

// Fold is the same for texts that differ in case only, as strings.EqualFold compares them.
func Fold(text string) string { return strings.Map(foldRune, text) }

// foldRune is the smallest of the forms of a letter, of which the last is followed by the first.
func foldRune(r rune) rune {
	next := unicode.SimpleFold(r)
	for next > r {
		r, next = next, unicode.SimpleFold(next)
	}
	return next
}
