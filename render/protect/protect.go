// Package protect keeps keys and tokens in the tree as ciphertext: it says of each encrypted file that lies there
// whether it is still right, keeps it byte for byte if so, and has it encrypted anew if not.
//
// Encrypting the same twice gives different bytes, so what is current must be kept. What it was made of stands on it in
// clear, as digests (digest.go), so that no key is needed to tell. How files are encrypted is up to a Guard.
package protect

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"meshtopo.dev/meshtopo/render/tree"
)

// Item is a file of the tree that is encrypted.
type Item struct {
	Path       string
	Mark       []byte // the first line
	Object     []byte // the object, with a placeholder for each value; what clusters share is the same slice
	Credential string // what all copies of it have in common, such as: the token of cluster "b"
	Public     Public
	Unknown    bool    // what is public of it is not here: of what lies in the tree, only the protection is judged
	Private    string  // the digest of the private part; "" where it can be guessed, or is not here
	Values     []Value // none where the private part is not here
	Guard      Guard

	object *Object
	have   *committed
	result *Settled
}

// Name gives the name of the Secret, once the item is being settled.
func (i *Item) Name() string { return i.object.Text("metadata", "name") }

// Settled is what an item comes to: a text that is current, old or new, or what is wrong with the old.
type Settled struct {
	Text     []byte     // nil where there is none that is current
	Stale    *Stale     // what was, or is, wrong with the file that lies there; nil: nothing, or there is none
	Found    tree.Found // what lies there
	Unproven bool       // whether its private part is today's cannot be known
}

// Options say what settling may do.
type Options struct {
	Committed func() Reader         // opens what lies in the tree, once for each of those who read at the same time
	Encrypt   bool                  // encrypt what is stale
	Again     func(i *Item) bool    // what is to be encrypted anew although it is current
	Progress  func(done, total int) // called as files are encrypted
}

// Reader reads the files of a tree, for one goroutine.
type Reader interface {
	Get(path string) (tree.Found, error)
	Close() error
}

// settling is one run.
type settling struct {
	Options
	items   []*Item
	objects map[*byte]*Object

	mu     sync.Mutex
	judged map[judgedText]*committed
}

// Settle says of each item, in their order, what its file is to hold. An error is one of the machine, of what encrypts,
// or a [MissingError].
func Settle(ctx context.Context, items []*Item, o Options) ([]Settled, error) {
	s := &settling{Options: o, items: items, judged: map[judgedText]*committed{}, objects: map[*byte]*Object{}}
	results := make([]Settled, len(items))
	for n, i := range items {
		i.result = &results[n]
		if err := s.prepare(i); err != nil {
			return nil, err
		}
	}
	if err := s.lookAtAll(); err != nil {
		return nil, err
	}
	s.demand()
	s.compareCopies()
	if err := s.renew(ctx); err != nil {
		return nil, err
	}
	return results, nil
}

// prepare reads the object of an item.
func (s *settling) prepare(i *Item) (err error) {
	if i.object = s.objects[&i.Object[0]]; i.object != nil {
		return nil
	}
	if i.object, err = ReadObject(i.Object); err != nil {
		return fmt.Errorf("%s: the rendered object cannot be read back: %w", i.Path, err)
	}
	s.objects[&i.Object[0]] = i.object
	return nil
}

// lookAtAll judges every item by itself. Most of the time goes into reading files.
func (s *settling) lookAtAll() error {
	var group errgroup.Group
	for part := range slices.Chunk(s.items, max(minPart, (len(s.items)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))) {
		group.Go(func() error {
			files := s.Committed()
			defer files.Close()
			for _, i := range part {
				if err := s.look(i, files); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// minPart is how many files are worth another goroutine.
const minPart = 200

// look judges an item by itself.
func (s *settling) look(i *Item, files Reader) (err error) {
	r := i.result
	if r.Found, err = files.Get(i.Path); err != nil || r.Found.Text == nil {
		return err
	}
	i.have = s.judge(i, &r.Found)
	expired := i.have.stale != nil && i.have.stale.Kind == SealingKeyExpired // the controller still opens it
	switch {
	case i.have.stale != nil && !expired:
		r.Stale = i.have.stale
	case r.Found.Recorded != "" && r.Found.Recorded != r.Found.Digest:
		r.Stale = stale(tree.HandEdited, 1, "it is not what was written")
	case len(i.Values) > 0 && i.Private != i.have.private:
		r.Stale = stale(NewMaterial, i.have.line, i.Credential+" is another one")
	case expired && !s.Encrypt:
		r.Stale = i.have.stale
	default:
		r.Text, r.Unproven = r.Found.Text, i.have.private == "" || i.Unknown
	}
	return nil
}

// demand makes stale what is to be encrypted anew.
func (s *settling) demand() {
	for _, i := range s.items {
		if r := i.result; s.Again != nil && s.Again(i) && r.Text != nil {
			r.Text, r.Stale = nil, stale(Requested, 1, "it is to be encrypted anew")
		}
	}
}

// compareCopies compares what is left of each credential across clusters. Without the material nobody knows which copy
// is right: those that are not like most are named.
func (s *settling) compareCopies() {
	copies := map[string][]*Item{}
	for _, i := range s.items {
		if i.result.Text != nil && len(i.Values) == 0 {
			copies[i.Credential] = append(copies[i.Credential], i)
		}
	}
	for _, all := range copies {
		counts, most := map[string]int{}, 0
		for _, i := range all {
			counts[i.have.private]++
			most = max(most, counts[i.have.private])
		}
		if len(counts) == 1 {
			continue
		}
		alone := most*2 > len(all) // there is one that most have
		for _, i := range all {
			if !alone || counts[i.have.private] < most {
				r := i.result
				r.Text, r.Unproven = nil, false
				r.Stale = stale(CopiesDiffer, i.have.line, "other clusters have another copy of "+i.Credential+": "+otherThan(i, all))
			}
		}
	}
}

// otherThan gives the path of a copy that is not like the one of an item.
func otherThan(i *Item, all []*Item) string {
	for _, other := range all {
		if other.have.private != i.have.private {
			return other.Path
		}
	}
	return ""
}

// Fill puts values, in the form that they are given, in the place of their placeholders.
func Fill(object []byte, values []Value, form func(Value) ([]byte, error)) ([]byte, error) {
	for _, v := range values {
		if bytes.Count(object, []byte(v.Placeholder)) != 1 {
			return nil, fmt.Errorf("the value %s of a Secret stands at several places, or none: a patch may not copy it", v.Key)
		}
		text, err := form(v)
		if err != nil {
			return nil, err
		}
		object = bytes.Replace(object, []byte(v.Placeholder), text, 1)
	}
	return object, nil
}

// MissingError says that files have to be encrypted anew and that their private part is not here.
type MissingError struct {
	Items []*Item
	Stale []*Stale // why, or nil where there is no file yet
}

// Error names the files and what is missing.
func (e *MissingError) Error() string {
	var lines []string
	for n, i := range e.Items {
		why := "it is not there yet"
		if e.Stale[n] != nil {
			why = string(e.Stale[n].Kind)
		}
		lines = append(lines, fmt.Sprintf("%s has to be encrypted (%s), and %s is not here", i.Path, why, i.Credential))
	}
	return strings.Join(lines, "\n")
}
