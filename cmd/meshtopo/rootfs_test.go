package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestRootFS wants of every name what os.Root.FS gives, whatever directory was read before.
func TestRootFS(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside")
	for name, text := range map[string]string{"top": "1", "a/file": "2", "a/deep/file": "3", "b/file": "4"} {
		write(t, filepath.Join(dir, name), text)
	}
	write(t, outside, "5")
	for link, target := range map[string]string{
		"a/up": "../top", "a/across": "../b/file", "a/here": "file", "b/out": outside, "b/far": "../../outside", "c": "a", "d": "nowhere",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := &rootFS{root: root}
	t.Cleanup(r.close)
	names := []string{
		"top", "a/file", "a/here", "b/file", "a/up", "a/across", "a/deep/file", "b/out", "b/far", "c/file", "c/up", "c/deep/file", "d", "d/file", ".", "a",
		"nowhere", "a/nowhere", "nowhere/file", "top/file", "../outside", "a/../top", "/top", "", "a/",
	}
	for _, first := range names {
		for _, name := range names {
			r.Stat(first)
			got, gotErr := fs.ReadFile(r, name)
			want, wantErr := fs.ReadFile(root.FS(), name)
			if string(got) != string(want) || !sameReason(gotErr, wantErr) {
				t.Errorf("after %q, %q is %q, %v; want %q, %v", first, name, got, gotErr, want, wantErr)
			}
			_, gotErr = r.Stat(name)
			if _, wantErr = fs.Stat(root.FS(), name); !sameReason(gotErr, wantErr) {
				t.Errorf("after %q, Stat(%q) gives %v, want %v", first, name, gotErr, wantErr)
			}
		}
	}
}

// sameReason compares errors without what was called.
func sameReason(a, b error) bool {
	var x, y *fs.PathError
	if errors.As(a, &x) && errors.As(b, &y) {
		return x.Err.Error() == y.Err.Error()
	}
	return a == nil && b == nil
}
