package rbac

import "meshtopo.dev/meshtopo/schema/diag"

const readerRole = "manifests/charts/istio-control/istio-discovery/templates/reader-clusterrole.yaml"

var (
	ReaderLacksRights = &diag.Rule{
		Code: "reader-lacks-rights", Severity: diag.Error, Symptom: true,
		Title:  "a reader account without a right that istiod needs",
		Why:    "the istiod that reads the cluster logs \"forbidden\", and the cluster stays in syncStatus timeout: its endpoints never appear",
		Fix:    "add the rule to the account's ClusterRole",
		Source: readerRole,
		Bad:    "kind: ClusterRole\nrules:\n- {apiGroups: [\"\"], resources: [pods, services, endpoints], verbs: [get, list, watch]}",
		Good: "kind: ClusterRole\nrules:\n- {apiGroups: [\"\"], resources: [namespaces, nodes, pods, services, secrets, configmaps], verbs: [get, list, watch]}\n" +
			"- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get, list, watch]}\n" +
			"- {apiGroups: [apiextensions.k8s.io], resources: [customresourcedefinitions], verbs: [get, list, watch]}\n" +
			"- {apiGroups: [networking.istio.io], resources: [workloadentries], verbs: [get, list, watch]}\n" +
			"- {apiGroups: [gateway.networking.k8s.io], resources: [gateways], verbs: [get, list, watch]}",
	}
	ReaderIsAdmin = &diag.Rule{
		Code: "reader-is-admin", Severity: diag.Warning,
		Title:  "a reader account that may do everything",
		Why:    "its token is in every cluster that reads this one: whoever gets it there has full control of this cluster",
		Fix:    "bind the account to a ClusterRole with what istiod needs, as istio-reader-clusterrole has it",
		Source: readerRole,
		Bad:    "kind: ClusterRoleBinding\nroleRef: {kind: ClusterRole, name: cluster-admin}",
		Good:   "kind: ClusterRoleBinding\nroleRef: {kind: ClusterRole, name: istio-remote-reader}",
	}
	ReaderInNamespace = &diag.Rule{
		Code: "reader-in-one-namespace", Severity: diag.Error, Symptom: true,
		Title:  "a reader account with rights in a namespace only",
		Why:    "istiod lists the whole cluster: \"forbidden at the cluster scope\", and the cluster's endpoints never appear",
		Fix:    "use a ClusterRole and a ClusterRoleBinding",
		Source: readerRole,
		Bad:    "kind: RoleBinding\nroleRef: {kind: Role, name: istio-remote-reader}",
		Good:   "kind: ClusterRoleBinding\nroleRef: {kind: ClusterRole, name: istio-remote-reader}",
	}
)
