package render

import (
	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/tree"
)

// settle gives the files of encrypted Secrets what they are to hold: the ciphertext that lies in the tree as long as it
// is current, or a new one.
func (r *rendering) settle() error {
	var items []*protect.Item
	files := map[*protect.Item]*tree.File{}
	for _, d := range r.directories {
		byPath := map[string]*protect.Item{}
		for _, item := range d.items {
			byPath[item.Path] = item
		}
		for i := range d.files {
			item := byPath[d.files[i].Path]
			switch {
			case item == nil:
			case !r.guards.Matters(item.Path):
				settleFile(&d.files[i], &protect.Settled{})
			default:
				item.Object = d.files[i].Body[1] // as patches made it
				items, files[item] = append(items, item), &d.files[i]
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
	for item, s := range settled {
		settleFile(files[item], s)
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
