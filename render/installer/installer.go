// Package installer brings Istio into a cluster: the files of the layers with the control plane and the gateway, and
// the commands that install them. What depends on the way of installing is decided here and nowhere else.
package installer

import (
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema"
)

// Public gives the names of objects that installers read. A patch of one shows nothing private.
func Public() []string { return []string{operatorControlPlane, operatorGatewayName} }

// Installer brings Istio into one cluster: its control plane, and its gateway where it has one.
type Installer struct {
	Target
	control part
	gateway part
}

// New gives the installer of a cluster.
func New(t Target) Installer {
	return Installer{Target: t, control: control(t), gateway: gateway(t.as(t.GatewayControlPlane()))}
}

// control is the way of installing the control plane.
func control(t Target) part {
	switch t.Istio.Installer {
	case schema.Helm:
		return helm{t}
	case schema.Sail:
		return sail{t}
	}
	return istioctl{t}
}

// Folder is where the templates of the control plane are.
func (i Installer) Folder() string { return i.control.folder() }

// GatewayFolder is where the templates of the gateway are.
func (i Installer) GatewayFolder() string { return i.gateway.folder() }

// ControlPlane and Gateway add the files of these two layers to the directory of the cluster.
func (i Installer) ControlPlane() { i.control.fill() }
func (i Installer) Gateway()      { i.gateway.fill() }

// Owned gives what follows from the topology in an object of the two layers, or in one of DescribeGateways.
func (i Installer) Owned(id patch.Identity) []patch.Owned {
	return slices.Concat(i.control.owned(id), i.gateway.owned(id), ownedRemoteGateway(id))
}

// Install gives the commands that install what is in a layer.
func (i Installer) Install(layer string) []string {
	switch layer {
	case layout.Gateway:
		return i.gateway.install()
	case layout.Expose:
		return i.expose()
	}
	return i.control.install()
}

// GatewayService is the name of the gateway's Service. istiod appends the class to the name of a Gateway.
func (i Installer) GatewayService() string {
	if i.EastWestGateway.Kind == schema.GatewayAPI {
		return gatewayName + "-istio"
	}
	return gatewayName
}

// Accounts are the service accounts of the two layers beside the control plane, each with a role and a binding of its
// name.
func (i Installer) Accounts() []string {
	beside := i.EastWestGateway.Namespace == i.Istio.Namespace
	if i.EastWestGateway.Kind == schema.DeploymentGateway && i.Has(layout.Gateway) && beside {
		return []string{gatewayName}
	}
	return nil
}

// Gone gives the commands that delete what earlier trees may have installed and this one does not.
func (i Installer) Gone() []string { return append(i.control.gone(), i.goneGateways()...) }

// goneGateways deletes what earlier trees made in other ways, and in this one where there is no gateway any more. A
// gateway of an IstioOperator is the usual one for istioctl: its cluster has had no other.
func (i Installer) goneGateways() []string {
	var commands []string
	for _, g := range gateways {
		used, usual := g.kind == i.EastWestGateway.Kind, i.EastWestGateway.Kind == schema.OperatorGateway
		if used && i.Has(layout.Gateway) || usual && !used {
			if g.kind == schema.GatewayAPI && i.describesGateways() {
				commands = append(commands, i.deleteGateways())
			}
			continue
		}
		commands = append(commands, g.of(i.Target).gone()...)
	}
	return commands
}
