package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
)

// fleetRevoke says how tokens are replaced. A token of this kind has no time in it, so a Secret that is made again has
// the same one; but it names its Secret, and is refused once that is gone (kubernetes/pkg/serviceaccount/legacy.go).
func (r *rendering) fleetRevoke(s *sections) {
	var read []*schema.Cluster
	for _, c := range r.topology.Clusters {
		if len(r.readers(c)) > 0 {
			read = append(read, c)
		}
	}
	if len(read) == 0 {
		return
	}
	var fetch, reread, see, revoke []string
	for _, c := range read {
		fetch = append(fetch, apply(c, layout.Prepare))
	}
	for _, c := range read {
		fetch = append(fetch, fetchToken(c)...)
	}
	for _, c := range r.topology.Clusters {
		if len(r.read(c)) > 0 {
			reread = append(reread, apply(c, layout.Secrets))
			see = append(see, remoteClusters(c))
		}
	}
	for _, c := range read {
		revoke = append(revoke, kubectlIn(c, "delete secrets --selector '"+ownedBy(r.topology.Name)+
			"' --field-selector 'type=kubernetes.io/service-account-token,metadata.name!="+c.Istio.Reader.Secret()+"'"))
	}
	s.add("fleet-revoke", struct{ Name, Fetch, Reread, Revoke string }{
		r.nextTokenSecret(), lines(fetch), lines(append(reread, see...)), lines(revoke),
	})
}

// nextTokenSecret proposes a name for the Secrets of tokens that none of them has.
func (r *rendering) nextTokenSecret() string {
	name, number := r.topology.Istio.Reader.Secret(), 1
	if before, last, ok := cutLast(name, "-"); ok {
		if n, err := strconv.Atoi(last); err == nil && n > 0 {
			name, number = before, n
		}
	}
	for {
		number++
		next := fmt.Sprintf("%s-%d", name, number)
		if !slices.ContainsFunc(r.topology.Clusters, func(c *schema.Cluster) bool { return c.Istio.Reader.Secret() == next }) {
			return next
		}
	}
}

func cutLast(s, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[:i], s[i+len(separator):], true
	}
	return s, "", false
}
