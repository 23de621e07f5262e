package main

const inTrust = "    intermediates: certs/{cluster}    # one signing CA a cluster\n"

// wrongFederations have other meshes that this one cannot accept.
func wrongFederations() []wrong {
	const partner = "{trustDomain: partner.example.com, roots: [certs/partner.pem]}"
	files := map[string]string{"certs/partner.pem": pemOf(selfSigned("Partner", permitting("partner.example.com")))}
	with := func(codes, name, field string, more ...edit) wrong {
		return wrong{codes: codes, name: name, files: files, edits: append([]edit{{inTrust, inTrust + "    " + field + "\n"}}, more...)}
	}
	return []wrong{
		{codes: "two-cacerts-forms", name: "of two CAs", edits: []edit{{"intermediates: certs/{cluster}", "intermediates: ‹certs/{cluster}›"}},
			files: map[string]string{"certs/cluster-a/tls.crt": pemOf(selfSigned("Another"))}},
		with("federated-trust-domain", "that of this mesh", "federatesWith: [{trustDomain: ‹cluster.local›, roots: [certs/partner.pem]}]"),
		with("federated-trust-domain", "twice", "federatesWith: ["+partner+", {trustDomain: ‹partner.example.com›, roots: [certs/partner.pem]}]"),
		with("federation-without-roots", "none", "federatesWith: [{trustDomain: partner.example.com, ‹roots›: []}]"),
		with("ambient-federation", "by a component", "‹federatesWith›: ["+partner+"]", edit{"  istio:\n", "  istio:\n    components: {ztunnel: {enabled: true}}\n"}),
		with("missing-file", "of another mesh", "federatesWith: [{trustDomain: partner.example.com, roots: [‹certs/partners.pem›]}]"),
		with("missing-field", "no trust domain", "federatesWith: [‹{›roots: [certs/partner.pem]}]"),
		with("wrong-type", "no list", "federatesWith: ‹certs/partner.pem›"),
		with("owned-setting", "and roots of the user's own", "federatesWith: ["+partner+"]",
			edit{"meshConfig: {", "meshConfig: {‹caCertificates›: [{pem: x}], "}),
	}
}

// doubtfulFederations may be meant.
func doubtfulFederations() []wrong {
	return []wrong{{
		codes: "unbound-federated-root", name: "of another mesh",
		edits: []edit{{inTrust, inTrust + "    federatesWith: [{trustDomain: partner.example.com, roots: [‹certs/partner.pem›]}]\n"}},
		files: map[string]string{"certs/partner.pem": pemOf(selfSigned("Partner"))},
	}}
}
