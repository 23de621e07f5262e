//go:build unix

package main

import (
	"fmt"
	"strings"
)

// bounded is an input of a size of choice that is made to take long.
type bounded struct {
	name  string
	args  []string
	files func(size int) map[string]string // "stdin" is standard input
	shows string                           // a code that the report has: the input is not refused before
}

// filled writes parts with their numbers until there are so many bytes.
func filled(size int, format string) string {
	var out strings.Builder
	for i := 0; out.Len() < size; i++ {
		out.WriteString(strings.ReplaceAll(format, "<i>", fmt.Sprint(i)))
	}
	return out.String()
}

// smallTopology is a topology with something below istio, and clusters.
func smallTopology(istio, clusters string) string {
	return "apiVersion: meshtopo.dev/v1alpha1\nkind: Topology\nmetadata: {name: solo}\nspec:\n  istio:\n    version: 1.31.1\n" + istio +
		"  networks: {one: {}}\n  clusters:\n    a: {network: one}\n" + clusters
}

const (
	someSecret = "apiVersion: v1\nkind: Secret\nmetadata: {name: istio-remote-secret-a, namespace: istio-system, labels: {istio/multiCluster: \"true\"}}\nstringData:\n"
	someObject = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a, namespace: shop}\nspec:\n  hosts: [a]\n"
	resources  = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  apiVersion: meshtopo.dev/v1alpha1\n  kind: LintManifests\n  metadata: {name: a}\n"
)

// boundedInputs are inputs of many kinds, each of which took minutes, gigabytes or megabytes of text, or is like one
// that did.
func boundedInputs() []bounded {
	topology := func(name string, text func(size int) string) bounded {
		return bounded{name: name, args: []string{"validate", "topology.yaml"}, files: func(size int) map[string]string { return map[string]string{"topology.yaml": text(size)} }}
	}
	istio := func(name, before, format, after string) bounded {
		return topology(name, func(size int) string { return smallTopology(before+filled(size, format)+after, "") })
	}
	clusters := func(name, format string) bounded {
		return topology(name, func(size int) string { return smallTopology("", filled(size, format)) })
	}
	operations := func(name, first, format string) bounded {
		return istio(name, "    patches:\n    - target: {kind: Namespace}\n      patch: |\n"+first, "        - {op: "+format+"}\n", "")
	}
	patches := func(name, target, patch string) bounded {
		return istio(name, "    patches:\n", "    - target: {"+target+"}\n      patch: \""+patch+"\"\n", "")
	}
	lint := func(name string, text func(size int) string, flags ...string) bounded {
		return bounded{name: name, args: append([]string{"lint", "m"}, flags...), files: func(size int) map[string]string { return map[string]string{"m/a.yaml": text(size)} }}
	}
	around := func(before, format, after string) func(int) string {
		return func(size int) string { return before + filled(size, format) + after }
	}
	function := func(name string, text func(size int) string) bounded {
		return bounded{name: name, args: []string{"fn"}, files: func(size int) map[string]string { return map[string]string{"stdin": resources + text(size)} }}
	}
	shows := func(code string, b bounded) bounded {
		b.shows = code
		return b
	}
	kustomization := func(name, patch string) bounded {
		return bounded{name: name, args: []string{"lint", "m"}, files: func(size int) map[string]string {
			return map[string]string{"m/kustomization.yaml": "patches:\n" + filled(size/4, patch+"\n"), "m/a.yaml": filled(size*3/4, "---\n{apiVersion: v1, kind: Service, metadata: {name: s<i>}}\n")}
		}}
	}
	return []bounded{
		operations("copy into itself", "", "copy, from: /metadata, path: /metadata/a<i>"),
		operations("copy labels into labels", "", "copy, from: /metadata/labels, path: /metadata/labels/a<i>"),
		operations("copy lists into each other", "        - {op: add, path: /metadata/finalizers, value: [1]}\n        - {op: add, path: /metadata/ownerReferences, value: [1]}\n",
			"copy, from: /metadata/finalizers, path: /metadata/ownerReferences/-}\n        - {op: copy, from: /metadata/ownerReferences, path: /metadata/finalizers/-"),
		operations("move to and fro", "        - {op: add, path: /metadata/a0, value: {b: c}}\n        - {op: add, path: /metadata/b, value: {}}\n", "test, path: /metadata/a0, value: {b: c}}\n        - {op: move, from: /metadata/a0, path: /metadata/b/a}\n        - {op: move, from: /metadata/b/a, path: /metadata/a0"),
		operations("add labels", "", "add, path: /metadata/labels/a<i>, value: b"),
		operations("add ahead of a list", "        - {op: add, path: /metadata/finalizers, value: []}\n", "add, path: /metadata/finalizers/0, value: b<i>"),
		operations("owned fields", "", "replace, path: /metadata/name, value: b<i>"),
		patches("failing patches", "kind: Namespace", "[{op: remove, path: /a<i>}]"),
		patches("failing patches of all objects", "namespace: istio-system", "[{op: remove, path: /a<i>}]"),
		patches("patches with large expressions", "kind: \"(a?){1000}b<i>\"", "[{op: remove, path: /a}]"),
		patches("patches with expressions", "kind: \"(a?){120}b<i>\"", "[{op: remove, path: /a}]"),
		patches("patches of one object", "kind: Namespace", "[{op: add, path: /metadata/labels/a<i>, value: b}]"),
		patches("patches that merge into one object", "kind: Namespace", "{kind: Namespace, metadata: {name: a, labels: {a<i>: b}}}"),
		patches("patches without objects", "kind: Nothing<i>", "[{op: remove, path: /a}]"),
		istio("a merge of many items", "    patches:\n    - target: {kind: IstioOperator}\n      patch: |\n        kind: IstioOperator\n        metadata: {name: a}\n        spec:\n          components:\n            pilot:\n              k8s:\n                env:\n",
			"                - {name: A<i>, value: b}\n", ""),
		topology("a large patch of many clusters", func(size int) string {
			joining := filled(size/2, "    c<i>: {network: one, primary: a, state: joining}\n")
			return smallTopology("    patches:\n    - target: {kind: Namespace}\n      patch: '[{op: add, path: /a, value: ["+filled(size/2, "1,")+"1]}]'\n", joining)
		}),
		topology("a wrong patch of many clusters", func(size int) string {
			return smallTopology("    patches:\n    - target: {kind: Namespace}\n      patch: '[{op: add, path: /x, value: 1}]'\n",
				filled(size, "    c<i>: {network: one, primary: a, state: joining}\n"))
		}),
		topology("a wrong patch of each cluster", func(size int) string {
			return smallTopology("", filled(size, "    c<i>: {network: one, primary: a, state: joining, istio: {patches: [{target: {kind: Namespace}, patch: '[{op: add, path: /x<i>, value: 1}]'}]}}\n"))
		}),
		shows("unknown-istio-field", istio("wrong settings by operations", "    patches:\n    - target: {name: control-plane}\n      patch: |\n", "        - {op: add, path: /spec/values/global/a<i>, value: 1}\n", "")),
		shows("unknown-istio-field", istio("wrong settings by a merge", "    patches:\n    - target: {name: control-plane}\n      patch: |\n        kind: IstioOperator\n        metadata: {name: a}\n        spec:\n          values:\n            pilot:\n", "              a<i>: 1\n", "")),
		shows("unknown-istio-field", istio("wrong settings by one operation", "    patches:\n    - target: {name: control-plane}\n      patch: '[{op: add, path: /spec/values/pilot, value: {", "a<i>xxxxxxxx: 1,", "}}]'\n")),
		shows("unread-variable", istio("wrong variables by one operation", "    patches:\n    - target: {name: control-plane}\n      patch: '[{op: add, path: /spec/values/pilot, value: {env: {", "A<i>XXXXXXXX: a,", "}}}]'\n")),
		shows("unknown-istio-field", topology("wrong settings of many clusters by a merge", func(size int) string {
			const merge = "    patches:\n    - target: {kind: IstioOperator}\n      patch: |\n        kind: IstioOperator\n        metadata: {name: a}\n        spec:\n          values:\n            pilot:\n"
			return smallTopology(merge+filled(300, "              a<i>: 1\n"), filled(size, "    c<i>: {network: one, primary: a, state: joining}\n"))
		})),
		topology("a copy in many clusters", func(size int) string {
			joining := filled(size, "    c<i>: {network: one, primary: a, state: joining}\n")
			return smallTopology("    patches:\n    - target: {kind: Namespace}\n      patch: '[{op: add, path: /a, value: ["+filled(6000, "1,")+"1]}, {op: copy, from: /a, path: /b}]'\n", joining)
		}),

		topology("aliases of a long text", func(size int) string {
			return smallTopology("    values:\n      a: &a \""+strings.Repeat("x", size/2)+"\"\n      b: ["+filled(size/2, "*a,")+"]\n", "")
		}),
		lint("aliases of a kubeconfig", func(size int) string {
			kubeconfig := "    apiVersion: v1\n    kind: Config\n    clusters: [{name: a, cluster: {server: https://a.example.com}}]\n    contexts: [{name: a, context: {cluster: a, user: a}}]\n    users: [{name: a, user: {token: a}}]\n    current-context: a\n"
			return someSecret + "  a: &a |\n" + kubeconfig + "    # " + strings.Repeat("x", size/3) + "\n" + filled(size*2/3, "  a<i>: *a\n")
		}),
		lint("aliases of aliases", around("", "kind: A\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n---\n", "")),
		lint("merge keys", func(size int) string {
			return "kind: A\nx: &a {" + filled(size/2, "k<i>: v,") + "}\n" + filled(size/2, "y<i>: {<<: *a}\n")
		}),
		lint("kubeconfigs", around(someSecret, "  a<i>: \"clusters: [{name: a, cluster: {server: http}}]\"\n", "")),
		lint("documents", around("", "a: b\n---\n", "")),
		lint("deep flow", func(size int) string { return strings.Repeat("[", size/2) + strings.Repeat("]", size/2) }),
		lint("deep block", around("", "- ", "a\n")),
		lint("a long line", around("kind: A\na: \"", "x ", "\"\n")),

		lint("fix many lines", around(someObject+"  http:\n", "  - {route: [{destination: {hots: a}}]}\n", ""), "--fix"),
		lint("fix one line", around(someObject+"  http: [", "{route: [{destination: {hots: a}}]},", "]\n"), "--fix"),
		lint("fix what excludes itself", around("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  values:\n    global: {", "meshId: a, meshID: b,", "}\n"), "--fix"),
		lint("fix keys of cacerts", around("apiVersion: v1\nkind: Secret\nmetadata: {name: cacerts, namespace: istio-system}\nstringData: {", "c<i>: x,", "}\n"), "--fix"),
		lint("fix keys of cacerts that may be meant", around("apiVersion: v1\nkind: Secret\nmetadata: {name: cacerts, namespace: istio-system}\nstringData: {ca-cert.pem: x, root-cert.pem: x, cert-chain.pem: x, ", "ca-key<i>: x,", "}\n"), "--fix"),

		kustomization("a large expression", `- {patch: "x: 1", target: {name: "(a?){1000}b"}}`),
		kustomization("large expressions", `- {patch: "x: 1", target: {name: "(a?){1000}b<i>"}}`),
		kustomization("expressions", `- {patch: "x: 1", target: {name: "a.*<i>"}}`),
		kustomization("names", `- {patch: "x: 1", target: {kind: Service, name: "a<i>"}}`),

		lint("unknown fields", around(someObject+"  http: [", "{a:},", "]\n")),
		lint("unknown fields as JSON", around(someObject+"  http: [", "{a:},", "]\n"), "--format", "json"),
		lint("unknown fields as SARIF", around(someObject+"  http: [", "{a:},", "]\n"), "--format", "sarif"),
		istio("values of a list", "    meshConfig: {trustDomainAliases: [", "y,", "]}\n"),
		istio("unknown values", "    values: {global: {", "a<i>: 1,", "}}\n"),
		lint("unknown values of an IstioOperator", around("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {values: {global: {", "a<i>: 1,", "}}}\n")),
		istio("variables", "    values: {pilot: {env: {", "PILOT_A<i>: \"x\",", "}}}\n"),
		clusters("clusters without a value", "    A<i>:\n"),
		clusters("clusters on no network", "    c<i>: {network: x}\n"),
		clusters("control planes", "    c<i>: {network: one}\n"),
		topology("addresses", func(size int) string {
			return smallTopology("", "    b: {network: one, eastWestGateway: {addresses: ["+filled(size, "10.0.0.1,")+"]}}\n")
		}),
		{name: "remote Secrets that are missing", args: []string{"lint", "m"}, files: func(size int) map[string]string {
			files := map[string]string{}
			for i := range size * 3 / 1000 {
				files[fmt.Sprintf("m/clusters/c%d/a.yaml", i)] = fmt.Sprintf("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  values:\n"+
					"    global: {meshID: m, multiCluster: {clusterName: c%d}, network: n}\n---\n%s  c%d: \"\"\n", i, someSecret, i+1)
			}
			return files
		}},
		{name: "installations of many clusters", args: []string{"lint", "m"}, files: func(size int) map[string]string {
			files := map[string]string{}
			for i := range size / 150 {
				files[fmt.Sprintf("m/clusters/c%d/a.yaml", i)] = fmt.Sprintf("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: a}\n"+
					"spec: {values: {global: {meshID: m, network: n%d, multiCluster: {clusterName: c%d}}}}\n", i%3, i)
			}
			return files
		}},
		function("items with unknown fields", around("items:\n- apiVersion: networking.istio.io/v1\n  kind: VirtualService\n  metadata: {name: a}\n  spec:\n    http: [", "{a: },", "]\n")),
		function("items that are aliases", func(size int) string {
			return "items:\n- &a {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: \"" + strings.Repeat("x", size/2) + "\"}}\n" + filled(size/2, "- *a\n")
		}),
	}
}
