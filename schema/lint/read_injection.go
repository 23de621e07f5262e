package lint

import (
	"net/url"
	"slices"
	"strings"
)

// injection is what a remote's webhook tells the control plane about the pods to inject.
type injection struct {
	value            // the whole path or URL
	path      string // of the URL
	url       bool
	cluster   value
	network   value
	unknown   []string // keys that Istio does not know
	odd       bool     // the last key has no value
	oldSyntax bool
}

func (i *install) injection() injection {
	in := injection{value: first(i.injectionURL, i.injectionPath)}
	in.path, in.url = in.text, i.injectionURL.given()
	if in.url {
		u, err := url.Parse(in.text)
		if err != nil {
			return in
		}
		in.path = u.Path
	}
	parts := strings.SplitN(strings.TrimSuffix(in.path, "/"), "/", 3)
	if len(parts) < 3 {
		return in
	}
	pairs := strings.Split(parts[2], "/")
	if rest, ok := strings.CutPrefix(parts[2], ":ENV:"); ok {
		in.oldSyntax, pairs = true, nil
		for pair := range strings.SplitSeq(rest, ":ENV:") {
			key, v, _ := strings.Cut(pair, "=")
			pairs = append(pairs, key, v)
		}
	}
	in.odd = len(pairs)%2 == 1
	for pair := range slices.Chunk(pairs[:len(pairs)/2*2], 2) {
		v := value{strings.ReplaceAll(pair[1], "--slash--", "/"), in.pos}
		switch pair[0] {
		case "cluster":
			in.cluster = v
		case "net":
			in.network = v
		default:
			in.unknown = append(in.unknown, pair[0])
		}
	}
	return in
}
