package settings

import "meshtopo.dev/meshtopo/schema/diag"

// AddsRoots reports whether, and where, the mesh config names roots of other clusters.
func (i Installation) AddsRoots() (at diag.Pos, adds bool) {
	s, ok := i.meshConfig("caCertificates")
	return s.at, ok && len(s.Items) > 0
}

// Roots gives the certificates of the roots that the mesh config adds, and whether there are some that it only tells
// the address of. Those that a signer of Kubernetes uses are for its certificates only.
func (i Installation) Roots() (pems []string, elsewhere bool) {
	s, ok := i.meshConfig("caCertificates")
	if !ok {
		return nil, false
	}
	for _, item := range s.Items {
		if signers := item.At("certSigners"); signers != nil && len(signers.Items) > 0 {
			continue
		}
		pem := item.StringAt("pem")
		if pem == "" {
			elsewhere = true // at a spiffeBundleUrl
			continue
		}
		pems = append(pems, pem)
	}
	return pems, elsewhere
}
