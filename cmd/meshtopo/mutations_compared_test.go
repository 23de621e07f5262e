package main

import "testing"

// mutatedCompared are mistakes in manifests that are compared with the topology. There, as few findings are wanted as
// without it.
func mutatedCompared(t *testing.T) []manifestMutation {
	const (
		two, mixed, trio = "two-clusters/cluster-b", "mixed/us-2", "multi-primary-multi-network/west-1"
		operator         = "kind: IstioOperator"
		secretUS2        = "2-secrets/remote-secrets/us-2.yaml"
		reader           = "1-prepare/remote-reader.yaml"
		cert, root       = `  ca-cert.pem: "`, `  root-cert.pem: "`
	)
	c, other, another := compared, selfSigned("Other"), sign(exampleRoot(t))
	signedByOther := func(file string) []wanted { return foundIn(file, root, "deviates-from-topology") }
	return []manifestMutation{
		{"topology: mesh ID", two, controlPlaneFile, c(turn(`meshID: "shop"`, `meshID: "web"`)), found("deviates-from-topology"), ""},
		{"topology: mesh ID of all", two, controlPlaneFile, c(everywhere(`meshID: "shop"`, `meshID: "web"`)),
			and(found("deviates-from-topology"), foundIn("cluster-a/"+controlPlaneFile, "meshID", "deviates-from-topology")), "each cluster says it"},
		{"topology: trust domain", two, controlPlaneFile, c(turn(`trustDomain: "cluster.local"`, `trustDomain: "example.com"`)), found("deviates-from-topology"), ""},
		{"topology: no trust domain", trio, controlPlaneFile, c(cut("trustDomain:")), foundAt(operator, "deviates-from-topology"), ""},
		{"topology: an alias more", trio, controlPlaneFile, c(turn(`["old.example.com"]`, `["old.example.com", "other.example.com"]`)), found("deviates-from-topology"), ""},
		{"topology: cluster domain", trio, controlPlaneFile, c(turn(`clusterDomain: "mesh.example.com"`, `clusterDomain: "cluster.local"`)), found("deviates-from-topology"), ""},
		{"topology: cluster name", two, controlPlaneFile, c(turn(`clusterName: "cluster-b"`, `clusterName: "cluster-c"`)), found("deviates-from-topology"), ""},
		{"topology: network in one place", mixed, controlPlaneFile, c(turn(`network: "us"`, `network: "eu"`)), found("network-mismatch"), ""},
		{"topology: network of the namespace", mixed, namespaceFile, c(turn(`network: "us"`, `network: "eu"`)), found("network-mismatch"), ""},
		{"topology: network in the gateway's label", mixed, eastWestFile, c(turn(`io/network: "us"`, `io/network: "eu"`)), found("network-mismatch"), ""},
		{"topology: no network of the namespace", mixed, namespaceFile, c(cut("topology.istio.io/network")), foundAt("name: ", "namespace-without-network"), ""},
		{"topology: annotation", mixed, namespaceFile, c(turn(`"us-1"`, `"eu-1"`)), found("deviates-from-topology"), ""},
		{"topology: annotation of an unknown cluster", mixed, namespaceFile, c(turn(`"us-1"`, `"us-3"`)), found("unknown-primary"), ""},
		{"topology: no annotation", mixed, namespaceFile, c(cut("annotations:")), foundAt("name: ", "remote-without-control-plane"), ""},
		{"topology: address of another primary", mixed, controlPlaneFile, c(turn("203.0.113.20", "203.0.113.10")), found("deviates-from-topology"), ""},
		{"topology: address that is none", mixed, controlPlaneFile, c(turn("203.0.113.20", "999.1.1.1")), found("bad-gateway-address"), ""},
		{"topology: injection path", mixed, controlPlaneFile, c(turn("/inject/", "/injected/")), found("deviates-from-topology"), ""},
		{"topology: revision", mixed, controlPlaneFile, c(turn(`"1-31-1"`, `"1-30-2"`)), found("deviates-from-topology"), ""},
		{"topology: revision of a gateway", mixed, eastWestFile, c(turn(`"1-31-1"`, `"1-30-2"`)), found("gateway-revision"), ""},
		{"topology: a primary as a remote", "mixed/us-1", controlPlaneFile, c(turn(`profile: "minimal"`, "profile: remote")), found("remote-without-address"), ""},
		{"topology: externalIstiod of a primary without remotes", two, controlPlaneFile, c(add("network: ", "      externalIstiod: true")), found("deviates-from-topology"), ""},
		{"topology: no externalIstiod", "mixed/us-1", controlPlaneFile, c(cut("externalIstiod")), foundAt(operator, "primary-not-external"), ""},
		{"topology: server of a remote Secret", "mixed/eu-1", secretUS2, c(data(`"us-2": "`, turn("us-2.example.com", "us-2.internal"))), found("deviates-from-topology"), ""},
		{"topology: server of another cluster", "mixed/eu-1", secretUS2, c(data(`"us-2": "`, turn("us-2.example.com", "us-1.example.com"))), found("server-of-two-clusters"), ""},
		{"topology: key of a remote Secret", "mixed/eu-1", secretUS2, c(turn(`"us-2": "`, `"us-3": "`)), found("unknown-remote-cluster"), ""},
		{"topology: no remote Secret", "mixed/eu-1", secretUS2, c(deleted), foundIn("eu-1/"+controlPlaneFile, operator, "missing-remote-secret"), ""},
		{"topology: a remote Secret in a remote", mixed, secretUS2, c(copied("eu-1/2-secrets/remote-secrets/ap-1.yaml")), foundAt(`"ap-1": "`, "deviates-from-topology"), ""},
		{"topology: API server CA of a remote Secret", "mixed/eu-1", secretUS2, c(data(`"us-2": "`, authorityData(func(string) string { return pemOf(other) }))), found("deviates-from-topology"), ""},
		{"topology: a CA beside that of the API server", "mixed/eu-1", secretUS2, c(data(`"us-2": "`, authorityData(func(pem string) string { return pem + pemOf(other) }))), nil, "one of them is right"},
		{"topology: a name for TLS", "mixed/eu-1", secretUS2, c(data(`"us-2": "`, add("server: ", "    tls-server-name: us-2.internal"))), found("deviates-from-topology"), ""},
		{"topology: cacerts of the other cluster", two, cacertsFile, c(copied("cluster-a/" + cacertsFile)), foundAt("name: cacerts", "shared-intermediate-key"), ""},
		{"topology: cacerts of the second in the first", "two-clusters/cluster-a", cacertsFile, c(copied("cluster-b/" + cacertsFile)), foundAt("name: cacerts", "shared-intermediate-key"), ""},
		{"topology: cacerts of another mesh", two, cacertsFile, c(signedBy(other)), foundAt(root, "no-common-root"), ""},
		{"topology: cacerts of another mesh in the first", "two-clusters/cluster-a", cacertsFile, c(signedBy(other)), foundAt(root, "no-common-root"), ""},
		{"topology: cacerts of another mesh in all", two, cacertsFile, c(all(signedBy(other), in("cluster-a/"+cacertsFile, signedBy(other)))),
			and(signedByOther(""), signedByOther("cluster-a/"+cacertsFile)), "each cluster has its own"},
		{"topology: a root more", two, cacertsFile, c(data(root, appended(pemOf(other)))), found("deviates-from-topology"), ""},
		{"topology: a root less", "mixed/us-1", cacertsFile, c(data(root, firstBlock)), found("deviates-from-topology"), ""},
		{"topology: an intermediate of the same root", two, cacertsFile, c(all(data(cert, text(pemOf(another))), data(`  ca-key.pem: "`, text(another.KeyPEM())), data(`  cert-chain.pem: "`, text(pemOf(another, exampleRoot(t)))))), foundAt(cert, "deviates-from-topology"), ""},
		{"topology: the intermediate issued again", two, cacertsFile, c(reissued(t)), nil, "its key is the same"},
		{"topology: reader of another name", two, reader, c(everywhereIn("cluster-b/1-prepare", `"istio-remote-reader"`, `"my-reader"`)), foundAt("  name: \"my-reader\"\n  namespace: \"istio-system\"\n  labels", "deviates-from-topology"), ""},
		{"topology: reader in another namespace", two, reader, c(everywhereIn("cluster-b/1-prepare", `namespace: "istio-system"`, `namespace: "default"`)), foundAt("  name: \"istio-remote-reader\"\n  namespace: \"default\"\n  labels", "deviates-from-topology"), ""},
		{"topology: no manifests of a cluster", two, namespaceFile, c(withoutCluster), foundIn("topology.yaml", "    cluster-b:", "cluster-without-manifests"), ""},
		{"topology: manifests of an unknown cluster", "single-cluster/cluster-a", controlPlaneFile, c(all(everywhere(`clusterName: "cluster-a"`, `clusterName: "cluster-x"`), movedTo("cluster-x"))),
			and(foundIn("cluster-x/"+controlPlaneFile, operator, "not-in-topology"), foundIn("topology.yaml", "    cluster-a:", "cluster-without-manifests")), "the one is there that should not be, and the other is not"},
	}
}
