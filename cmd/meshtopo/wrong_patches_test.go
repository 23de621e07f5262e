package main

import "strings"

// wrongPatches has topologies with patches that are wrong, or that do what a topology must not let them do.
func wrongPatches() []wrong {
	const (
		remotes = "primary-remote-multi-network"
		version = `version: "1.31.1"`
		label   = "'[{op: add, path: /metadata/labels/team, value: mesh}]'"
		gateway = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: eastwest}\n"
	)
	// The gateway as it is rendered, and behind it another one of the name.
	const (
		twin          = "\n    ‹- name: istio-eastwestgateway›\n      enabled: false"
		secondGateway = `spec:
  components:
    ingressGateways:
    - name: istio-eastwestgateway
      enabled: true
      label:
        app: istio-eastwestgateway
        istio: eastwestgateway
        topology.istio.io/network: network2
      k8s:
        env:
        - name: ISTIO_META_REQUESTED_NETWORK_VIEW
          value: network2
        service:
          type: LoadBalancer
          ports:
          - name: status-port
            port: 15021
            targetPort: 15021
          - name: tls
            port: 15443
            targetPort: 15443
          - name: tls-istiod
            port: 15012
            targetPort: 15012
          - name: tls-webhook
            port: 15017
            targetPort: 15017` + twin
	)
	mesh := func(entry string) []edit {
		return []edit{{version, version + "\n    patches:\n    - " + strings.ReplaceAll(entry, "\n", "\n      ")}}
	}
	one := func(entry string) []edit {
		return []edit{{"network: network2", "network: network2\n      istio:\n        patches:\n        - " + strings.ReplaceAll(entry, "\n", "\n          ")}}
	}
	block := func(target, text string) string {
		return "target: {" + target + "}\npatch: |-\n  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ")
	}
	ops := func(target, ops string) []edit { return mesh(block(target, ops)) }
	served := func(target, ops string) []edit { // of the primary with remotes
		entry := strings.ReplaceAll(block(target, ops), "\n", "\n      ")
		return []edit{{`{version: "1.28.3"}`, "\n    version: \"1.28.3\"\n    patches:\n    - " + entry}}
	}
	file := func(text string) []wrong {
		return []wrong{{edits: mesh("target: {kind: Namespace}\npath: patches/team.yaml"), files: map[string]string{"patches/team.yaml": text}}}
	}
	inFile := func(codes, name, text string) wrong {
		w := file(text)[0]
		w.codes, w.name = codes, name
		return w
	}
	all := []wrong{
		{codes: "patch-unmatched", name: "a gateway, misspelt", example: "patches", edits: []edit{{"    - target: {kind: IstioOperator, name: eastwest}", "    - target: {kind: IstioOperator, name: ‹eastwset›}"}}},
		{codes: "wrong-type", name: "patches as a map", edits: []edit{{version, version + "\n    ‹patches›: {}"}}},
		{codes: "wrong-type", name: "patches of a cluster as a text", edits: []edit{{"network: network2", "network: network2\n      istio: {patches: ‹none›}"}}},
		{codes: "unknown-field", name: "options of kustomize", edits: mesh("target: {kind: Namespace}\npatch: " + label + "\n‹options›: {allowNameChange: true}")},
		{codes: "wrong-type", name: "a patch that is no text", edits: mesh("target: {kind: Namespace}\n‹patch›: [{op: add, path: /a, value: b}]")},
		{codes: "wrong-type", name: "a target that is a text", edits: mesh("target: ‹Namespace›\npatch: " + label)},
		{codes: "patch-source", name: "no change", edits: mesh("‹t›arget: {kind: Namespace}")},
		{codes: "patch-source", name: "two changes", edits: one("patch: " + label + "\ntarget: {kind: Namespace}\npath: ‹certs/root-cert.pem›")},
		{codes: "missing-file", name: "of a patch", edits: mesh("target: {kind: Namespace}\npath: ‹patches/none.yaml›")},
		{codes: "missing-file", name: "of a cluster's patch", edits: one("target: {kind: Namespace}\npath: ‹patches/none.yaml›")},
		{codes: "unreadable-file", name: "a directory for a patch", edits: mesh("target: {kind: Namespace}\npath: ‹certs›")},

		{codes: "patch-syntax", name: "in a block", edits: ops("kind: Namespace", "- op: add\n  path: /metadata/labels/team\n  ‹value: [›")},
		{codes: "patch-syntax", name: "in a quoted text", edits: mesh(`target: {kind: Namespace}` + "\n" + `patch: ‹"›- op: [\n"`)},
		{codes: "patch-syntax", name: "in a folded text", edits: mesh("target: {kind: Namespace}\npatch: ‹>›-\n  - {op: add,\n  path: [")},
		inFile("patch-syntax", "in a file", "- op: add\n  path: /metadata/labels/team\n  ‹value: [›\n"),

		{codes: "patch-form", name: "a word", edits: ops("kind: Namespace", "‹team›")},
		{codes: "patch-form", name: "a number for a key", edits: ops("kind: Namespace", "- op: add\n  path: /metadata/annotations\n  ‹value: {8080: mesh}›")},
		{codes: "patch-form", name: "an empty list", edits: ops("kind: Namespace", "‹[]›")},
		{codes: "patch-form", name: "no such operation", edits: ops("kind: Namespace", "- op: add\n  path: /metadata/labels/team\n  value: mesh\n‹- op: delete›\n  path: /metadata/labels/team")},
		{codes: "patch-form", name: "no value", edits: ops("kind: Namespace", "‹- op: add›\n  path: /metadata/labels/team")},
		{codes: "patch-form", name: "a misspelt value", edits: ops("kind: Namespace", "- op: add\n  path: /metadata/labels/team\n  ‹vlaue: mesh›")},
		{codes: "patch-form", name: "a path with dots", edits: ops("kind: Namespace", "‹- op: add›\n  path: metadata.labels.team\n  value: mesh")},
		{codes: "patch-form", name: "the object as a whole", edits: ops("kind: Namespace", `‹- {op: replace, path: "", value: {}}›`)},
		{codes: "patch-form", name: "an operation that is no item", edits: ops("kind: Namespace", "‹op: add›\npath: /metadata/labels/team\nvalue: mesh")},
		{codes: "patch-form", name: "an object among operations", edits: ops("kind: Namespace", "- op: add\n  path: /metadata/labels/team\n  value: mesh\n‹- kind: Namespace›\n  metadata: {name: istio-system}")},
		{codes: "patch-form", name: "a merge without a name", edits: ops("kind: Namespace", "‹apiVersion: v1›\nkind: Namespace\nmetadata: {labels: {team: mesh}}")},
		{codes: "patch-form", name: "a merge without a kind", edits: ops("kind: Namespace", "‹metadata: {name: a, labels: {team: mesh}}›")},
		{codes: "patch-form", name: "several documents", edits: ops("kind: Namespace", "kind: Namespace\nmetadata: {name: a}\n‹---›\nkind: Namespace\nmetadata: {name: b}")},
		{codes: "patch-form", name: "an anchor", edits: ops("kind: Namespace", "kind: Namespace\nmetadata:\n  name: a\n  ‹labels: &l {team: mesh}›\n  annotations: *l")},
		{codes: "patch-form", name: "a value that readers disagree about", edits: ops("kind: Namespace", "- op: add\n  path: /metadata/labels/team\n  ‹value: on›")},
		{codes: "patch-form", name: "a key twice", edits: ops("kind: Namespace", "- op: add\n  path: /metadata/labels/team\n  value: mesh\n  ‹value: shop›")},

		{codes: "patch-target", name: "operations without one", edits: mesh("patch: |-\n  ‹- {op: add, path: /metadata/labels/team, value: mesh}›")},
		{codes: "patch-target", name: "operations without one, in quotes", edits: one("patch: ‹" + label + "›")},

		{codes: "patch-unmatched", name: "a name that nothing has", edits: ops("kind: IstioOperator, name: ‹eastwset›", "- {op: add, path: /metadata/labels/team, value: mesh}")},
		{codes: "patch-unmatched", name: "a part of a name", edits: ops("kind: IstioOperator, name: ‹control›", "- {op: add, path: /metadata/labels/team, value: mesh}")},
		{codes: "patch-unmatched", name: "a label that nothing has", edits: mesh("‹target›: {labelSelector: team=mesh}\npatch: " + label)},
		{codes: "patch-unmatched", name: "in this cluster", edits: one("target: {kind: Secret, name: ‹istio-remote-secret-cluster-b›}\npatch: " + label)},
		{codes: "patch-unmatched", name: "a kustomization", edits: mesh("target: {kind: ‹Kustomization›}\npatch: " + label)},
		{codes: "patch-unmatched", name: "a merge without a namespace", edits: mesh("patch: ‹|›-\n  " + strings.ReplaceAll(gateway+"spec: {hub: a}", "\n", "\n  "))},

		{codes: "patch-failed", name: "nothing to remove", edits: ops("kind: Namespace", "- {op: add, path: /metadata/labels/team, value: mesh}\n‹- op: remove›\n  path: /metadata/labels/nothing")},
		{codes: "patch-failed", name: "nothing to add to", edits: ops("kind: Namespace", "‹- {op: add, path: /metadata/annotations/team, value: mesh}›")},
		{codes: "patch-failed", name: "no such item", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/env/7, value: {name: A, value: b}}›")},
		{codes: "patch-failed", name: "a test", edits: ops("name: control-plane", "‹- {op: test, path: /spec/profile, value: demo}›\n- {op: add, path: /metadata/labels/team, value: mesh}")},
		{codes: "patch-failed", name: "nothing to copy", edits: ops("name: control-plane", "‹- {op: copy, from: /spec/nothing, path: /spec/values/something}›")},
		{codes: "patch-failed", name: "a list merged into a map", edits: ops("name: control-plane", "kind: IstioOperator\nmetadata: {name: a}\nspec:\n  ‹values: [a]›")},
		inFile("patch-failed", "in a file", "- {op: add, path: /metadata/labels/team, value: mesh}\n‹- op: remove›\n  path: /metadata/labels/nothing\n"),

		{codes: "patch-loses-items", name: "the gateway", edits: ops("name: eastwest", gateway+"spec:\n  components:\n    ‹ingressGateways:›\n    - name: istio-eastwestgateway\n      k8s: {replicaCount: 2}")},
		{codes: "patch-loses-items", name: "the gateway for another", edits: ops("name: eastwest", gateway+"spec:\n  components:\n    ‹ingressGateways:›\n    - name: mine\n      enabled: true")},
		{codes: "patch-loses-items", name: "servers of a Gateway", edits: ops("kind: Gateway", "kind: Gateway\nmetadata: {name: a}\nspec:\n  ‹servers:›\n  - port: {number: 443, name: https, protocol: HTTPS}\n    hosts: [a.example.com]")},

		{codes: "patch-identity", name: "a name", edits: ops("kind: Gateway", "‹- {op: replace, path: /metadata/name, value: mine}›")},
		{codes: "patch-identity", name: "a namespace", edits: ops("kind: Gateway", "- {op: add, path: /metadata/labels/team, value: mesh}\n‹- {op: replace, path: /metadata/namespace, value: mine}›")},
		{codes: "patch-identity", name: "a kind", edits: ops("kind: Gateway", "‹- {op: replace, path: /kind, value: Sidecar}›")},
		{codes: "patch-identity", name: "a version", edits: ops("kind: Gateway", "‹- {op: replace, path: /apiVersion, value: networking.istio.io/v1beta1}›")},
		{codes: "patch-identity", name: "deleted", edits: ops("kind: Gateway", "kind: Gateway\nmetadata: {name: a}\n‹$patch: delete›")},

		{codes: "patch-owned", name: "the network", edits: ops("name: control-plane", "‹- {op: replace, path: /spec/values/global/network, value: other}›")},
		{codes: "patch-owned", name: "the network by a merge", edits: ops("name: control-plane", "kind: IstioOperator\nmetadata: {name: a}\nspec:\n  values:\n    global:\n      ‹network: other›")},
		{codes: "patch-owned", name: "the mesh ID", edits: ops("name: control-plane", "- {op: add, path: /metadata/labels/team, value: mesh}\n‹- {op: remove, path: /spec/values/global/meshID}›")},
		{codes: "patch-owned", name: "the trust domain", edits: ops("name: control-plane", "‹- {op: replace, path: /spec/meshConfig/trustDomain, value: example.com}›")},
		{codes: "patch-owned", name: "the trust domain, spelt otherwise", edits: ops("name: control-plane", "‹- {op: add, path: /spec/meshConfig/trust_domain, value: example.com}›")},
		{codes: "patch-owned", name: "the trust domain among values", edits: ops("name: control-plane", "‹- {op: add, path: /spec/values/meshConfig, value: {trustDomain: example.com}}›")},
		{codes: "patch-owned", name: "the cluster's name", edits: one(block("name: control-plane", "‹- {op: replace, path: /spec/values/global/multiCluster/clusterName, value: other}›"))},
		{codes: "patch-owned", name: "the profile", edits: ops("kind: IstioOperator", "‹- {op: replace, path: /spec/profile, value: demo}›")},
		{codes: "patch-owned", name: "a revision", edits: ops("name: control-plane", "‹- {op: add, path: /spec/revision, value: canary}›")},
		{codes: "patch-owned", name: "the view of the gateway", edits: ops("name: eastwest", "‹- {op: remove, path: /spec/components/ingressGateways/0/k8s/env}›")},
		{codes: "patch-owned", name: "a second view of the gateway", edits: ops("name: eastwest", "- {op: add, path: /metadata/labels/team, value: mesh}\n‹- {op: add, path: /spec/components/ingressGateways/0/k8s/env/-, value: {name: ISTIO_META_REQUESTED_NETWORK_VIEW, value: evil}}›")},
		{codes: "patch-owned", name: "a second port of a name", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/service/ports/-, value: {name: tls, port: 15444, targetPort: 1}}›")},
		{codes: "patch-owned", name: "a second port of a number", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/service/ports/0, value: {name: mine, port: 15443, targetPort: 1}}›")},
		{codes: "patch-owned", name: "a second gateway of the name", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/-, value: {name: istio-eastwestgateway, enabled: false}}›")},
		{codes: "patch-owned", name: "a second gateway before it", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0, value: {name: istio-eastwestgateway, enabled: false}}›")},
		{codes: "patch-owned", name: "a port of the gateway", edits: ops("name: eastwest", "‹- {op: remove, path: /spec/components/ingressGateways/0/k8s/service/ports/1}›")},
		{codes: "patch-owned", name: "the gateway's name", edits: ops("name: eastwest", "‹- {op: replace, path: /spec/components/ingressGateways/0/name, value: mine}›")},
		{codes: "patch-owned", name: "what the Gateway selects", edits: ops("kind: Gateway", "‹- {op: replace, path: /spec/selector/istio, value: ingressgateway}›")},
		{codes: "patch-owned", name: "the port of the Gateway", edits: ops("kind: Gateway", "‹- {op: replace, path: /spec/servers/0/port/number, value: 443}›")},
		{codes: "patch-owned", name: "the label of a namespace", edits: ops("kind: Namespace", "‹- {op: replace, path: /metadata/labels/topology.istio.io~1network, value: other}›")},
		{codes: "patch-owned", name: "the owner", edits: ops("kind: Namespace", "‹- {op: remove, path: /metadata/labels/meshtopo.dev~1topology}›")},
		{codes: "patch-owned", name: "a label of a Secret", edits: ops("name: istio-remote-secret-.*", "‹- {op: remove, path: /metadata/labels/istio~1multiCluster}›")},
		{codes: "patch-owned", name: "a label for a Secret", edits: ops("name: cacerts", `‹- {op: add, path: /metadata/labels/istio~1multiCluster, value: "true"}›`)},
		{codes: "patch-owned", name: "a permission", edits: ops("kind: ClusterRole", "‹- {op: remove, path: /rules/1}›")},
		{codes: "patch-owned", name: "out of the kustomization", edits: ops("kind: Gateway", `‹- {op: add, path: /metadata/annotations, value: {config.kubernetes.io/local-config: "true"}}›`)},
		{codes: "patch-owned", name: "a revision of a Gateway", edits: ops("kind: Gateway", "‹- {op: add, path: /metadata/labels/istio.io~1rev, value: canary}›")},
		{codes: "patch-owned", name: "another gateway of our name", edits: ops("name: control-plane", "‹- {op: add, path: /spec/components, value: {ingressGateways: [{name: istio-eastwestgateway, enabled: true}]}}›")},

		{codes: "patch-owned", name: "values that are not validated", edits: ops("name: control-plane", "‹- {op: add, path: /spec/unvalidatedValues, value: {global: {network: other}}}›")},
		{codes: "patch-owned", name: "mesh ID that is not validated", edits: ops("name: control-plane", "kind: IstioOperator\nmetadata: {name: a}\nspec:\n  unvalidatedValues:\n    global:\n      ‹meshID: other›")},
		{codes: "patch-owned", name: "cluster's name that is not validated", edits: ops("name: control-plane", "‹- {op: add, path: /spec/unvalidatedValues, value: {global: {multiCluster: {clusterName: other}}}}›")},
		{codes: "patch-owned", name: "trust domain that is not validated", edits: ops("name: control-plane", "‹- {op: add, path: /spec/unvalidatedValues, value: {meshConfig: {trustDomain: example.com}}}›")},
		{codes: "patch-owned", name: "network below pilot", edits: ops("name: control-plane", "‹- {op: add, path: /spec/unvalidatedValues, value: {pilot: {global: {network: other}}}}›")},
		{codes: "patch-owned", name: "environment beside pilot", edits: ops("name: control-plane", "‹- {op: add, path: /spec/unvalidatedValues, value: {env: {CLUSTER_ID: other}}}›")},
		{codes: "patch-owned", name: "the trust domain of injection", edits: ops("name: control-plane", "‹- {op: add, path: /spec/values/global/trustDomain, value: example.com}›")},
		{codes: "patch-owned", name: "the mesh ID of the mesh config", edits: ops("name: control-plane", "kind: IstioOperator\nmetadata: {name: a}\nspec:\n  meshConfig:\n    defaultConfig:\n      ‹meshId: other›")},
		{codes: "patch-owned", name: "the mesh ID of the values' mesh config", edits: ops("name: control-plane", "‹- {op: add, path: /spec/values/meshConfig, value: {default_config: {mesh_id: other}}}›")},
		{codes: "patch-owned", name: "the cluster's name of istiod", edits: ops("name: control-plane", "‹- {op: add, path: /spec/values/pilot, value: {env: {CLUSTER_ID: other}}}›")},
		{codes: "patch-owned", name: "the revision of istiod", edits: ops("name: control-plane", "‹- {op: add, path: /spec/components, value: {pilot: {k8s: {env: [{name: REVISION, value: canary}]}}}}›")},
		{codes: "patch-owned", name: "the namespace of istiod", edits: ops("name: control-plane", "‹- {op: add, path: /spec/components, value: {pilot: {namespace: other}}}›")},
		{codes: "patch-owned", name: "the profile for all charts", edits: ops("name: control-plane", "‹- {op: add, path: /spec/values/global/profile, value: demo}›")},
		{codes: "patch-owned", name: "other charts", edits: ops("name: control-plane", "‹- {op: add, path: /spec/installPackagePath, value: charts}›")},
		{codes: "patch-owned", name: "the network of every proxy", edits: ops("name: control-plane", "kind: IstioOperator\nmetadata: {name: a}\nspec:\n  meshConfig:\n    defaultConfig:\n      proxyMetadata:\n        ‹ISTIO_META_NETWORK: other›")},
		{codes: "patch-owned", name: "the cluster of every proxy", edits: ops("name: control-plane", "‹- op: add›\n  path: /spec/meshConfig/defaultConfig/proxyMetadata/ISTIO_META_CLUSTER_ID\n  value: other")},
		{codes: "patch-owned", name: "the view of every proxy", edits: one(block("name: control-plane", "‹- op: add›\n  path: /spec/meshConfig/defaultConfig/proxyMetadata/ISTIO_META_REQUESTED_NETWORK_VIEW\n  value: network2"))},
		{codes: "patch-owned", name: "the network of another gateway", edits: ops("name: control-plane", "- {op: add, path: /spec/components, value: {ingressGateways: [{name: shop, enabled: true}]}}\n‹- {op: add, path: /spec/components/ingressGateways/0/k8s, value: {env: [{name: ISTIO_META_NETWORK, value: other}]}}›")},
		{codes: "patch-owned", name: "the trust domain of a gateway's chart", edits: ops("name: control-plane", "‹- {op: add, path: /spec/values/gateways, value: {istio-ingressgateway: {env: {TRUST_DOMAIN: example.com}}}}›")},
		{codes: "patch-owned", name: "an overlay of istiod's environment", edits: ops("name: control-plane", "‹- {op: add, path: /spec/components, value: {pilot: {k8s: {overlays: [{kind: Deployment, name: istiod, patches: [{path: 'spec.template.spec.containers.[name:discovery].env.[name:CLUSTER_ID].value', value: other}]}]}}}}›")},
		{codes: "patch-owned", name: "an overlay of the mesh config", edits: ops("name: control-plane", "kind: IstioOperator\nmetadata: {name: a}\nspec:\n  components:\n    pilot:\n      k8s:\n        overlays:\n        - kind: HorizontalPodAutoscaler\n          name: istiod\n          patches: [{path: spec.maxReplicas, value: 9}]\n        ‹- kind: ConfigMap›\n          name: istio\n          patches: [{path: data.mesh, value: none}]")},
		{codes: "patch-owned", name: "an overlay of the gateway's environment", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/overlays, value: [{kind: Deployment, name: istio-eastwestgateway, patches: [{path: 'spec.template.spec.containers.[name:istio-proxy].env', value: {name: ISTIO_META_NETWORK, value: other}}]}]}›")},
		{codes: "patch-owned", name: "an overlay of the gateway's ports", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/overlays, value: [{kind: Service, name: istio-eastwestgateway, patches: [{path: 'spec.ports.[name:tls].port', value: 443}]}]}›")},
		{codes: "patch-owned", name: "an overlay of the gateway's labels", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/overlays, value: [{kind: Service, name: istio-eastwestgateway, patches: [{path: 'metadata.labels.topology\\.istio\\.io/network', value: other}]}]}›")},
		{codes: "patch-owned", name: "the network of the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/env/-, value: {name: ISTIO_META_NETWORK, value: other}}›")},
		{codes: "patch-owned", name: "the cluster of the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/env/0, value: {name: ISTIO_META_CLUSTER_ID, value: other}}›")},
		{codes: "patch-owned", name: "the mesh ID of the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/env/-, value: {name: ISTIO_META_MESH_ID, valueFrom: {fieldRef: {fieldPath: metadata.name}}}}›")},
		{codes: "patch-owned", name: "the trust domain of the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/env/-, value: {name: TRUST_DOMAIN, value: example.com}}›")},
		{codes: "patch-owned", name: "a mesh ID beside the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/values/global/meshID, value: other}›")},
		{codes: "patch-owned", name: "a cluster's name beside the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/values/global/multiCluster, value: {clusterName: other}}›")},
		{codes: "patch-owned", name: "a revision beside the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/values/revision, value: canary}›")},
		{codes: "patch-owned", name: "a trust domain beside the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/meshConfig, value: {trustDomain: example.com}}›")},
		{codes: "patch-owned", name: "istiod beside the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/pilot, value: {enabled: true}}›")},
		{codes: "patch-owned", name: "an egress gateway of the name", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/egressGateways, value: [{name: istio-eastwestgateway, enabled: true}]}›")},
		{codes: "patch-owned", name: "no Service of the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/values/gateways/istio-ingressgateway/customService, value: true}›")},
		{codes: "patch-owned", name: "the gateway's Service to other pods", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/service/selector, value: {app: other}}›")},
		{codes: "patch-owned", name: "the type of the gateway's Service", edits: ops("name: eastwest", "‹- {op: replace, path: /spec/components/ingressGateways/0/k8s/service/type, value: ClusterIP}›")},
		{codes: "patch-owned", name: "a revision of the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/label/istio.io~1rev, value: canary}›")},
		{codes: "patch-owned", name: "a gateway that is not injected", edits: ops("name: eastwest", `‹- {op: add, path: /spec/components/ingressGateways/0/label/sidecar.istio.io~1inject, value: "false"}›`)},
		{codes: "patch-owned", name: "another template of the gateway", edits: ops("name: eastwest", "‹- {op: add, path: /spec/components/ingressGateways/0/k8s/podAnnotations, value: {inject.istio.io/templates: sidecar}}›")},
		{codes: "patch-owned", name: "a proxy config of the gateway", edits: ops("name: eastwest", "‹- op: add›\n  path: /spec/components/ingressGateways/0/k8s/podAnnotations\n  value: {proxy.istio.io/config: 'proxyMetadata: {ISTIO_META_NETWORK: other}'}")},
		{codes: "patch-owned", name: "a proxy config by a merge", edits: ops("name: eastwest", gateway+"spec:\n  values:\n    gateways:\n      istio-ingressgateway:\n        podAnnotations:\n          ‹proxy.istio.io/config: 'meshId: other'›")},
		{codes: "patch-owned", name: "istiod's environment from elsewhere", edits: ops("name: control-plane", "‹- {op: add, path: /spec/values/pilot, value: {envVarFrom: [{name: CLUSTER_ID, value: other}]}}›")},
		{codes: "patch-owned", name: "istiod's arguments", edits: ops("name: control-plane", "‹- {op: add, path: /spec/unvalidatedValues, value: {pilot: {extraContainerArgs: [--log_as_json, --domain, example.com]}}}›")},
		{codes: "patch-owned", name: "another template by the chart's values", edits: ops("name: eastwest", "‹- {op: add, path: /spec/values/gateways/istio-ingressgateway/podAnnotations, value: {inject.istio.io/templates: sidecar}}›")},
		{codes: "patch-owned", name: "a second server of a port", edits: ops("name: cross-network-gateway", `‹- {op: add, path: /spec/servers/-, value: {port: {number: 15443, name: mine, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["*.example.com"]}}›`)},
		{codes: "patch-owned", name: "a second server of a port's name", edits: ops("name: cross-network-gateway", `‹- {op: add, path: /spec/servers/0, value: {port: {number: 15444, name: tls, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["*.example.com"]}}›`)},
		{codes: "patch-owned", name: "a server of a port of istiod", example: remotes, edits: served("name: cross-network-gateway", `‹- {op: add, path: /spec/servers/-, value: {port: {number: 15012, name: mine, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["*.example.com"]}}›`)},
		{codes: "patch-owned", name: "a second server of istiod's port", example: remotes, edits: served("name: istiod-gateway", `‹- {op: add, path: /spec/servers/0, value: {port: {number: 15017, name: mine, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["*.example.com"]}}›`)},
		{codes: "patch-owned", name: "a route ahead of istiod's", example: remotes, edits: served("kind: VirtualService", `‹- {op: add, path: /spec/tls/0, value: {match: [{port: 15012, sniHosts: ["*.example.com"]}], route: [{destination: {host: mine}}]}}›`)},
		{codes: "patch-owned", name: "a route for any port between istiod's", example: remotes, edits: served("kind: VirtualService", `‹- {op: add, path: /spec/tls/1, value: {match: [{sniHosts: ["*"]}], route: [{destination: {host: mine}}]}}›`)},
		{codes: "patch-owned", name: "a second gateway by a merge", edits: one(block("name: eastwest", gateway+secondGateway))},
		{codes: "patch-owned", name: "a second port by a merge", edits: one(block("name: eastwest", strings.Replace(strings.TrimSuffix(gateway+secondGateway, twin), "          - name: tls-istiod", "          ‹- name: tls›\n            port: 15444\n            targetPort: 15444\n          - name: tls-istiod", 1)))},
		{codes: "patch-owned", name: "a second server by a merge", edits: ops("name: cross-network-gateway", "kind: Gateway\nmetadata: {name: a}\nspec:\n  servers:\n  - port: {number: 15443, name: tls, protocol: TLS}\n    tls: {mode: AUTO_PASSTHROUGH}\n    hosts: [\"*.local\"]\n  ‹- port: {number: 15443, name: mine, protocol: TLS}›\n    tls: {mode: PASSTHROUGH}\n    hosts: [\"*.example.com\"]")},

		{codes: "patch-private", name: "a key", edits: ops("name: cacerts", "‹- {op: replace, path: /data/ca-key.pem, value: aHVudGVyMg==}›")},
		{codes: "patch-private", name: "a copy of a key", edits: ops("name: cacerts", "‹- {op: copy, from: /data/ca-key.pem, path: /metadata/labels/key}›")},
		{codes: "patch-private", name: "a merge", edits: ops("name: cacerts", "kind: Secret\nmetadata: {name: a}\n‹stringData: {ca-key.pem: hunter2}›")},
	}
	inCUE := func(codes, name, quotes, text string) wrong {
		const target = "\tistio: patches: [{\n\t\ttarget: name: \"control-plane\"\n\t\tpatch: "
		text = strings.ReplaceAll(text, "\n", "\n\t\t\t")
		return wrong{codes: codes, name: name, example: "two-clusters-cue", file: "clusters.cue", args: []string{"."},
			edits: []edit{{"spec: {\n", "spec: {\n" + target + strings.Replace(quotes, "%", text, 1) + "\n\t}]\n"}}}
	}
	const (
		lines = "\"\"\"\n\t\t\t%\n\t\t\t\"\"\""
		raw   = "#\"\"\"\n\t\t\t%\n\t\t\t\"\"\"#"
	)
	all = append(all,
		inCUE("patch-owned", "in a string of several lines", lines, "- {op: add, path: /metadata/labels/team, value: mesh}\n\n‹- op: replace›\n  path: /spec/profile\n  value: demo"),
		inCUE("patch-owned", "in a merge in a string of several lines", lines, "kind: IstioOperator\nmetadata: {name: a}\nspec:\n  values:\n    global:\n      ‹network: other›"),
		inCUE("patch-failed", "in a raw string of several lines", raw, "- {op: add, path: /metadata/labels/team, value: 'a\\#\\b'}\n‹- {op: remove, path: /spec/nothing}›"),
		inCUE("patch-syntax", "in a string of several lines", lines, "- op: add\n  path: /metadata/labels/team\n  ‹value: [›"),
		inCUE("patch-failed", "in a string with an escaped line", "‹\"›\"\"\n\t\t\t%\n\t\t\t\"\"\"", "- {op: add, path: /metadata/labels/team, value: mesh}\\n\n- {op: remove, path: /spec/nothing}"),
		inCUE("patch-failed", "in a string of one line", "‹\"%\"›", "- {op: add, path: /metadata/labels/team, value: mesh}\\n- {op: remove, path: /spec/nothing}"),
	)
	for _, field := range []string{"group", "version", "kind", "name", "namespace"} {
		all = append(all,
			wrong{codes: "patch-target", name: field + " that is no expression", edits: mesh("target: {" + field + ": ‹\"(\"›}\npatch: " + label)},
			wrong{codes: "patch-target", name: field + " of a cluster's patch that is no expression", edits: one("target: {" + field + ": ‹\"[\"›}\npatch: " + label)})
	}
	for _, field := range []string{"labelSelector", "annotationSelector"} {
		all = append(all,
			wrong{codes: "patch-target", name: field + " that is none", edits: mesh("target: {" + field + ": ‹\"a in b\"›}\npatch: " + label)},
			wrong{codes: "patch-target", name: field + " of a cluster's patch that is none", edits: one("target: {" + field + ": ‹\"=\"›}\npatch: " + label)})
	}
	return all
}
