package lint

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// sharedRules are those of topologies that manifests can break as well, with their codes.
var sharedRules = []*diag.Rule{
	schema.APIURLPrivate, schema.BadGatewayAddress, schema.GatewayHostname, schema.InvalidName, schema.InvalidValue, schema.LongRevision,
	schema.NetworkWithoutGateway, schema.PrimariesApart, schema.MeshNetworksForm, schema.MeshNetworksOverlap, schema.MeshNetworksRegistry, schema.SharedIntermediateKey, schema.RemoteNamespace, schema.RemoteNewer, schema.RemoteOlder,
	schema.RemoteRevision, schema.ReservedClusterName, schema.ReservedRevision, schema.SeveralNamespaces, schema.SharedToken,
	schema.UncoveredClusterDomain, schema.UndiscoverableGateway, schema.UnknownPrimary, schema.UnusedOnRemote,
	schema.UnknownIstioField, schema.IgnoredIstioField, schema.WrongIstioValue, schema.UnreadVariable,
}
