package conformance

import (
	"slices"
	"testing"
)

// addPlanes has the cluster as each of its control planes has it. The default one is the place itself.
func (p *place) addPlanes() {
	for _, c := range p.asPlanes() {
		plane := p
		if c.Cluster != p.Cluster {
			plane = &place{cluster: c, holding: p.holding}
		}
		p.planes = append(p.planes, plane)
	}
}

// plane gives the cluster as the control plane of that revision has it, or nil.
func (p *place) plane(revision string) *place {
	for _, plane := range p.planes {
		if plane.Istio.RevisionName() == revision {
			return plane
		}
	}
	return nil
}

// title names the istiod of a cluster: by its revision as well where there are several.
func (p *place) title() string {
	if len(p.planes) < 2 {
		return p.Name
	}
	return p.Istio.RevisionName() + " in " + p.Name
}

// istiodHost is the name at which an istiod is called.
func (p *place) istiodHost() string { return p.revisioned("istiod") + "." + p.Istio.Namespace + ".svc" }

// led gives the cluster as the control plane has it to which its gateway leads calls for a name. Without a list of
// revisions that is the one there is: what is wrong with its routes shows elsewhere.
func (p *place) led(t *testing.T, w *world, host string) *place {
	t.Helper()
	if p.Istio.Listed.Revisions == nil {
		return p
	}
	for _, o := range p.objects.kind("VirtualService") {
		for _, r := range as[tlsRoutes](t, o).Spec.TLS {
			if slices.Contains(r.Match[0].SNIHosts, host) || slices.Contains(r.Match[0].SNIHosts, "*") {
				namespace, name := splitHost(r.Route[0].Destination.Host)
				return w.serves(t, p, namespace, name)
			}
		}
	}
	return nil
}

// tlsRoutes are those of a VirtualService for connections that are passed on as they are.
type tlsRoutes struct {
	Spec struct {
		TLS []struct {
			Match []struct {
				SNIHosts []string `json:"sniHosts"`
			} `json:"match"`
			Route []struct {
				Destination struct {
					Host string `json:"host"`
				} `json:"destination"`
			} `json:"route"`
		} `json:"tls"`
	} `json:"spec"`
}
