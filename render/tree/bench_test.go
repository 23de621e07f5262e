package tree

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// bench runs with the trees of whole meshes. 100 clusters are some 11,000 files and 31 MB.
func bench(b *testing.B, run func(b *testing.B, n int, want *Tree)) {
	for _, n := range []int{10, 100, 300} {
		b.Run(fmt.Sprintf("clusters=%d", n), func(b *testing.B) {
			want := mesh(n, "first")
			var size int64
			for i := range want.Files {
				size += want.Files[i].Size()
			}
			b.SetBytes(size)
			b.ReportAllocs()
			run(b, n, want)
		})
	}
}

// BenchmarkDiffUnchanged is what a CI pipeline waits for.
func BenchmarkDiffUnchanged(b *testing.B) {
	bench(b, func(b *testing.B, n int, want *Tree) {
		dir := b.TempDir()
		apply(b, dir, want)
		for b.Loop() {
			changes, err := Diff(open(b, dir), want, nil)
			if err != nil || len(changes) > 0 {
				b.Fatalf("Diff = %d changes, %v", len(changes), err)
			}
		}
	})
}

// BenchmarkApply writes into an empty directory.
func BenchmarkApply(b *testing.B) {
	bench(b, func(b *testing.B, n int, want *Tree) {
		base := b.TempDir()
		for i := 0; b.Loop(); i++ {
			dir := filepath.Join(base, fmt.Sprint(i))
			apply(b, dir, want)
			b.StopTimer()
			os.RemoveAll(dir)
			b.StartTimer()
		}
	})
}

// BenchmarkApplyChanged replaces nearly every file, one rename each.
func BenchmarkApplyChanged(b *testing.B) {
	bench(b, func(b *testing.B, n int, want *Tree) {
		dir := b.TempDir()
		editions := []*Tree{mesh(n, "second"), want}
		for i := 0; b.Loop(); i++ {
			apply(b, dir, editions[i%2])
		}
	})
}

// BenchmarkCopy is the yardstick: cp -r of the same files, in this process.
func BenchmarkCopy(b *testing.B) {
	bench(b, func(b *testing.B, n int, want *Tree) {
		dir := b.TempDir()
		apply(b, filepath.Join(dir, "from"), want)
		for i := 0; b.Loop(); i++ {
			to := filepath.Join(dir, fmt.Sprint(i))
			if err := os.CopyFS(to, os.DirFS(filepath.Join(dir, "from"))); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			os.RemoveAll(to)
			b.StartTimer()
		}
	})
}
