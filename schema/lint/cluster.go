package lint

import (
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// value is a text that somebody wrote, and its place. The zero value is one that nobody wrote.
type value struct {
	text string
	pos  diag.Pos
}

// given reports whether somebody wrote it.
func (v value) given() bool { return v.pos.Line > 0 }

// valueAt gives the scalar at a path, also one of the wrong type: that is another finding.
func valueAt(root *document.Node, keys ...string) value {
	n := root.At(keys...)
	if n == nil || n.Kind == document.Map || n.Kind == document.List || n.Kind == document.Null {
		return value{}
	}
	return value{n.Text, n.Pos}
}

// first gives the first value that somebody wrote.
func first(values ...value) value {
	for _, v := range values {
		if v.given() {
			return v
		}
	}
	return value{}
}

// cluster is what the manifests of one cluster say, as far as other manifests are compared with it.
type cluster struct {
	name    string   // how it is called in messages
	place   diag.Pos // for what no object speaks for
	applied bool     // its objects are what kubectl gets
	now     time.Time

	patches *patches // of kustomize

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
	invented        bool // an object of no kind was meant to join another cluster

	otherRemotes  bool          // there are remote Secrets of which it is not known for which clusters they are
	hashedCACerts value         // a Secret cacerts to whose name kustomize adds a hash
	unread        bool          // a part of the manifests could not be read, and may have what is missed
	unfilled      map[spot]bool // what is filled in later
	called        string        // by the other clusters, where only its own manifests say another name
}

// object is an object that is being read.
type object struct {
	*manifest.Object
	misspelt [][]string // what fields that it does not have were probably meant to be
}

// readers say, for each kind of object, what it is looked at for.
var readers = map[string]func(*cluster, *object, *diag.List){
	"install.istio.io/IstioOperator":               (*cluster).addOperator,
	"sailoperator.io/Istio":                        (*cluster).addSail,
	"networking.istio.io/Gateway":                  (*cluster).addGateway,
	"networking.istio.io/VirtualService":           (*cluster).addVirtualService,
	"networking.istio.io/DestinationRule":          (*cluster).addDestinationRule,
	"security.istio.io/PeerAuthentication":         (*cluster).addPeerAuthentication,
	"gateway.networking.k8s.io/Gateway":            (*cluster).addListenerGateway,
	"apps/Deployment":                              (*cluster).addWorkload,
	"apps/DaemonSet":                               (*cluster).addWorkload,
	"/Namespace":                                   (*cluster).addNamespace,
	"/Service":                                     (*cluster).addService,
	"/Secret":                                      (*cluster).addSecret,
	"bitnami.com/SealedSecret":                     (*cluster).addSealed,
	"external-secrets.io/ExternalSecret":           (*cluster).addExternal,
	"cert-manager.io/Certificate":                  (*cluster).addCertificate,
	"/ServiceAccount":                              (*cluster).addAccount,
	"rbac.authorization.k8s.io/ClusterRole":        (*cluster).addRole,
	"rbac.authorization.k8s.io/Role":               (*cluster).addRole,
	"rbac.authorization.k8s.io/ClusterRoleBinding": (*cluster).addBinding,
	"rbac.authorization.k8s.io/RoleBinding":        (*cluster).addBinding,
	"kustomize.config.k8s.io/Kustomization":        (*cluster).addKustomization,
}

// add judges an object by itself and keeps what others are compared with.
func (c *cluster) add(o *manifest.Object, found *diag.List) {
	if !c.checkComplete(o, found) {
		return
	}
	if o.Kind == "" {
		c.noteUnfilled(o, true, found)
		reportFields(o, problems(o), found)
		c.addValues(o, found)
		return
	}
	if o.Encrypted {
		c.countSecret(o)
		return
	}
	if c.skip(o, found) {
		return
	}
	c.patches.label(o)
	correctOperator(o, found)
	c.checkKind(o, found)
	fields := problems(o)
	reportFields(o, fields, found)
	read := readers[o.Group()+"/"+o.Kind]
	c.noteUnfilled(o, read != nil && noteworthy(o), found)
	if read != nil {
		read(c, &object{o, misspeltPaths(fields)}, found)
	}
}

// noteworthy reports whether it matters that a value of an object is not known yet: of a Secret, if it is one for istiod; what an
// operator makes Secrets of is passed over as a whole.
func noteworthy(o *manifest.Object) bool {
	switch o.Kind {
	case "Secret":
		return forControlPlane(o)
	case "SealedSecret", "ExternalSecret":
		return false
	}
	return true
}

// check compares the objects of the cluster with each other.
func (c *cluster) check(found *diag.List) {
	for _, check := range []func(*cluster, *diag.List){
		(*cluster).checkOperators, (*cluster).checkProfiles, (*cluster).checkInstalls, (*cluster).checkNetworkNames,
		(*cluster).checkEastWest, (*cluster).checkPorts, (*cluster).checkDiscoverable,
		(*cluster).checkGateways, (*cluster).checkIstiodRoutes, (*cluster).checkPlaintext, (*cluster).checkKustomizations,
		(*cluster).checkSecrets,
	} {
		check(c, found)
	}
}
