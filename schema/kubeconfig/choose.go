package kubeconfig

import (
	"bytes"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// holding is what a text has that a topology names as a kubeconfig: one, or Secrets with some, in all its documents.
type holding struct {
	kubeconfigs []manifest.Item
	others      []manifest.Item // values of Secrets that are no kubeconfigs
	secret      *diag.Pos       // of the first Secret
	encrypted   *diag.Pos       // of the first object that sops encrypted
}

// held looks through all documents of the text.
func (s *Source) held() *holding {
	h := &holding{}
	for part := range document.PartsOf(s.Place.File, s.Text) {
		text := alone(part)
		whole := manifest.Whole(s.Place.File, s.Pos, text)
		root, bad := whole.Document()
		switch {
		case bad == 0 && (root == nil || root.Kind == document.Null):
		case bad == 0 && isEncrypted(root):
			h.encrypted = first(h.encrypted, root.Pos)
		case bad == 0 && root.StringAt("kind") == "Secret":
			h.secret = first(h.secret, root.Pos)
			h.add(s, text)
		case bad > 0 || isConfig(root):
			h.kubeconfigs = append(h.kubeconfigs, whole)
		}
	}
	return h
}

// alone gives a document with the lines before it empty, so that its own have the numbers of the file.
func alone(part document.Part) []byte {
	return append(bytes.Repeat([]byte("\n"), part.Line-1), part.Text...)
}

func first(have *diag.Pos, pos diag.Pos) *diag.Pos {
	if have != nil {
		return have
	}
	return &pos
}

func isConfig(root *document.Node) bool {
	return root.StringAt("kind") == "Config" || root.StringAt("kind") == "" && root.At("clusters") != nil
}

// isEncrypted reports whether sops has encrypted an object.
func isEncrypted(root *document.Node) bool {
	if root.At("sops") != nil {
		return true
	}
	for _, key := range []string{"data", "stringData"} {
		values := root.At(key)
		if values != nil && slices.ContainsFunc(values.Fields, func(e *document.Entry) bool { return strings.HasPrefix(e.Value.Text, "ENC[") }) {
			return true
		}
	}
	return false
}

// add adds the values of a Secret.
func (h *holding) add(s *Source, secret []byte) {
	for _, i := range secretItems(s.Place.File, secret) {
		root, bad := i.Document()
		if i.Bad || bad > 0 || root == nil || !isConfig(root) {
			h.others = append(h.others, i)
			continue
		}
		if s.Place.File == "" {
			whole := manifest.Whole("", s.Pos, i.Text)
			whole.Key = i.Key
			i = whole
		}
		h.kubeconfigs = append(h.kubeconfigs, i)
	}
}

// choose gives the kubeconfig that can be meant, or says why there is none. Where a text is none of these, it is judged
// as a kubeconfig.
func (s *Source) choose(k *Config) bool {
	h := s.held()
	all := h.kubeconfigs
	if len(all) > 1 {
		all = named(all, s.Cluster)
	}
	switch {
	case len(all) == 1:
		k.item = all[0]
	case len(h.kubeconfigs) > 1:
		k.addAt(diag.Pos{Line: 1, Col: 1}, invalid, "is one of %d, and nothing says which is meant: not one of them has the name of the cluster as its key in a Secret, or several have", len(h.kubeconfigs)).Fix =
			"leave the one of this cluster alone, as istioctl create-remote-secret --name " + s.Cluster + " prints it"
		return false
	case h.encrypted != nil:
		k.addAt(*h.encrypted, invalid, "is encrypted by sops, and nothing is decrypted here").Fix =
			"decrypt it where meshtopo renders, and name the file that is decrypted: sops decrypt FILE > OTHER; or name a variable, and run sops exec-env"
		return false
	case h.secret != nil && len(h.others) == 1:
		k.item = h.others[0]
		return s.judgeOther(k)
	case h.secret != nil:
		k.addAt(*h.secret, invalid, "is a Secret that has no kubeconfig: it has %d values, and none of them is one", len(h.others))
		return false
	}
	return true
}

// judgeOther says what is wrong with the only value of a Secret.
func (s *Source) judgeOther(k *Config) bool {
	switch {
	case k.item.Bad:
		k.addAt(diag.Pos{Line: 1, Col: 1}, invalid, "is in a Secret, and its value there is no base64, or no text")
		return false
	case s.Place.File == "":
		k.item = manifest.Whole("", s.Pos, k.item.Text)
	}
	return true
}

// named gives the kubeconfigs that have a key in a Secret.
func named(all []manifest.Item, key string) []manifest.Item {
	var found []manifest.Item
	for _, i := range all {
		if i.Key == key && key != "" {
			found = append(found, i)
		}
	}
	return found
}
