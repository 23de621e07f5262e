package secret

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/schema/material"
	"meshtopo.dev/meshtopo/schema/trust"
)

var _ material.Reader = (*Store)(nil)

// counting counts how often each file is opened.
type counting struct {
	fs.FS
	opened int
}

func (c *counting) Open(name string) (fs.File, error) {
	c.opened++
	return c.FS.Open(name)
}

func environment(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := vars[name]
		return value, ok
	}
}

func TestStore(t *testing.T) {
	s := NewStore(fstest.MapFS{
		"certs/root.pem": {Data: []byte("a root")},
		"tokens/a":       {Data: []byte(hunter)},
	}, environment(map[string]string{"TOKEN": hunter}))
	for _, name := range []string{"certs/root.pem", "./certs/root.pem", "certs//root.pem"} {
		if text, err := s.Public(name); string(text) != "a root" || err != nil {
			t.Errorf("Public(%q) = %q, %v", name, text, err)
		}
	}
	for _, place := range []trust.Place{{File: "tokens/a"}, {Env: "TOKEN"}} {
		m, err := s.Get(place)
		if string(m.Reveal()) != hunter || err != nil {
			t.Errorf("Get(%v) = %q, %v", place, m.Reveal(), err)
		}
		if text, err := s.Private(place); string(text) != hunter || err != nil {
			t.Errorf("Private(%v) = %q, %v", place, text, err)
		}
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		for _, v := range []any{s, struct{ store *Store }{s}, s.public, s.private} {
			if text := fmt.Sprintf(format, v); leaks(text) || strings.Contains(text, "a root") {
				t.Errorf("a store with %s prints %q", format, text)
			}
		}
	}
}

func TestStoreReadsOnce(t *testing.T) {
	files := &counting{FS: fstest.MapFS{"ca.pem": {Data: []byte("a CA")}, "token": {Data: []byte(hunter)}}}
	s := NewStore(files, environment(nil))
	for range 300 {
		if _, err := s.Public("ca.pem"); err != nil {
			t.Error(err)
		}
		if _, err := s.Get(trust.Place{File: "token"}); err != nil {
			t.Error(err)
		}
	}
	// A file system without Stat is asked by opening the file, so that each file is opened twice.
	if n := files.opened; n != 4 {
		t.Errorf("two files were opened %d times, want 4", n)
	}
}

// TestStoreCheckout wants a checkout with CRLF, and a variable set from one, to hold what git has committed.
func TestStoreCheckout(t *testing.T) {
	const pem, checkedOut = "-----BEGIN X-----\nAA==\n-----END X-----\n", "-----BEGIN X-----\r\nAA==\r\n-----END X-----\r\n"
	s := NewStore(fstest.MapFS{"x.pem": {Data: []byte(checkedOut)}}, environment(map[string]string{"X": checkedOut}))
	if text, err := s.Public("x.pem"); string(text) != pem || err != nil {
		t.Errorf("Public(%q) = %q, %v, want %q", "x.pem", text, err, pem)
	}
	for _, place := range []trust.Place{{File: "x.pem"}, {Env: "X"}} {
		if text, err := s.Private(place); string(text) != pem || err != nil {
			t.Errorf("Private(%v) = %q, %v, want %q", place, text, err, pem)
		}
	}
}
