package patch

import "meshtopo.dev/meshtopo/schema/diag"

// kustomizeDocs is where kustomize says what an entry of patches is.
const kustomizeDocs = "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/"

// The rules of patches. Most are about what kustomize does silently.
var (
	patchSyntax = &diag.Rule{
		Code: "patch-syntax", Severity: diag.Error, Fixed: true,
		Title:  "a patch is not valid YAML or JSON",
		Why:    "nothing is changed by a text that cannot be read",
		Fix:    "mend the syntax here",
		Source: kustomizeDocs,
		Bad:    `istio: {patches: [{target: {kind: Namespace}, patch: "- op: add\n  path: [\n"}]}`,
		Good:   `istio: {patches: [{target: {kind: Namespace}, patch: "- op: add\n  path: /metadata/labels/team\n  value: mesh\n"}]}`,
	}
	patchForm = &diag.Rule{
		Code: "patch-form", Severity: diag.Error, Fixed: true,
		Title:  "a patch is neither a list of JSON 6902 operations nor a strategic merge patch",
		Why:    "kustomize takes one of the two, and would refuse this or leave a part of it out",
		Fix:    "write a list of operations with op, path and value, or one object with apiVersion, kind, metadata.name and what changes",
		Source: "https://www.rfc-editor.org/rfc/rfc6902",
		Bad:    `istio: {patches: [{target: {kind: Namespace}, patch: '[{op: add, path: /metadata/labels/team}]'}]}`,
		Good:   `istio: {patches: [{target: {kind: Namespace}, patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'}]}`,
	}
	patchTarget = &diag.Rule{
		Code: "patch-target", Severity: diag.Error, Fixed: true,
		Title:  "a patch without a target that can be read",
		Why:    "JSON 6902 operations do not say which object they are for, and a pattern that cannot be read fits nothing",
		Fix:    "give a target whose fields are regular expressions, or selectors as kubectl takes them",
		Source: kustomizeDocs,
		Bad:    `istio: {patches: [{target: {name: "("}, patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'}]}`,
		Good:   `istio: {patches: [{target: {name: "control-.*"}, patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'}]}`,
	}
	patchUnmatched = &diag.Rule{
		Code: "patch-unmatched", Severity: diag.Error,
		Title:  "a patch that fits no object",
		Why:    "kustomize ignores such a patch silently, and the mesh runs without the change",
		Fix:    "correct the target, or delete the patch",
		Source: kustomizeDocs,
		Bad:    `istio: {patches: [{target: {kind: Deployment}, patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'}]}`,
		Good:   `istio: {patches: [{target: {kind: IstioOperator}, patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'}]}`,
	}
	patchFailed = &diag.Rule{
		Code: "patch-failed", Severity: diag.Error, Fixed: true,
		Title:  "a patch that cannot be made on an object that it fits",
		Why:    "what it names is not there, or of another type; kustomize would stop here",
		Fix:    "compare the patch with the rendered object, or narrow its target",
		Source: "https://www.rfc-editor.org/rfc/rfc6902#section-5",
		Bad:    `istio: {patches: [{target: {kind: Namespace}, patch: '[{op: remove, path: /spec}]'}]}`,
		Good:   `istio: {patches: [{target: {kind: Namespace}, patch: '[{op: add, path: /spec, value: {}}]'}]}`,
	}
	patchLosesItems = &diag.Rule{
		Code: "patch-loses-items", Severity: diag.Error,
		Title:  "a strategic merge patch that replaces a list and so loses what was in it",
		Why:    "kustomize merges some lists of the kinds that Kubernetes itself has; in an IstioOperator or a Gateway a list takes the place of the old one, silently: a gateway loses its labels, ports or environment",
		Fix:    "write the change as JSON 6902 operations, which can name one item, or write everything that is to stay",
		Source: "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/openapi/",
		Bad: `istio: {patches: [{patch: "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: eastwest, namespace: istio-system}\n` +
			`spec: {components: {ingressGateways: [{name: istio-eastwestgateway, k8s: {replicaCount: 2}}]}}"}]}`,
		Good: `istio: {patches: [{target: {name: eastwest}, patch: "- {op: add, path: /spec/components/ingressGateways/0/k8s/replicaCount, value: 2}"}]}`,
	}
	patchIdentity = &diag.Rule{
		Code: "patch-identity", Severity: diag.Error, Fixed: true,
		Title: "a patch that renames, moves or deletes an object",
		Why:   "other objects, the commands of the README and what runs in the cluster go by kind, namespace and name; the old object would stay there beside the new one",
		Fix:   "leave apiVersion, kind, name and namespace as they are; what should not be rendered is said in the topology",
		Bad:   `istio: {patches: [{target: {kind: Gateway}, patch: '[{op: replace, path: /metadata/name, value: mine}]'}]}`,
		Good:  `istio: {patches: [{target: {kind: Gateway}, patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'}]}`,
	}
	patchOwned = &diag.Rule{
		Code: "patch-owned", Severity: diag.Error, Fixed: true,
		Title: "a patch that changes what follows from the topology",
		Why:   "other clusters are given what goes with it: with another value in one of them, a cluster is read, routed to or trusted wrongly",
		Fix:   "leave it to the topology, and change it there",
		Bad:   `istio: {patches: [{target: {name: control-plane}, patch: '[{op: replace, path: /spec/values/global/network, value: other}]'}]}`,
		Good:  `istio: {patches: [{target: {name: control-plane}, patch: '[{op: add, path: /spec/values/global/logAsJson, value: true}]'}]}`,
	}
	patchPrivate = &diag.Rule{
		Code: "patch-private", Severity: diag.Error, Fixed: true,
		Title: "a patch that reads or writes the private data of a Secret",
		Why:   "keys and tokens come from where the topology says that they are, and stay in the Secret's data: elsewhere nothing protects them, and a patch is for everybody to read",
		Fix:   "name another file or variable in the topology, or patch something else of the Secret",
		Bad:   `istio: {patches: [{target: {name: cacerts}, patch: '[{op: copy, from: /data/ca-key.pem, path: /metadata/annotations}]'}]}`,
		Good:  `istio: {patches: [{target: {name: cacerts}, patch: '[{op: add, path: /metadata/annotations, value: {team: mesh}}]'}]}`,
	}
)

// Rules lists the rules of patches.
func Rules() []*diag.Rule {
	return []*diag.Rule{
		patchSyntax, patchForm, patchTarget, patchUnmatched, patchFailed, patchLosesItems, patchIdentity, patchOwned, patchPrivate,
	}
}
