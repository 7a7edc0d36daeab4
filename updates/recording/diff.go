package recording

import (
	"slices"
	"strings"
)

// The bounds on what is compared and shown of two bodies.
const (
	comparedLines = 1000
	shownLines    = 40
	around        = 2 // lines before and after a difference
)

// difference shows where two texts differ, line by line.
func difference(recorded, asked string) string {
	lines := compare(splitLines(recorded), splitLines(asked))
	var out strings.Builder
	count, skipped := 0, false
	for i, line := range lines {
		if !isNearChange(lines, i) {
			skipped = true
			continue
		}
		if skipped {
			out.WriteString("              …\n")
		}
		skipped = false
		if count++; count > shownLines {
			out.WriteString("              … and more\n")
			break
		}
		out.WriteString("            " + strings.TrimRight(line, " ") + "\n")
	}
	return out.String()
}

func splitLines(text string) []string {
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

func isNearChange(lines []string, at int) bool {
	for _, line := range lines[max(0, at-around):min(len(lines), at+around+1)] {
		if line[0] != ' ' {
			return true
		}
	}
	return false
}

// compare merges two lists of lines: "- " is only in the first, "+ " only in the second. Long texts are
// compared in part.
func compare(a, b []string) []string {
	a, b = a[:min(len(a), comparedLines)], b[:min(len(b), comparedLines)]
	common := lengths(a, b)
	var out []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, "  "+a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out = append(out, "- "+a[i])
			i++
		default:
			out = append(out, "+ "+b[j])
			j++
		}
	}
	return out
}

// lengths has the length of the longest common sequence of lines after each pair
// of places.
func lengths(a, b []string) [][]int {
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i, inA := range slices.Backward(a) {
		for j, inB := range slices.Backward(b) {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if inA == inB {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	return common
}
