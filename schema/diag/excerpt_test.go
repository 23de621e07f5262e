package diag

import (
	"fmt"
	"strings"
	"testing"
)

// TestExcerptOfLongLine shows what stands around the place, with masks where they belong.
func TestExcerptOfLongLine(t *testing.T) {
	fill := strings.Repeat(".,", 500)
	tests := []struct {
		name, text   string
		pos          Pos
		line, marker string
	}{
		{"at the start", "«ab: c, " + fill + "»", Pos{Line: 1, Col: 5, Width: 1}, "ab: c, " + fill[:157] + "…", "    ^"},
		{"in the middle", "«" + fill + " ä: b " + fill + "»", Pos{Line: 1, Col: 1002, Width: 2}, "…" + fill[1:80] + " ä: b " + fill[:155] + "…", strings.Repeat(" ", 81) + "^~"},
		{"at the end", "«" + fill + " a: b»", Pos{Line: 1, Col: 1005, Width: 1}, "…" + fill[:76] + " a: b", strings.Repeat(" ", 81) + "^"},
		{"very wide", "«" + fill + "»", Pos{Line: 1, Col: 1, Width: 900}, fill[:160] + "…", "^" + strings.Repeat("~", 159)},
		{"behind what is masked", "«" + strings.Repeat("- ", 500) + "»" + strings.Repeat("x", 30) + "« ab»", Pos{Line: 1, Col: 1032, Width: 2},
			"…" + strings.Repeat("- ", 25)[1:] + "[redacted] ab", strings.Repeat(" ", 61) + "^~"},
		{"cut inside of it", strings.Repeat("x", 430) + "« y" + strings.Repeat(" ", 200) + "»", Pos{Line: 1, Col: 432, Width: 1},
			"…[redacted] y" + strings.Repeat(" ", 159) + "…", strings.Repeat(" ", 12) + "^"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.pos.File = "a"
			line, marker, ok := marked(tt.text).Excerpt(tt.pos)
			if !ok || line != tt.line || marker != tt.marker {
				t.Errorf("Excerpt(%+v) =\n%s\n%s\nwant\n%s\n%s", tt.pos, line, marker, tt.line, tt.marker)
			}
		})
	}
}

// largeSources are files with very many places. Were each looked for from the top of its file, or of its line, to go
// through them would take minutes.
var largeSources = []struct {
	name string
	list func(n int) (*List, func(i int) Pos)
}{
	{"lines", func(n int) (*List, func(int) Pos) {
		return marked(strings.Repeat("«abcdefghijklmnopqrstuvwxyz»: hunter2\n", n)), func(i int) Pos { return Pos{File: "a", Line: i + 1, Col: 3} }
	}},
	{"one line", func(n int) (*List, func(int) Pos) {
		return marked(strings.Repeat(`{"«a»": "b"}, {"«token»": "hunter2"}, `, n)), func(i int) Pos { return Pos{File: "a", Line: 1, Col: 1 + i*34} }
	}},
}

// TestManyExcerpts shows every place of a large file once.
func TestManyExcerpts(t *testing.T) {
	for _, tt := range largeSources {
		t.Run(tt.name, func(t *testing.T) {
			const n = 20_000
			l, at := tt.list(n)
			for i := range n {
				if line, _, ok := l.Excerpt(at(i)); !ok || strings.Contains(line, "hunter2") {
					t.Fatalf("excerpt %d is %q, %v", i, line, ok)
				}
			}
		})
	}
}

func BenchmarkExcerpts(b *testing.B) {
	for _, bb := range largeSources {
		for _, n := range []int{20_000, 40_000, 80_000} {
			b.Run(fmt.Sprintf("%s/%d", bb.name, n), func(b *testing.B) {
				for b.Loop() {
					l, at := bb.list(n)
					for i := range n {
						l.Excerpt(at(i))
					}
				}
			})
		}
	}
}
