package main

// mutatedProviders are mistakes in trees whose CA is in no file.
func mutatedProviders() []manifestMutation {
	const (
		issued, csr, existing = "cert-manager/cluster-b", "istio-csr/cluster-b", "existing-ca/cluster-b"
		operator              = "cluster-b/" + controlPlaneFile
	)
	c := compared
	return []manifestMutation{
		{"issued: no Certificate", issued, cacertsFile, deleted, foundIn(operator, "kind: IstioOperator", "no-cacerts"), ""},
		{"issued: Certificate of another Secret", issued, cacertsFile, turn("secretName: cacerts", "secretName: istio-ca"), foundIn(operator, "kind: IstioOperator", "no-cacerts"), ""},
		{"issued: Certificate in another namespace", issued, cacertsFile, turn(`namespace: "istio-system"`, "namespace: cert-manager"), found("secret-namespace"), ""},
		{"issued, topology: no Certificate", issued, cacertsFile, c(deleted), foundIn(operator, "kind: IstioOperator", "no-cacerts"), ""},
		{"istio-csr: another network", csr, controlPlaneFile, c(turn(`network: "network2"`, `network: "network1"`)), found("network-mismatch"), ""},
		{"existing: another network", existing, controlPlaneFile, c(turn(`network: "network2"`, `network: "network1"`)), found("network-mismatch"), ""},
	}
}
