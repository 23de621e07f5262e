package protect

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/render/tree"
)

// fakeGuard encrypts by turning texts around.
type fakeGuard struct {
	digest string
	runs   *atomic.Int32
}

func (g fakeGuard) Digest() string       { return g.digest }
func (g fakeGuard) Encrypted() []string  { return []string{"data"} }
func (g fakeGuard) Judge(*Object) *Stale { return nil }
func (g fakeGuard) Check(*Object) error  { return nil }
func (g fakeGuard) Encrypt(_ context.Context, _ string, object []byte, values []Value) ([]byte, error) {
	run := g.runs.Add(1)
	return Fill(object, values, func(v Value) ([]byte, error) { return fmt.Appendf(nil, "cipher-%d", run), nil })
}

// fakeTree is what lies in a tree.
type fakeTree map[string]tree.Found

func (f fakeTree) Get(path string) (tree.Found, error) { return f[path], nil }
func (f fakeTree) Close() error                        { return nil }

// secretOf gives the item of a token in the directory of a reader, and its object, which readers share.
func itemOf(path string, object []byte, g Guard, private string, known bool) *Item {
	i := &Item{Path: path, Mark: []byte("# mark\n"), Object: object, Credential: `the token of cluster "b"`, Public: Public{{"server", []byte("s")}}, Guard: g, Private: private}
	if known {
		i.Values = []Value{NewValue("b", []byte("kubeconfig"))}
	}
	return i
}

func objectOf(g Guard, private string) []byte {
	p := Public{{"server", []byte("s")}}
	text := "kind: Secret\nmetadata:\n  name: istio-remote-secret-b\n  annotations:\n    " + PublicAnnotation + ": " + p.Digest() + "\n    " + PartsAnnotation + ": " + p.Parts() +
		"\n    " + ProtectionAnnotation + ": " + g.Digest() + "\n"
	if private != "" {
		text += "    " + PrivateAnnotation + ": " + private + "\n"
	}
	return []byte(text + "data: {b: " + Placeholder("b") + "}\n")
}

func settle(t *testing.T, items []*Item, lies fakeTree, encrypt bool) map[*Item]*Settled {
	t.Helper()
	results, err := Settle(context.Background(), items, Options{Committed: func() Reader { return lies }, Encrypt: encrypt})
	if err != nil {
		t.Fatal(err)
	}
	settled := map[*Item]*Settled{}
	for n, i := range items {
		settled[i] = &results[n]
	}
	return settled
}

// lying gives what lies in a tree after items were settled.
func lying(items []*Item, settled map[*Item]*Settled) fakeTree {
	lies := fakeTree{}
	for _, i := range items {
		text := settled[i].Text
		lies[i.Path] = tree.Found{Text: text, Digest: tree.Digest(text), Recorded: tree.Digest(text)}
	}
	return lies
}

// TestOnceForAll encrypts a text once for all readers with one guard, and gives a new reader what the others have.
func TestOnceForAll(t *testing.T) {
	var runs atomic.Int32
	g := fakeGuard{"g", &runs}
	object := objectOf(g, "hmac")
	items := []*Item{itemOf("a", object, g, "hmac", true), itemOf("c", object, g, "hmac", true)}
	settled := settle(t, items, nil, true)
	if runs.Load() != 1 || string(settled[items[0]].Text) != string(settled[items[1]].Text) {
		t.Errorf("%d runs", runs.Load())
	}
	lies := lying(items, settled)
	more := append(items, itemOf("d", object, g, "hmac", true))
	if again := settle(t, more, lies, true); runs.Load() != 1 || string(again[more[2]].Text) != string(settled[items[0]].Text) {
		t.Errorf("a new reader took %d runs", runs.Load())
	}
	other := fakeGuard{"other", &runs}
	more[2] = itemOf("d", objectOf(other, "hmac"), other, "hmac", true)
	if settle(t, more, lies, true); runs.Load() != 2 {
		t.Errorf("another guard took %d runs", runs.Load())
	}
	without := []*Item{itemOf("a", object, g, "", false), itemOf("c", object, g, "", false), itemOf("d", object, g, "", false)}
	if again := settle(t, without, lies, true); runs.Load() != 2 || again[without[2]].Text == nil {
		t.Error("a new reader gets no copy where the token is not here")
	}
}

// TestWeak keeps what has no digest, and says that it is not proven; a new reader gets its own.
func TestWeak(t *testing.T) {
	var runs atomic.Int32
	g := fakeGuard{"g", &runs}
	object := objectOf(g, "")
	items := []*Item{itemOf("a", object, g, "", true)}
	lies := lying(items, settle(t, items, nil, true))
	again := settle(t, items, lies, true)
	if runs.Load() != 1 || !again[items[0]].Unproven {
		t.Errorf("%d runs, %+v", runs.Load(), again[items[0]])
	}
	more := append(items, itemOf("c", object, g, "", true))
	if settle(t, more, lies, true); runs.Load() != 2 {
		t.Errorf("a new reader took %d runs", runs.Load())
	}
}

// TestMissing names what has to be encrypted and cannot be, and encrypts nothing.
func TestMissing(t *testing.T) {
	var runs atomic.Int32
	g := fakeGuard{"g", &runs}
	items := []*Item{itemOf("a", objectOf(g, ""), g, "", false)}
	_, err := Settle(context.Background(), items, Options{Committed: func() Reader { return fakeTree{} }, Encrypt: true})
	if missing := new(MissingError); !errors.As(err, &missing) || !strings.Contains(err.Error(), `a has to be encrypted (it is not there yet), and the token of cluster "b" is not here`) {
		t.Errorf("Settle gives %v", err)
	}
	if s := settle(t, items, nil, false)[items[0]]; s.Text != nil || s.Stale != nil {
		t.Errorf("without encrypting it gives %+v", s)
	}
}

// TestMostCopies names the copies that are not like most.
func TestMostCopies(t *testing.T) {
	var runs atomic.Int32
	g := fakeGuard{"g", &runs}
	lies := fakeTree{}
	for path, private := range map[string]string{"a": "one", "c": "one", "d": "two"} {
		text := []byte("# mark\n" + strings.Replace(string(objectOf(g, private)), Placeholder("b"), "cipher", 1))
		lies[path] = tree.Found{Text: text, Digest: tree.Digest(text)}
	}
	object := objectOf(g, "")
	items := []*Item{itemOf("a", object, g, "", false), itemOf("c", object, g, "", false), itemOf("d", object, g, "", false)}
	settled := settle(t, items, lies, false)
	for n, stale := range []bool{false, false, true} {
		if s := settled[items[n]].Stale; (s != nil && s.Kind == CopiesDiffer) != stale {
			t.Errorf("%s: %v", items[n].Path, s)
		}
	}
}

// TestCopiedValue refuses an object in which a patch has copied a value.
func TestCopiedValue(t *testing.T) {
	values := []Value{NewValue("b", []byte("x"))}
	for _, object := range []string{"data: {}", "a: " + values[0].Placeholder + "\nb: " + values[0].Placeholder} {
		if _, err := Fill([]byte(object), values, func(Value) ([]byte, error) { return nil, nil }); err == nil {
			t.Errorf("%q is filled", object)
		}
	}
}

// TestDigests depend on every part, and there is none of what can be guessed.
func TestDigests(t *testing.T) {
	base := Public{{"server", []byte("a")}, {"ca", []byte("b")}}
	if base.Digest() == (Public{{"server", []byte("a")}, {"ca", []byte("c")}}).Digest() || base.Digest() == (Public{{"server", []byte("ab")}, {"ca", nil}}).Digest() {
		t.Error("different parts have one digest")
	}
	if got := changedParts(base.Parts(), Public{{"server", []byte("a")}, {"ca", []byte("c")}}.Parts()); len(got) != 1 || got[0] != "ca" {
		t.Errorf("%q have changed", got)
	}
	strong := []byte(strings.Repeat("k", 32))
	if PrivateDigest("p", strong) == PrivateDigest("q", strong) || PrivateDigest("p", strong) == "" || PrivateDigest("p", strong[:31]) != "" {
		t.Error("the digest of private material is not keyed, or is there for a short one")
	}
}

func FuzzObject(f *testing.F) {
	f.Add([]byte("kind: Secret\nmetadata: {annotations: {a: b}}\ndata: {a: ENC[x]}\nsops: {}\n"))
	f.Add([]byte("a: &a [*a]"))
	want, err := ReadObject([]byte("kind: Secret\ndata: {a: x}\n"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := ReadObject(text)
		if err != nil {
			return
		}
		if o.differs(o, []string{"data"}) != 0 {
			t.Error("an object differs from itself")
		}
		o.differs(want, []string{"data"})
		want.differs(o, []string{"data"})
		o.Leaves(func([]string) {})
		o.Line("metadata", "annotations", "x")
	})
}

// TestMoreThanTheSecret sees what stands in a file beside the Secret that it is read as, although it was recorded so: a
// cluster would get it.
func TestMoreThanTheSecret(t *testing.T) {
	var runs atomic.Int32
	g := fakeGuard{"g", &runs}
	object := objectOf(g, "hmac")
	items := []*Item{itemOf("a", object, g, "hmac", true)}
	current := string(settle(t, items, nil, true)[items[0]].Text)
	for what, text := range map[string]string{
		"a second document":    current + "---\nkind: ClusterRoleBinding\n",
		"data twice":           current + "data: {b: aGVsbG8=}\n",
		"a name twice":         strings.Replace(current, "  name:", "  name: x\n  name:", 1),
		"an anchor":            strings.Replace(current, "  name: ", "  name: &x ", 1),
		"a comment":            current + "# a token\n",
		"a comment in a line":  strings.Replace(current, "kind: Secret", "kind: Secret # a token", 1),
		"a comment as a value": strings.Replace(current, "\nkind", "\n# a token\nkind", 1),
	} {
		lies := fakeTree{"a": {Text: []byte(text), Digest: tree.Digest([]byte(text)), Recorded: tree.Digest([]byte(text))}}
		if settled := settle(t, items, lies, false)[items[0]]; settled.Stale == nil {
			t.Errorf("%s is not seen", what)
		}
	}
}

// otherGuard gives back something else than it was given.
type otherGuard struct {
	fakeGuard
	change func(text string) string
}

func (g otherGuard) Encrypt(ctx context.Context, path string, object []byte, values []Value) ([]byte, error) {
	text, err := g.fakeGuard.Encrypt(ctx, path, object, values)
	return []byte(g.change(string(text))), err
}

// TestSomethingElse refuses what is not the object that was to be encrypted.
func TestSomethingElse(t *testing.T) {
	for what, change := range map[string]func(string) string{
		"another name":      func(text string) string { return strings.Replace(text, "remote-secret-b", "remote-secret-c", 1) },
		"no data":           func(text string) string { before, _, _ := strings.Cut(text, "data:"); return before },
		"a second document": func(text string) string { return text + "---\na: b\n" },
		"a comment":         func(text string) string { return text + "# a token\n" },
	} {
		g := otherGuard{fakeGuard{"g", new(atomic.Int32)}, change}
		item := itemOf("a", objectOf(g, "hmac"), g, "hmac", true)
		_, err := Settle(context.Background(), []*Item{item}, Options{Committed: func() Reader { return fakeTree{} }, Encrypt: true})
		if err == nil {
			t.Errorf("%s was kept", what)
		}
	}
}

// TestManyNodes gives up on a file of a million values before it is parsed, which would take minutes.
func TestManyNodes(t *testing.T) {
	for _, text := range []string{"a: [" + strings.Repeat("a,", 1<<20) + "]", "a:\n" + strings.Repeat("- a\n", 1<<20)} {
		start := time.Now()
		if _, err := ReadObject([]byte(text)); err == nil || time.Since(start) > time.Second {
			t.Errorf("%s...: %v after %v", text[:8], err, time.Since(start))
		}
	}
}

// TestAnotherProtection tells a Secret that is protected in another way from one in clear.
func TestAnotherProtection(t *testing.T) {
	g := fakeGuard{"g", new(atomic.Int32)}
	items := []*Item{itemOf("a", objectOf(g, "hmac"), g, "hmac", true)}
	current := string(settle(t, items, nil, true)[items[0]].Text)
	for kind, text := range map[tree.Kind]string{
		ProtectionChanged: strings.Replace(current, "kind: Secret", "kind: SealedSecret", 1),
		NotEncrypted:      "# mark\nkind: Secret\ndata: {b: eA==}\n",
	} {
		lies := fakeTree{"a": {Text: []byte(text), Digest: tree.Digest([]byte(text))}}
		if s := settle(t, items, lies, false)[items[0]].Stale; s == nil || s.Kind != kind {
			t.Errorf("%+v, want %s", s, kind)
		}
	}
}
