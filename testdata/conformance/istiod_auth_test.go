package conformance

import (
	"context"
	"testing"

	"google.golang.org/grpc/metadata"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/security"
	"istio.io/istio/security/pkg/server/ca/authenticate/kubeauth"
	authenticationv1 "k8s.io/api/authentication/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
)

// podToken is the token of the sample's pod in a cluster. Only the API server of that cluster knows it.
func (p *place) podToken() string { return "token of echo in " + p.Name }

// reviewTokens has an API server know the tokens of its own cluster.
func (p *place) reviewTokens(client kube.Client) {
	client.Kube().(*fake.Clientset).PrependReactor("create", "tokenreviews", func(a clienttesting.Action) (bool, runtime.Object, error) {
		review := a.(clienttesting.CreateAction).GetObject().(*authenticationv1.TokenReview).DeepCopy()
		if review.Spec.Token != p.podToken() {
			review.Status.Error = "token of another cluster"
			return true, review, nil
		}
		review.Status = authenticationv1.TokenReviewStatus{
			Authenticated: true, Audiences: review.Spec.Audiences,
			User: authenticationv1.UserInfo{Username: "system:serviceaccount:shop:echo", Groups: []string{"system:serviceaccounts"}},
		}
		return true, review, nil
	})
}

// admit gives the name for which istiod signs the certificate of the sample's proxy in a cluster, or why it refuses the
// proxy.
func (i *istiod) admit(t *testing.T, p *place, proxy *model.Proxy) (string, error) {
	t.Helper()
	authenticator := kubeauth.NewKubeJWTAuthenticator(i.Env().Watcher, i.client.Kube(), i.id, nil, i.remotes)
	request := metadata.NewIncomingContext(context.Background(), metadata.Pairs(
		"authorization", "Bearer "+p.podToken(), "clusterid", string(proxy.Metadata.ClusterID),
	))
	caller, err := authenticator.Authenticate(security.AuthContext{GrpcContext: request})
	if err != nil {
		return "", err
	}
	return caller.Identities[0], nil
}
