package schema

// The rules of topologies that manifests written by hand can break as well: package lint reports them under the same codes.
var (
	NetworkWithoutGateway = networkWithoutGateway
	RemoteNamespace       = remoteNamespace
	RemoteRevision        = remoteRevision
	RemoteNewer           = remoteNewer
	RemoteOlder           = remoteOlder
	PrimariesApart        = primariesApart
	SeveralNamespaces     = severalNamespaces
	UnknownPrimary        = unknownPrimary
)
