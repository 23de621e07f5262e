package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/render/contract"
	"meshtopo.dev/meshtopo/render/gitops"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/login"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// fleetRevoke says how tokens are replaced. A token of this kind has no time in it, so a Secret that is made again has
// the same one; but it names its Secret, and is refused once that is gone (kubernetes/pkg/serviceaccount/legacy.go).
func (r *rendering) fleetRevoke(s *sections) {
	var read, rotating []*schema.Cluster
	for _, c := range r.topology.Clusters {
		if len(r.readers(c)) > 0 && login.Fetched(c) {
			read = append(read, c)
			if c.Rotating {
				rotating = append(rotating, c)
			}
		}
	}
	switch {
	case len(rotating) > 0:
		r.fleetRotate(s, read, rotating)
	case len(read) > 0:
		names := code(r.nextTokenSecret())
		if former := r.topology.Istio.Reader.TokenSecret; former != "" {
			names += ", and\n   `spec.istio.reader.formerTokenSecret` to " + code(former)
		}
		s.add("fleet-revoke", struct{ Names, Clusters, Revoke string }{names, contract.Names(read), lines(r.revoke(read))})
	}
}

// fleetRotate says how control planes go over from the tokens of before to new ones, while both are good.
func (r *rendering) fleetRotate(s *sections, read, rotating []*schema.Cluster) {
	var fetch, reread, see []string
	making, reading := "Make the new Secrets", "Let the control planes read with the new tokens, and see that all clusters are `synced`"
	for _, c := range read {
		fetch = append(fetch, r.prepare(c)...)
	}
	for _, c := range read {
		if len(r.holders(c)) > 0 {
			making, reading = "Make the new Secrets and fetch their tokens", "Render again, let the control planes read with the new tokens, and see that all clusters are `synced`"
			fetch = append(fetch, login.Fetch(c)...)
		}
	}
	if len(fetch) > len(read) {
		reread = append(reread, "meshtopo render")
	}
	again, external := r.rereadSecrets()
	for _, c := range r.topology.Clusters {
		if len(r.read(c)) > 0 {
			see = append(see, shell.RemoteClusters(c))
		}
	}
	if external {
		reading += ". ExternalSecrets have to have\n   been refreshed after the PushSecrets, as the times in their last column say"
	}
	if others := contract.Served(r.topology.Clusters); len(others) > 0 {
		reading += ". What somebody\n   else makes for " + contract.Names(others) + " has to have the new tokens, too"
	}
	if r.topology.GitOps != nil {
		making = "Commit this tree and push: " + gitops.Engine(r.topology.GitOps) + " makes the new Secrets. Wait for them, and fetch their tokens where that is for you"
		reading += ".\n   Each render is committed and pushed before the next command"
	}
	s.add("fleet-rotating", struct{ Clusters, Making, Fetch, Reading, Reread string }{
		contract.Names(rotating), making, lines(fetch), reading, lines(slices.Concat(reread, again, see)),
	})
}

// prepare makes what 1-prepare has, or waits until an engine has made the Secrets of tokens.
func (r *rendering) prepare(c *schema.Cluster) []string {
	if r.topology.GitOps == nil {
		return []string{shell.Apply(c, layout.Prepare)}
	}
	return []string{shell.KubectlIn(c, "wait --for=create --timeout=10m secret/"+strings.Join(c.TokenSecrets(), " secret/"))}
}

// revoke deletes the Secrets with tokens of before.
func (r *rendering) revoke(read []*schema.Cluster) []string {
	var commands []string
	for _, d := range r.directories {
		if slices.Contains(read, d.c) {
			commands = append(commands, shell.KubectlIn(d.c, "delete secrets --selector '"+shell.OwnedBy(r.topology.Name)+
				"' --field-selector 'type=kubernetes.io/service-account-token,metadata.name!="+strings.Join(d.stored().TokenSecrets(), ",metadata.name!=")+"'"))
		}
	}
	return commands
}

// rereadSecrets has all control planes read with new tokens, and reports whether External Secrets brings any.
func (r *rendering) rereadSecrets() (commands []string, external bool) {
	for _, d := range r.directories {
		if d.byHand(layout.Secrets) {
			commands = append(commands, d.stored().Push()...)
		}
	}
	for _, d := range r.directories {
		if len(r.written(d.c)) == 0 {
			continue
		}
		commands = append(commands, d.applyAgain()...)
		refresh := d.stored().Refresh()
		commands, external = append(commands, refresh...), external || len(refresh) > 0
	}
	return commands, external
}

// nextTokenSecret proposes a name for the Secrets of tokens that none of them has.
func (r *rendering) nextTokenSecret() string {
	name, number := r.topology.Istio.Reader.Secret(), 1
	last := strings.LastIndex(name, "-") + 1
	if n, err := strconv.Atoi(name[last:]); err == nil && n > 0 && last > 0 {
		name, number = name[:last-1], n
	}
	for {
		number++
		next := fmt.Sprintf("%s-%d", name, number)
		taken := func(c *schema.Cluster) bool {
			return c.Istio.Reader.Secret() == next || c.Istio.Reader.Former() == next
		}
		if !slices.ContainsFunc(r.topology.Clusters, taken) {
			return next
		}
	}
}
