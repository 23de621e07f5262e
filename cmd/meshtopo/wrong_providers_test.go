package main

// wrongProviders has topologies whose trust says two things of where the CA comes from, or nothing.
func wrongProviders() []wrong {
	const files = "    intermediates: certs/{cluster}    # one signing CA a cluster\n"
	trust := func(settings string, more ...edit) []edit { return append([]edit{{files, settings}}, more...) }
	certManager := func(settings string, more ...edit) []edit {
		return trust("    provider: cert-manager\n    certManager: "+settings+"\n", more...)
	}
	spelt := func(provider string) []edit { return trust("    provider: " + provider + "\n" + files) }
	return []wrong{
		{codes: "unknown-value", name: "of the provider", edits: spelt("‹certmanager›")},
		{codes: "missing-field", name: "trust.certManager", edits: trust("    provider: cert-manager\n", edit{"  trust:", "  ‹trust›:"})},
		{codes: "missing-field", name: "trust.istioCSR", edits: trust("    provider: istio-csr\n", edit{"  trust:", "  ‹trust›:"})},
		{codes: "missing-field", name: "the issuer", edits: trust("    provider: cert-manager\n    ‹certManager›: {duration: 8760h}\n")},
		{codes: "missing-field", name: "the name of the issuer", edits: certManager("{‹issuer›: {}}")},
		{codes: "invalid-value", name: "the name of the issuer", edits: certManager("{issuer: {name: ‹Mesh_Root›}}")},
		{codes: "invalid-value", name: "the kind of the issuer", edits: certManager("{issuer: {name: ca, kind: ‹cluster-issuer›}}")},
		{codes: "invalid-value", name: "the group of the issuer", edits: certManager("{issuer: {name: ca, group: ‹cert-manager.io/v1›}}")},
		{codes: "invalid-value invalid-value", name: "how long the CA lasts", edits: certManager("{issuer: {name: ca}, duration: ‹1y›, renewBefore: ‹30d›}")},
		{codes: "unknown-value", name: "the algorithm of the key", edits: certManager("{issuer: {name: ca}, privateKey: {algorithm: ‹Ed25519›}}")},
		{codes: "wrong-type", name: "the size of the key", edits: certManager("{issuer: {name: ca}, privateKey: {size: ‹\"256\"›}}")},
		{codes: "invalid-value", name: "the size of the key", edits: certManager("{issuer: {name: ca}, privateKey: {size: ‹128›}}")},
		{codes: "missing-field", name: "the issuer of istio-csr", edits: trust("    provider: istio-csr\n    ‹istioCSR›: {address: \"csr.pki.svc:443\"}\n")},
		{codes: "invalid-value invalid-value invalid-value", name: "the issuer of istio-csr",
			edits: trust("    provider: istio-csr\n    istioCSR: {issuer: {name: ‹Mesh›, kind: ‹cluster-issuer›, group: ‹cert-manager.io/v1›}}\n")},
		{codes: "invalid-value", name: "the address of istio-csr", edits: trust("    provider: istio-csr\n    istioCSR: {issuer: {name: ca}, address: ‹\"https://csr.example.com\"›}\n")},
		{codes: "invalid-value invalid-value", name: "the chart of istio-csr", edits: trust("    provider: istio-csr\n    istioCSR: {issuer: {name: ca}, chart: {repository: ‹charts.example.com›, version: ‹latest›}}\n")},
		{codes: "other-trust-provider", name: "intermediates beside an issuer", edits: trust("    provider: cert-manager\n    certManager: {issuer: {name: ca}}\n    intermediates: ‹certs/{cluster}›\n")},
		{codes: "other-trust-provider", name: "an issuer beside files", edits: trust(files + "    ‹certManager›: {issuer: {name: ca}}\n")},
		{codes: "other-trust-provider", name: "an intermediate of one cluster", edits: trust("    provider: existing\n", edit{"      network: network1\n",
			"      network: network1\n      ‹intermediate›: {cert: certs/cluster-a/ca-cert.pem, chain: certs/cluster-a/cert-chain.pem, key: {file: certs/cluster-a/ca-key.pem}}\n"})},
		{codes: "issued-with-one-root", name: "two roots", edits: certManager("{issuer: {name: ca}}", edit{"[certs/root-cert.pem]", "[certs/root-cert.pem, ‹certs/next.pem›]"}),
			files: map[string]string{"certs/next.pem": pemOf(selfSigned("Next"))}},
		{codes: "issuer-kind", name: "of nobody", edits: certManager("{issuer: {name: ca, kind: ‹VaultIssuer›}}")},
		{codes: "issued-ca-lifetime", name: "renewed after its end", edits: certManager("{issuer: {name: ca}, duration: 720h, renewBefore: ‹720h›}")},
		{codes: "issued-key-size", name: "of RSA for ECDSA", edits: certManager("{issuer: {name: ca}, privateKey: {size: ‹4096›}}")},
		{codes: "owned-setting owned-setting", name: "istiod signs beside istio-csr", edits: trust("    provider: istio-csr\n    istioCSR: {issuer: {name: ca}}\n",
			edit{`version: "1.31.1"`, "version: \"1.31.1\"\n    values: {global: {caAddress: ‹\"istiod.istio-system.svc:15012\"›}, pilot: {env: {ENABLE_CA_SERVER: ‹\"true\"›}}}"})},
		{codes: "issued-key-size", name: "of an example", example: "cert-manager", edits: []edit{{"      renewBefore: 1440h\n", "      renewBefore: 1440h\n      privateKey: {algorithm: RSA, size: ‹1024›}\n"}}},
		{codes: "other-trust-provider", name: "intermediates beside istio-csr", example: "istio-csr", edits: []edit{{"    provider: istio-csr\n", "    provider: istio-csr\n    intermediates: ‹certs/{cluster}›\n"}}},
		{codes: "other-trust-provider", name: "an issuer beside what exists", example: "existing-ca", edits: []edit{{"{provider: existing}", "{provider: existing, ‹certManager›: {issuer: {name: ca}}}"}}},
		{codes: "patch-owned", name: "another Secret of cert-manager", edits: append(certManager("{issuer: {name: ca}}"), edit{`version: "1.31.1"`,
			"version: \"1.31.1\"\n    patches:\n    - target: {kind: Certificate}\n      patch: |-\n        ‹- {op: replace, path: /spec/secretName, value: istio-ca}›"})},
	}
}
