package schema

import "meshtopo.dev/meshtopo/schema/grammar"

// The rules of topologies that manifests written by hand can break as well: package lint reports them under the same codes.
var (
	APIURLPrivate          = apiURLPrivate
	BadGatewayAddress      = badGatewayAddress
	GatewayHostname        = gatewayHostname
	IgnoredIstioField      = ignoredIstioField
	InvalidName            = grammar.InvalidName
	InvalidValue           = grammar.InvalidValue
	LongRevision           = longRevision
	NetworkWithoutGateway  = networkWithoutGateway
	PrimariesApart         = primariesApart
	RemoteNamespace        = remoteNamespace
	RemoteNewer            = remoteNewer
	RemoteOlder            = remoteOlder
	RemoteRevision         = remoteRevision
	ReservedClusterName    = reservedClusterName
	ReservedRevision       = reservedRevision
	SeveralNamespaces      = severalNamespaces
	SharedToken            = sharedToken
	UncoveredClusterDomain = uncoveredClusterDomain
	UndiscoverableGateway  = undiscoverableGateway
	UnknownIstioField      = unknownIstioField
	SharedIntermediateKey  = sharedIntermediateKey
	MeshNetworksForm       = meshNetworksForm
	MeshNetworksOverlap    = meshNetworksOverlap
	MeshNetworksRegistry   = meshNetworksRegistry
	UnknownPrimary         = unknownPrimary
	UnreadVariable         = unreadVariable
	UnusedOnRemote         = unusedOnRemote
	WrongIstioValue        = wrongIstioValue
)
