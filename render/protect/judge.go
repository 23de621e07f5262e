package protect

import (
	"strings"

	"meshtopo.dev/meshtopo/render/tree"
)

// annotation is the path of an annotation.
func annotation(name string) []string { return []string{"metadata", "annotations", name} }

// committed is what is known of an encrypted file as it lies in the tree.
type committed struct {
	private string // the digest of its private part, or ""
	line    int    // where that stands
	stale   *Stale // as to all but the private part
}

// judgedText is what decides what is said of a file.
type judgedText struct {
	digest string
	object *byte
	guard  string
}

// judge reads what lies in the place of an item. Clusters that have the same text share the work.
func (s *settling) judge(i *Item, found *tree.Found) *committed {
	key := judgedText{found.Digest, &i.Object[0], i.Guard.Digest()}
	s.mu.Lock()
	defer s.mu.Unlock()
	if done := s.judged[key]; done != nil {
		return done
	}
	c := &committed{}
	s.judged[key] = c
	o, err := ReadObject(found.Text)
	if err != nil {
		c.stale = stale(tree.HandEdited, 1, "it cannot be read")
		return c
	}
	c.private, c.line = o.Text(annotation(PrivateAnnotation)...), o.Line(annotation(PrivateAnnotation)...)
	c.stale = s.staleness(i, o)
	return c
}

// staleness says what is wrong with an object in clear, the most telling first.
func (s *settling) staleness(i *Item, o *Object) *Stale {
	have := o.Text(annotation(PublicAnnotation)...)
	switch {
	case have == "" && o.Text("kind") == "Secret" && o.At("sops") == nil:
		return stale(NotEncrypted, 1, "it is a Secret as it goes to the cluster, and spec.secrets says that it is encrypted")
	case o.Text("kind") != i.object.Text("kind") && (o.Text("kind") != "Secret" || o.At("sops") != nil):
		return stale(ProtectionChanged, o.Line("kind"), "it is protected in another way than spec.secrets says")
	case have != i.Public.Digest() && !i.Unknown:
		parts := changedParts(o.Text(annotation(PartsAnnotation)...), i.Public.Parts())
		return stale(kindOf(parts), o.Line(annotation(PublicAnnotation)...), "changed: "+strings.Join(parts, ", "))
	}
	judged := i.Guard.Judge(o)
	if judged != nil && judged.Kind != SealingKeyExpired {
		return judged
	}
	if o.Text(annotation(ProtectionAnnotation)...) != i.Guard.Digest() {
		return stale(ProtectionChanged, o.Line(annotation(ProtectionAnnotation)...), "what protects it has changed")
	}
	if line := o.differs(i.object, i.Guard.Encrypted()); line > 0 && !i.Unknown {
		return stale(tree.Changed, line, "what stands in clear is not what the topology says")
	}
	return judged
}
