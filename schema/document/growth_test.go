package document

import (
	"fmt"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// brokenTexts are YAML of a size of choice with one mistake, and the line and column of it in n lines, or in a line of
// n values.
var brokenTexts = []struct {
	name string
	text func(n int) string
	want func(n int) (line, col int)
}{
	{"brackets", func(n int) string { return "a: " + strings.Repeat("[", n) }, func(int) (int, int) { return 1, 4 }},
	{"last line", func(n int) string { return strings.Repeat("- {a: b}\n", n) + "- c: d\ne: f\n" }, func(n int) (int, int) { return n + 2, 1 }},
	{"first line", func(n int) string { return "a: ]\n" + strings.Repeat("b: c\n", n) }, func(int) (int, int) { return 1, 4 }},
	{"open quote", func(n int) string { return "a: b\nc: 'd\n" + strings.Repeat("  e: f\n", n) }, func(int) (int, int) { return 2, 4 }},
	{"open bracket", func(n int) string { return "a: b\nc: [d\n" + strings.Repeat("  ,f\n", n) }, func(int) (int, int) { return 2, 4 }},
	{"in a line", func(n int) string { return "a: [" + strings.Repeat("b, ", n) + "]]" }, func(n int) (int, int) { return 1, 6 + 3*n }},
}

func readBroken(text string) []*diag.Diagnostic {
	found := &diag.List{}
	for part := range Parts([]byte(text)) {
		ReadPart("a.yaml", part, found)
	}
	return found.Sorted()
}

// TestBrokenYAML marks a mistake where it is in a small text, and in its line at least in a large one, which would take
// minutes if its beginnings were tried.
func TestBrokenYAML(t *testing.T) {
	for _, tt := range brokenTexts {
		for _, n := range []int{10, 200_000} {
			if tt.name == "brackets" {
				n = min(n, 9_000)
			}
			t.Run(fmt.Sprintf("%s/%d", tt.name, n), func(t *testing.T) {
				line, col := tt.want(n)
				all := readBroken(tt.text(n))
				if len(all) != 1 || all[0].Code != "invalid-yaml" || all[0].Pos.Line != line || n == 10 && all[0].Pos.Col != col {
					t.Errorf("found %v in line %d column %d, want it in line %d column %d", all, all[0].Pos.Line, all[0].Pos.Col, line, col)
				}
			})
		}
	}
}

// BenchmarkBrokenYAML finds the mistake in texts of one size, and of twice and four times as much.
func BenchmarkBrokenYAML(b *testing.B) {
	for _, bb := range brokenTexts {
		for _, n := range []int{2_000, 4_000, 8_000, 100_000, 200_000, 400_000} {
			if bb.name == "brackets" && n > 10_000 {
				continue
			}
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(bb.name, " ", "-"), n), func(b *testing.B) {
				text := bb.text(n)
				for b.Loop() {
					readBroken(text)
				}
			})
		}
	}
}
