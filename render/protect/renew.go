package protect

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// secretText is what decides what a file holds in clear and who can read it.
type secretText struct {
	object *byte
	guard  string
}

// order is one text to encrypt, for the files that get it.
type order struct {
	items []*Item
	text  []byte
}

// renew gives every item without a current text one: that of another cluster which is current and has the same content
// and the same guard, or a new one.
func (s *settling) renew(ctx context.Context) error {
	current := map[secretText][]byte{}
	for _, i := range s.items {
		if r := i.result; r.Text != nil {
			current[s.key(i)] = r.Text
		}
	}
	var orders []*order
	at, missing := map[secretText]*order{}, &MissingError{}
	for _, i := range s.items {
		r, key := i.result, s.key(i)
		switch {
		case r.Text != nil || !s.Encrypt:
		case current[key] != nil && i.takesCopies(r.Stale):
			r.Text = current[key]
		case len(i.Values) == 0:
			missing.Items, missing.Stale = append(missing.Items, i), append(missing.Stale, r.Stale)
		case at[key] != nil:
			at[key].items = append(at[key].items, i)
		default:
			at[key] = &order{items: []*Item{i}}
			orders = append(orders, at[key])
		}
	}
	if len(missing.Items) > 0 {
		return missing
	}
	return s.encrypt(ctx, orders)
}

// takesCopies reports whether a current copy in another cluster is certain to be right for an item.
func (i *Item) takesCopies(stale *Stale) bool {
	if len(i.Values) > 0 {
		return i.Private != ""
	}
	return stale == nil || stale.Kind != CopiesDiffer
}

func (s *settling) key(i *Item) secretText { return secretText{&i.Object[0], i.Guard.Digest()} }

// encrypt carries out the orders: the first alone, as what keeps it from being done mostly keeps them all, and then
// several at a time, because a key service far away is slow to answer.
func (s *settling) encrypt(ctx context.Context, orders []*order) error {
	var mu sync.Mutex
	done := 0
	carryOut := func(ctx context.Context, o *order) error {
		if err := o.carryOut(ctx); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if done++; s.Progress != nil {
			s.Progress(done, len(orders))
		}
		return nil
	}
	for _, o := range orders[:min(1, len(orders))] {
		if err := carryOut(ctx, o); err != nil {
			return err
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(min(4*runtime.GOMAXPROCS(0), 16))
	for _, o := range orders[min(1, len(orders)):] {
		group.Go(func() error { return carryOut(ctx, o) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, o := range orders {
		for _, i := range o.items {
			i.result.Text = o.text
		}
	}
	return nil
}

// carryOut encrypts the text of an order.
func (o *order) carryOut(ctx context.Context) error {
	first := o.items[0]
	if err := first.Guard.Check(first.object); err != nil {
		return err
	}
	text, err := first.Guard.Encrypt(ctx, first.Path, slices.Concat(first.Mark, first.Object), first.Values)
	if err != nil {
		return err
	}
	if got, err := ReadObject(text); err != nil || got.differs(first.object, first.Guard.Encrypted()) > 0 {
		return fmt.Errorf("%s: what encrypts it gave back something else than the Secret, and nothing of it was kept", first.Path)
	}
	o.text = text
	return nil
}
