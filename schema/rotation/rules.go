package rotation

import "meshtopo.dev/meshtopo/schema/diag"

const (
	rotateRoots   = "istiod security/pkg/pki/ca/ca.go; https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/"
	migrateDomain = "https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/; pilot/pkg/networking/plugin/authn/util.go"
)

// Rules gives every rule that CheckSteps reports.
func Rules() []*diag.Rule {
	return []*diag.Rule{rootNotTrusted, rootInUse, rootsReplaced, domainNotAccepted, domainInUse, ambientDomain}
}

var rootNotTrusted = &diag.Rule{
	Code: "root-not-trusted-yet", Severity: diag.Error,
	Title:  "a step that has clusters sign under a root which others do not trust yet",
	Why:    "clusters are never all applied in one moment: until the last one has the root, calls from and to the others end in CERTIFICATE_VERIFY_FAILED, and so do those of pods that have not been given it",
	Fix:    "write both roots in trust.roots with the intermediates of before; render and apply; then switch the intermediates",
	Source: rotateRoots,
}

var rootInUse = &diag.Rule{
	Code: "root-in-use", Severity: diag.Error,
	Title:  "a step that takes away a root under which clusters sign",
	Why:    "certificates of workloads live on for a day after their signer has gone: clusters that have lost its root refuse them, with CERTIFICATE_VERIFY_FAILED",
	Fix:    "keep the root in trust.roots; switch the intermediates, render, apply, and restart workloads and gateways; then take it out",
	Source: rotateRoots,
}

var rootsReplaced = &diag.Rule{
	Code: "roots-replaced", Severity: diag.Error,
	Title:  "a step in which a root comes and another one goes",
	Why:    `a running istiod takes more roots or fewer, not others: it logs "Updating new ROOT-CA not supported" and keeps those of before`,
	Fix:    "write all of them first, render and apply; then take out those that go",
	Source: rotateRoots,
}

var domainNotAccepted = &diag.Rule{
	Code: "trust-domain-not-accepted-yet", Severity: diag.Error,
	Title:  "a step that gives workloads a trust domain which others do not accept yet",
	Why:    "clusters and pods change one after the other: until the last one has, the others refuse identities of the new trust domain, with CERTIFICATE_VERIFY_FAILED",
	Fix:    "write the new trust domain in mesh.trustDomainAliases first, render and apply; then switch the two",
	Source: migrateDomain,
}

var ambientDomain = &diag.Rule{
	Code: "ambient-trust-domain", Severity: diag.Error,
	Title:  "a step to another trust domain, in a mesh with ztunnel",
	Why:    "ztunnel compares the whole identity, and knows no aliases: until all clusters and workloads have the new trust domain, calls between those that have and those that have not end in CERTIFICATE_VERIFY_FAILED",
	Fix:    "do it while calls may fail, in all clusters at once, with this rule lowered and the reason; or move the workloads to sidecars first",
	Source: "https://github.com/istio/istio/issues/61608; https://github.com/istio/istio/issues/58427",
}

var domainInUse = &diag.Rule{
	Code: "trust-domain-in-use", Severity: diag.Error,
	Title:  "a step that takes away a trust domain which workloads still have",
	Why:    "a workload keeps its identity until it is restarted: clusters that no longer accept its trust domain refuse it, with CERTIFICATE_VERIFY_FAILED",
	Fix:    "keep it in mesh.trustDomainAliases; render, apply, and restart workloads and gateways; then take it out",
	Source: migrateDomain,
}
