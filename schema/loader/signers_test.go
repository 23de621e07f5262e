package loader

import (
	"testing"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/trust"
)

// TestSigners proves that a topology says what each cluster signs with, and which of its roots that is under.
func TestSigners(t *testing.T) {
	l := &loading{files: example(t, "two-clusters")}
	l.replace(t, "[certs/root-cert.pem]", "[certs/root-cert.pem, certs/other.pem]")
	other := otherTrust()
	l.write("certs/other.pem", other["root-cert.pem"])
	for _, name := range []string{"ca-cert.pem", "ca-key.pem", "cert-chain.pem"} {
		l.write("certs/cluster-b/"+name, other[name])
	}
	topology, found := l.load(t)
	if topology == nil {
		t.Fatalf("Load found %q", places(found.Sorted()))
	}
	digest := func(file string) trust.Digest {
		certificates, _ := trust.ParseCertificates(l.files[file].Data)
		return certificates.Digests()[0]
	}
	for cluster, root := range map[string]string{"cluster-a": "certs/root-cert.pem", "cluster-b": "certs/other.pem"} {
		want := schema.Signer{Cert: digest("certs/" + cluster + "/ca-cert.pem"), Root: digest(root)}
		if got := topology.Public.Signers[cluster]; got != want {
			t.Errorf("%s signs with %x, want %x", cluster, got, want)
		}
	}
}
