package conformance

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	esv1 "github.com/external-secrets/external-secrets/apis/externalsecrets/v1"
	"github.com/external-secrets/external-secrets/pkg/provider/kubernetes"
	authv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

// TestPull has the operator's Kubernetes provider take the token of each cluster from an API server that allows what
// the rendered Role does, with the credential that the store names, and makes the remote Secret of it.
func TestPull(t *testing.T) {
	dir := material(t)
	authority := newAuthority(t)
	for _, cluster := range []string{"cluster-a", "cluster-b", "cluster-c"} {
		write(t, filepath.Join(dir, "certs", cluster, "api.pem"), string(authority.pem))
	}
	want := rendered(t, dir, plaintext, "")
	got := rendered(t, dir, strings.NewReplacer("FILL", "kubernetes", `remoteSecretKey: "mesh/{cluster}/{reader}", `, "").Replace(vault), "")
	pulled := 0
	for _, pair := range [][2]string{{"cluster-a", "cluster-b"}, {"cluster-a", "cluster-c"}, {"cluster-b", "cluster-a"}, {"cluster-b", "cluster-c"}} {
		reader, of := pair[0], pair[1]
		t.Run(of+" by "+reader, func(t *testing.T) {
			name := filepath.Join("2-secrets", "remote-secrets", of+".yaml")
			documents := objects(t, filepath.Join(got, reader, name))
			secretStore := decode[esv1.SecretStore](t, documents["SecretStore"])
			server := newAPIServer(t, authority, role(t, filepath.Join(got, of)), map[string]*corev1.Secret{
				"istio-remote-reader-istio-remote-secret-token": {Data: map[string][]byte{"token": []byte(strings.TrimSpace(read(t, filepath.Join(dir, "tokens", of))))}},
				"another": {Data: map[string][]byte{"token": []byte("x")}},
			})
			secretStore.Spec.Provider.Kubernetes.Server.URL = server.URL // no topology can name it
			client := connect(t, secretStore, server.URL)
			if result, err := client.Validate(); result != esv1.ValidationResultReady || err != nil {
				t.Fatalf("Validate = %v, %v", result, err)
			}
			external := decode[esv1.ExternalSecret](t, documents["ExternalSecret"])
			if external.Spec.SecretStoreRef.Kind != "SecretStore" || external.Spec.SecretStoreRef.Name != secretStore.Name {
				t.Errorf("the ExternalSecret asks %v", external.Spec.SecretStoreRef)
			}
			made, err := execute(external, func(key, property string) ([]byte, error) {
				return client.GetSecret(context.Background(), esv1.ExternalSecretDataRemoteRef{Key: key, Property: property})
			})
			if err != nil {
				t.Fatal(err)
			}
			same(t, name, made, decode[corev1.Secret](t, objects(t, filepath.Join(want, reader, name))["Secret"]))
			if _, err := client.GetSecret(context.Background(), esv1.ExternalSecretDataRemoteRef{Key: "another", Property: "token"}); err == nil {
				t.Error("the account may get another Secret")
			}
			pulled++
		})
	}
	if pulled != 4 {
		t.Errorf("%d tokens were taken, want 4", pulled)
	}
}

// loginToken is that of the account, as the README of the mesh has it copied to the readers.
const loginToken = "token-of-istio-token-reader"

// connect gives the provider's client for a store, in a cluster that has the Secret with which it logs in.
func connect(t *testing.T, s *esv1.SecretStore, url string) esv1.SecretsClient {
	t.Helper()
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	write(t, kubeconfig, fmt.Sprintf(`{"apiVersion":"v1","kind":"Config","clusters":[{"name":"a","cluster":{"server":%q}}],"contexts":[{"name":"a","context":{"cluster":"a","user":"a"}}],"current-context":"a","users":[{"name":"a","user":{}}]}`, url))
	t.Setenv("KUBECONFIG", kubeconfig)
	login := s.Spec.Provider.Kubernetes.Auth.Token.BearerToken
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: login.Name, Namespace: s.Namespace}, Data: map[string][]byte{login.Key: []byte(loginToken)}}
	provider := &kubernetes.Provider{}
	if _, err := provider.ValidateStore(s); err != nil {
		t.Fatalf("ValidateStore: %v", err)
	}
	client, err := provider.NewClient(context.Background(), s, fake.NewClientBuilder().WithObjects(secret).Build(), s.Namespace)
	if err != nil {
		t.Fatalf("NewClient: %v", err)
	}
	return client
}

// role gives the Role of the account that takes tokens in a cluster, of which nothing else may give it rights.
func role(t *testing.T, cluster string) []rbacv1.PolicyRule {
	t.Helper()
	documents := objects(t, filepath.Join(cluster, "1-prepare", "token-reader.yaml"))
	binding := decode[rbacv1.RoleBinding](t, documents["RoleBinding"])
	granted := decode[rbacv1.Role](t, documents["Role"])
	account := decode[corev1.ServiceAccount](t, documents["ServiceAccount"])
	if binding.RoleRef.Kind != "Role" || binding.RoleRef.Name != granted.Name || len(binding.Subjects) != 1 || binding.Subjects[0].Name != account.Name || len(documents) != 4 {
		t.Errorf("the account is bound to %v", binding)
	}
	return granted.Rules
}

// newAPIServer is an API server with some Secrets, which allows one account what some rules do.
func newAPIServer(t *testing.T, authority *authority, rules []rbacv1.PolicyRule, secrets map[string]*corev1.Secret) *httptest.Server {
	t.Helper()
	answer := func(w http.ResponseWriter, status int, object any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(object); err != nil {
			t.Error(err)
		}
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, got := strings.CutPrefix(r.URL.Path, "/api/v1/namespaces/istio-system/secrets/")
		switch {
		case r.Header.Get("Authorization") != "Bearer "+loginToken:
			answer(w, http.StatusUnauthorized, metav1.Status{Status: "Failure", Code: http.StatusUnauthorized})
		case r.URL.Path == "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews":
			review := authv1.SelfSubjectRulesReview{}
			for _, rule := range rules {
				review.Status.ResourceRules = append(review.Status.ResourceRules, authv1.ResourceRule{Verbs: rule.Verbs, APIGroups: rule.APIGroups, Resources: rule.Resources, ResourceNames: rule.ResourceNames})
			}
			answer(w, http.StatusCreated, review)
		case got && r.Method == http.MethodGet && allows(rules, name):
			secret := secrets[name]
			secret.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}
			answer(w, http.StatusOK, secret)
		default:
			answer(w, http.StatusForbidden, metav1.Status{Status: "Failure", Code: http.StatusForbidden})
		}
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{authority.server}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// allows reports whether rules let an account get a Secret.
func allows(rules []rbacv1.PolicyRule, name string) bool {
	return slices.ContainsFunc(rules, func(r rbacv1.PolicyRule) bool {
		return slices.Contains(r.APIGroups, "") && slices.Contains(r.Resources, "secrets") && slices.Contains(r.Verbs, "get") && slices.Contains(r.ResourceNames, name)
	})
}

// authority is the CA of the API servers, with a certificate of this machine.
type authority struct {
	pem    []byte
	server tls.Certificate
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kubernetes"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour * 24 * 3650),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: ca.NotBefore, NotAfter: ca.NotAfter, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	served, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), tls.Certificate{Certificate: [][]byte{served}, PrivateKey: key}}
}
