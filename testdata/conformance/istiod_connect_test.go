package conformance

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	clusters "istio.io/istio/pkg/cluster"
	"istio.io/istio/pkg/config/schema/gvr"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/kclient/clienttest"
	"istio.io/istio/pkg/kube/multicluster"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/component-helpers/auth/rbac/validation"
)

// connect makes clients of the kubeconfigs in remote Secrets. The real loader reads them; who answers, and with
// what, is the cluster whose API server the topology has at that URL: it has the topology's CA, knows the
// topology's token, and the reader account may do there what the tree grants it.
func (w *world) connect(t *testing.T) multicluster.ClientBuilder {
	mark := logged.mark()
	return func(kubeconfig []byte, id clusters.ID, overrides ...func(*rest.Config)) (kube.Client, error) {
		config, err := kube.NewUntrustedRestConfig(kubeconfig, overrides...)
		if err != nil {
			return nil, err
		}
		// A real client refuses what no client could do.
		if _, err := kube.NewClient(kube.NewClientConfigForRestConfig(config), id); err != nil {
			return nil, err
		}
		if config.Proxy != nil {
			if proxy, err := config.Proxy(nil); err != nil || slices.Contains([]string{"localhost", "127.0.0.1"}, proxy.Hostname()) {
				return refusing(errors.New("proxyconnect tcp: dial tcp: connect: connection refused")), nil
			}
		}
		scheme, host, _ := strings.Cut(config.Host, "://")
		for _, p := range w.places {
			if p.APIServer != nil && p.APIServer.URL == "https://"+host {
				if config.Proxy != nil {
					p.notes = append(p.notes, "its API server is called through a proxy")
				}
				if scheme == "http" {
					p.notes = append(p.notes, "its API server is sent a token in plain text")
				}
				return p.apiServer(t, config, mark), nil
			}
		}
		return refusing(errors.New("dial tcp: i/o timeout" + mark)), nil
	}
}

// apiServer is what a client of the cluster's API server meets. What it refuses is marked.
func (p *place) apiServer(t *testing.T, config *rest.Config, mark string) kube.Client {
	token := strings.TrimSpace(string(p.example.private(t, p.Credential.Private)))
	if config.Insecure {
		p.notes = append(p.notes, "whoever answers at its API server's address is sent a token")
	} else if !bytes.Equal(config.CAData, p.example.public(t, p.APIServer.CA)) {
		return refusing(errors.New("tls: failed to verify certificate: x509: certificate signed by unknown authority" + mark))
	}
	switch config.BearerToken {
	case token:
	case "":
		return refusing(apierrors.NewForbidden(schema.GroupResource{Resource: "namespaces"}, "", errors.New("system:anonymous"+mark)))
	default:
		return refusing(apierrors.NewUnauthorized("Unauthorized" + mark))
	}
	client := p.client(t)
	authorize(client, func(a clienttesting.Action) error {
		// The istiod in process reads the mesh config of other clusters, as 1.29 and later do.
		if p.readerMay(t, a) || p.Istio.Version.Minor() < 29 && a.GetResource().Resource == "configmaps" {
			return nil
		}
		return apierrors.NewForbidden(a.GetResource().GroupResource(), "", errors.New("RBAC"+mark))
	})
	return client
}

// client is what an API server answers to those who may do everything. It has Istio's kinds, and those of the Gateway
// API.
func (p *place) client(t *testing.T) kube.Client {
	t.Helper()
	client := kube.NewFakeClient(p.typed(t)...)
	for _, kind := range []schema.GroupVersionResource{
		gvr.KubernetesGateway, gvr.GatewayClass, gvr.AuthorizationPolicy, gvr.PeerAuthentication, gvr.ServiceEntry, gvr.WorkloadEntry,
	} {
		clienttest.MakeCRD(t, client, kind)
	}
	p.reviewTokens(client)
	return client
}

func refusing(err error) kube.Client {
	client := kube.NewFakeClient()
	authorize(client, func(clienttesting.Action) error { return err })
	return client
}

// authorize has an API server refuse what check has an error for.
func authorize(client kube.Client, check func(clienttesting.Action) error) {
	for _, c := range []any{client.Kube(), client.Istio(), client.GatewayAPI(), client.Dynamic(), client.Metadata()} {
		c.(interface {
			PrependReactor(verb, resource string, reaction clienttesting.ReactionFunc)
		}).PrependReactor("*", "*", func(a clienttesting.Action) (bool, runtime.Object, error) {
			err := check(a)
			return err != nil, nil, err
		})
	}
}

// readerMay reports whether the reader account may do something in the cluster.
func (p *place) readerMay(t *testing.T, a clienttesting.Action) bool {
	rule := rbacv1.PolicyRule{
		Verbs: []string{a.GetVerb()}, APIGroups: []string{a.GetResource().Group}, Resources: []string{a.GetResource().Resource},
	}
	switch a := a.(type) {
	case interface{ GetName() string }:
		if a.GetName() != "" {
			rule.ResourceNames = []string{a.GetName()}
		}
	case clienttesting.UpdateAction:
		if object, err := meta.Accessor(a.GetObject()); err == nil && a.GetVerb() == "update" {
			rule.ResourceNames = []string{object.GetName()}
		}
	}
	if list, ok := a.(clienttesting.ListAction); ok {
		if name, found := list.GetListRestrictions().Fields.RequiresExactMatch("metadata.name"); found {
			rule.ResourceNames = []string{name}
		}
	}
	ok, _ := validation.Covers(p.readerRules(t, a.GetNamespace()), []rbacv1.PolicyRule{rule})
	return ok
}

// readerRules gives the rights of the reader account in all namespaces, and in one.
func (p *place) readerRules(t *testing.T, namespace string) []rbacv1.PolicyRule {
	account := rbacv1.Subject{Kind: "ServiceAccount", Name: p.Istio.Reader.ServiceAccount, Namespace: p.Istio.Namespace}
	for _, o := range p.objects.kind("ServiceAccount") {
		if o.GetName() == account.Name {
			account.Namespace = o.GetNamespace()
		}
	}
	var rules []rbacv1.PolicyRule
	for _, o := range append(p.objects.kind("ClusterRoleBinding"), p.objects.kind("RoleBinding")...) {
		binding := as[rbacv1.RoleBinding](t, o) // a ClusterRoleBinding has the same fields
		if binding.Namespace != "" && binding.Namespace != namespace {
			continue
		}
		for _, subject := range binding.Subjects {
			if subject == account {
				rules = append(rules, p.roleRules(t, binding)...)
			}
		}
	}
	return rules
}

func (p *place) roleRules(t *testing.T, binding *rbacv1.RoleBinding) []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	for _, o := range p.objects.kind(binding.RoleRef.Kind) {
		if o.GetName() == binding.RoleRef.Name && (o.GetKind() == "ClusterRole" || o.GetNamespace() == binding.Namespace) {
			rules = append(rules, as[rbacv1.ClusterRole](t, o).Rules...)
		}
	}
	return rules
}
