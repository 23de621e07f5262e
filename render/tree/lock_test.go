package tree

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// hold takes the lock, as a render does that writes, and keeps it until it is killed.
func hold(dir *Dir) error {
	if _, err := dir.lock(bare, nil); err != nil {
		return err
	}
	if err := dir.sign(os.Getpid()); err != nil {
		return err
	}
	fmt.Println("held")
	time.Sleep(time.Hour)
	return nil
}

// TestLock has another process hold the lock. A render says whom it waits for, gives up when it is told to, and goes
// on when that process ends.
func TestLock(t *testing.T) {
	g := rendered(t, small("net-1"))
	holder := child(t, "hold", g.path)
	ready(t, holder)
	name := fmt.Sprintf("process %d", holder.Process.Pid)

	ctx, cancel := context.WithCancel(t.Context())
	var waited []string
	_, err := Apply(ctx, open(t, g.path), small("net-2"), nil, func(holder string) {
		waited = append(waited, holder)
		cancel()
	})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), name+" is rendering into "+g.path) {
		t.Errorf("Apply = %v, want an error that names %s", err, name)
	}
	if len(waited) != 1 || waited[0] != name {
		t.Errorf("waited for %q, want %q once", waited, name)
	}
	if left := g.diff(small("net-1")); left != "" {
		t.Errorf("a render that waits wrote\n%s", left)
	}

	ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err = Apply(ctx, open(t, g.path), small("net-2"), nil, func(string) { g.must(holder.Process.Kill()) })
	if err != nil {
		t.Errorf("after the holder was killed, Apply = %v", err)
	}
	holder.Wait()
	g.settled(small("net-2"))
}

// TestLockUnsigned has a holder that writes nothing, and so leaves no name.
func TestLockUnsigned(t *testing.T) {
	g := rendered(t, small("net-1"))
	unlock, err := open(t, g.path).lock(t.Context(), nil)
	g.must(err)
	_, err = Apply(t.Context(), open(t, g.path), small("net-2"), nil, func(holder string) {
		if holder != "another process" {
			t.Errorf("waits for %q, want another process", holder)
		}
		unlock()
	})
	g.must(err)
}
