package conformance

import (
	"bytes"
	"path"
	"reflect"
	"sort"
	"strings"
	"testing"

	"istio.io/istio/istioctl/pkg/multicluster"
	"istio.io/istio/pkg/kube"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/clientcmd"
	"meshtopo.dev/meshtopo/schema"
	"sigs.k8s.io/yaml"
)

const remoteSecrets = "2-secrets/remote-secrets"

// eachRemoteSecret runs f for every remote Secret: the cluster that reads, and the cluster that is read.
func eachRemoteSecret(t *testing.T, f func(t *testing.T, reader, target *cluster, secret *corev1.Secret)) {
	t.Helper()
	eachCluster(t, func(t *testing.T, target *cluster) {
		for _, reader := range target.mesh.ReadBy(target.Cluster) {
			reader := target.example.cluster(reader)
			if !reader.plain() {
				continue
			}
			t.Run("in "+reader.Name, func(t *testing.T) {
				all := load(t, reader.path(path.Join(remoteSecrets, target.Name+".yaml")))
				f(t, reader, target, only[corev1.Secret](t, all, "Secret"))
			})
		}
	})
}

// TestRemoteSecrets checks that every control plane has a Secret for each cluster that it reads and no more.
func TestRemoteSecrets(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		var want []string
		for _, target := range c.mesh.Clusters {
			if target.Name != c.Name && c.RunsControlPlane() && target.State == schema.Active {
				want = append(want, target.Name+".yaml")
			}
		}
		var got []string
		if c.has(remoteSecrets) {
			got = files(t, c.path(remoteSecrets))
		}
		sort.Strings(want)
		equal(t, remoteSecrets, got, want)
	})
}

// TestRemoteSecret checks the Secret as `istioctl create-remote-secret` names it and istiod looks for it.
func TestRemoteSecret(t *testing.T) {
	eachRemoteSecret(t, func(t *testing.T, reader, target *cluster, secret *corev1.Secret) {
		equal(t, "name", secret.Name, "istio-remote-secret-"+target.Name)
		equal(t, "namespace", secret.Namespace, reader.Istio.Namespace)
		equal(t, "label", secret.Labels["istio/multiCluster"], "true")
		equal(t, "annotation", secret.Annotations["networking.istio.io/cluster"], target.Name)
		equal(t, "stringData", secret.StringData, nil)
		if _, ok := secret.Data[target.Name]; !ok || len(secret.Data) != 1 {
			t.Errorf("data has other keys than %q", target.Name)
		}
	})
}

// TestKubeconfig reads each kubeconfig as istiod does, which refuses what a Secret should not be able to do.
func TestKubeconfig(t *testing.T) {
	eachRemoteSecret(t, func(t *testing.T, _, target *cluster, secret *corev1.Secret) {
		kubeconfig := secret.Data[target.Name]
		config, err := kube.NewUntrustedRestConfig(kubeconfig)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "host", config.Host, target.APIServer.URL)
		equal(t, "server name", config.TLSClientConfig.ServerName, target.APIServer.TLSServerName)
		equal(t, "insecure", config.TLSClientConfig.Insecure, false)
		if !bytes.Equal(config.TLSClientConfig.CAData, target.example.public(t, target.APIServer.CA)) {
			t.Errorf("CA is not %s", target.APIServer.CA)
		}
		token := strings.TrimSpace(string(target.example.private(t, target.Credential.Private)))
		if config.BearerToken != token {
			t.Errorf("token is not that of %s", target.Credential.Private)
		}
		equal(t, "user name", config.Username, "")

		raw, err := clientcmd.Load(kubeconfig)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "current context", raw.CurrentContext, target.Name)
		equal(t, "contexts, clusters, users", []int{len(raw.Contexts), len(raw.Clusters), len(raw.AuthInfos)}, []int{1, 1, 1})
	})
}

// TestSameAsIstioctl compares each remote Secret with the one that `istioctl create-remote-secret` makes of the
// target's account, once Kubernetes has filled in its token. It also shows that istioctl finds account and token.
func TestSameAsIstioctl(t *testing.T) {
	eachRemoteSecret(t, func(t *testing.T, _, target *cluster, secret *corev1.Secret) {
		made := createRemoteSecret(t, target)
		equal(t, "name", secret.Name, made.Name)
		for key, want := range made.Labels {
			equal(t, "label "+key, secret.Labels[key], want)
		}
		for key, want := range made.Annotations {
			equal(t, "annotation "+key, secret.Annotations[key], want)
		}
		equal(t, "number of kubeconfigs", len(secret.Data), len(made.StringData))
		for key, want := range made.StringData {
			got := object(t, secret.Data[key])
			if !reflect.DeepEqual(got, object(t, []byte(want))) { // not printed: it holds the token
				t.Errorf("kubeconfig %s is not what istioctl writes", key)
			}
		}
	})
}

// createRemoteSecret runs istioctl's code against an API server that holds what 1-prepare puts into the target.
func createRemoteSecret(t *testing.T, target *cluster) *corev1.Secret {
	t.Helper()
	prepare := target.layer(t, "1-prepare")
	token := only[corev1.Secret](t, prepare, "Secret")
	token.Data = map[string][]byte{
		"ca.crt": target.example.public(t, target.APIServer.CA),
		"token":  bytes.TrimSpace(target.example.private(t, target.Credential.Private)),
	}
	client := kube.NewFakeClient(only[corev1.ServiceAccount](t, prepare, "ServiceAccount"), token)
	text, _, err := multicluster.CreateRemoteSecret(client, multicluster.RemoteSecretOptions{
		KubeOptions:        multicluster.KubeOptions{Namespace: target.Istio.Namespace},
		ClusterName:        target.Name,
		ServiceAccountName: target.Istio.Reader.ServiceAccount,
		AuthType:           multicluster.RemoteSecretAuthTypeBearerToken,
		Type:               multicluster.SecretTypeRemote,
		ServerOverride:     target.APIServer.URL,
		TLSServerName:      target.APIServer.TLSServerName,
	})
	if err != nil {
		t.Fatal(err)
	}
	made := &corev1.Secret{}
	if err := yaml.Unmarshal([]byte(text), made); err != nil {
		t.Fatal(err)
	}
	return made
}

// object reads YAML whatever it describes.
func object(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var value map[string]any
	if err := yaml.UnmarshalStrict(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// TestReaderToken checks the Secret that makes the token, and that the token belongs to the account it is made for.
func TestReaderToken(t *testing.T) {
	eachReader(t, func(t *testing.T, c *cluster, prepare objects) {
		account := get[corev1.ServiceAccount](t, prepare, "ServiceAccount", c.Istio.Reader.ServiceAccount)
		equal(t, "namespace", account.Namespace, c.Istio.Namespace)
		equal(t, "secrets", account.Secrets, nil) // or Kubernetes may clean the token up as one of its own
		token := get[corev1.Secret](t, prepare, "Secret", c.Istio.Reader.Secret())
		equal(t, "type", token.Type, corev1.SecretTypeServiceAccountToken)
		equal(t, "namespace", token.Namespace, account.Namespace)
		equal(t, "account", token.Annotations[corev1.ServiceAccountNameKey], account.Name)
		equal(t, "data", token.Data, nil)
	})
}
