package tree

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"testing"
)

// FuzzParseSum wants what was read to be readable again.
func FuzzParseSum(f *testing.F) {
	for _, file := range small("x").Files {
		f.Add(bytes.Join(file.Body, nil))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		sums, err := parseSum(data)
		if err != nil {
			return
		}
		var again bytes.Buffer
		for _, name := range slices.Sorted(maps.Keys(sums)) {
			fmt.Fprintf(&again, "%s  %s\n", sums[name], name)
		}
		if got, err := parseSum(again.Bytes()); err != nil || !maps.Equal(got, sums) {
			t.Errorf("parseSum(%q) = %v, %v, want %v", again.Bytes(), got, err, sums)
		}
	})
}

// FuzzParseJournal wants nothing but paths of a tree.
func FuzzParseJournal(f *testing.F) {
	f.Add([]byte(journalHead + "clusters/README.md\nclusters/a/b.yaml\n"))
	f.Add([]byte("../x\n/x\n\nclusters/\\x\nclusters"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for path := range parseJournal(data) {
			if !validPath(path) {
				t.Errorf("parseJournal(%q) has %q", data, path)
			}
		}
	})
}

// FuzzMarkedBy wants nothing to pass for a marker that does not hold its owner's.
func FuzzMarkedBy(f *testing.F) {
	f.Add([]byte("# " + Marker("shop") + "\r\n"))
	f.Add([]byte("\ufeff<!-- " + Marker("a.b") + " -->"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if owner := string(markedBy(head)); owner != "" && !bytes.Contains(head, []byte(Marker(owner))) {
			t.Errorf("markedBy(%q) = %q, which it does not name", head, owner)
		}
	})
}

// FuzzSameBytes compares in pieces of any size what bytes.Equal compares at once.
func FuzzSameBytes(f *testing.F) {
	f.Add([]byte("one two three"), []byte("one two three"), 3, 2)
	f.Add([]byte("one two three"), []byte("one two thre!"), 5, 64)
	f.Fuzz(func(t *testing.T, have, want []byte, piece, buf int) {
		piece, buf = 1+piece&0xff, 1+buf&0xff
		if len(have) != len(want) {
			return
		}
		body := [][]byte{nil}
		for chunk := range slices.Chunk(want, piece) {
			body = append(body, chunk, nil)
		}
		got, err := sameBytes(io.NewSectionReader(bytes.NewReader(have), 0, int64(len(have))), int64(len(have)), body, make([]byte, buf))
		if err != nil || got != bytes.Equal(have, want) {
			t.Errorf("sameBytes(%q, %q) = %v, %v", have, want, got, err)
		}
	})
}
