package conformance

import (
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/component-helpers/auth/rbac/validation"
	"meshtopo.dev/meshtopo/schema"
)

// eachReader runs f for every cluster that others read, or will once it has joined.
func eachReader(t *testing.T, f func(t *testing.T, c *cluster, prepare objects)) {
	t.Helper()
	eachCluster(t, func(t *testing.T, c *cluster) {
		prepare := c.layer(t, "1-prepare")
		has, needs := len(prepare.kind("ServiceAccount")) > 0, c.State == schema.Joining || len(c.mesh.ReadBy(c.Cluster)) > 0
		if needs && !has {
			t.Error("others read this cluster, and it has no account for them")
		}
		if has {
			f(t, c, prepare)
		}
	})
}

// TestReaderRequests holds the rights of the account in each example against the requests of testdata/requests.tsv.
func TestReaderRequests(t *testing.T) {
	eachReader(t, func(t *testing.T, c *cluster, prepare objects) {
		holdRights(t, c.mesh, c.Cluster, granted(t, c, prepare, ""), granted(t, c, prepare, c.Istio.Namespace))
	})
}

// TestReaderGetsNoMore checks that the account may do nothing that Istio's own chart does not grant its reader.
func TestReaderGetsNoMore(t *testing.T) {
	eachReader(t, func(t *testing.T, c *cluster, prepare objects) {
		rules := append(granted(t, c, prepare, ""), granted(t, c, prepare, c.Istio.Namespace)...)
		if ok, more := validation.Covers(chartRules(t, c.ServedByPrimary()), rules); !ok {
			t.Errorf("Istio's reader is not granted %v", more)
		}
	})
}

// granted gives the rules bound to the reader's account: in all namespaces, or in one.
func granted(t *testing.T, c *cluster, prepare objects, namespace string) []rbacv1.PolicyRule {
	t.Helper()
	var rules []rbacv1.PolicyRule
	kind := map[bool]string{true: "ClusterRoleBinding", false: "RoleBinding"}[namespace == ""]
	for _, o := range prepare.kind(kind) {
		binding := as[rbacv1.RoleBinding](t, o) // a ClusterRoleBinding has the same fields
		if binding.Name == schema.TokenReader {
			continue // of another account, with which External Secrets takes the token
		}
		equal(t, "namespace of "+binding.Name, binding.Namespace, namespace)
		equal(t, "subjects of "+binding.Name, binding.Subjects, []rbacv1.Subject{
			{Kind: "ServiceAccount", Name: c.Istio.Reader.ServiceAccount, Namespace: c.Istio.Namespace},
		})
		role := get[rbacv1.Role](t, prepare, binding.RoleRef.Kind, binding.RoleRef.Name)
		rules = append(rules, role.Rules...)
	}
	return rules
}

// chartRules gives what Istio's chart grants its own reader, on a primary and on a remote.
func chartRules(t *testing.T, remote bool) []rbacv1.PolicyRule {
	t.Helper()
	file := map[bool]string{true: "testdata/remote.yaml", false: "testdata/primary.yaml"}[remote]
	return get[rbacv1.ClusterRole](t, manifests(t, file), "ClusterRole", "istio-reader-clusterrole-istio-system").Rules
}
