package lint

// facts are what the manifests of one cluster say, as far as other manifests are compared with it. Files that begin with read_ say
// how each is read; none of them judges anything.
type facts struct {
	patches  *patches      // of kustomize
	unfilled map[spot]bool // what is filled in later

	installs        []*install // of control planes, or of what a remote has in its place
	operators       []*operator
	deployments     []*deployment // of gateways
	namespaces      []*namespace
	services        []*service
	gateways        []*gateway
	virtualServices []*virtualService
	listeners       []*listenerGateway
	workloads       []*deployment // pods of which only the labels count
	plaintexts      []plaintext
	remoteSecrets   []*remoteSecret
	kubeconfigs     []*remoteSecret // in Secrets istio-kubeconfig
	cacerts         []*cacerts
	accounts        []*account
	tokenSecrets    []*tokenSecret
	roles           []*role
	bindings        []*binding
	kustomizations  []*kustomization

	otherRemotes  bool  // there are remote Secrets of which it is not known for which clusters they are
	hashedCACerts value // a Secret cacerts to whose name kustomize adds a hash
}
