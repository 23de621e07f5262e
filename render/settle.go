package render

import (
	"cmp"
	"slices"

	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/tree"
)

// settle gives the files of encrypted Secrets what they are to hold: the ciphertext that lies in the tree as long as it
// is current, or a new one.
func (r *rendering) settle() error {
	var items []*protect.Item
	var files []*tree.File // of the items
	for _, d := range r.directories {
		slices.SortFunc(d.items, func(a, b *protect.Item) int { return cmp.Compare(a.Path, b.Path) })
		for i, rest := 0, d.items; i < len(d.files) && len(rest) > 0; i++ { // both are sorted
			if f, item := &d.files[i], rest[0]; f.Path == item.Path {
				rest = rest[1:]
				settleFile(f, &protect.Settled{})
				if r.guards.Matters(item.Path) {
					item.Object = f.Body[1] // as patches made it
					items, files = append(items, item), append(files, f)
				}
			}
		}
	}
	if len(items) == 0 {
		return nil
	}
	settled, err := protect.Settle(r.guards.Context, items, r.guards.Options)
	if err != nil {
		return err
	}
	for i := range settled {
		settleFile(files[i], &settled[i])
		files[i].Read = files[i].Seen != nil && !r.guards.Encrypt // who writes looks twice: encrypting may take minutes
	}
	return nil
}

// settleFile makes a file what its Secret came to. Without a current text it keeps its object with placeholders.
func settleFile(f *tree.File, s *protect.Settled) {
	f.Private, f.Encrypted, f.Stale, f.Sum = false, true, s.Stale, s.Found.Recorded
	switch {
	case s.Text != nil && s.Stale == nil && s.Found.Text != nil: // it is kept
		f.Body, f.Sum, f.Seen, f.Unproven = [][]byte{s.Text}, s.Found.Digest, s.Found.Seen, s.Unproven
	case s.Text != nil:
		f.Body, f.Sum = [][]byte{s.Text}, tree.Digest(s.Text)
	case s.Stale == nil:
		f.Stale = &tree.Stale{Kind: tree.Added, Why: "it is not there"}
	}
}
