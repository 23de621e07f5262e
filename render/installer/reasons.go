package installer

// What goes wrong when a patch changes what follows from the topology, in what installers read and beside it.
const (
	LostNetwork  = "istiod takes the network of pods and gateways from this label: with another one, calls go straight to addresses that do not answer, or to the wrong gateway"
	LostRevision = "an istiod ignores what is labelled for another revision: the gateway would not open its port"
	LostPort     = "other clusters call the gateway at the ports that were rendered: without one of them their calls, or a remote's connection to istiod, are refused"
	LostSelector = "the Gateway opens its port on the pods that this selector finds: with another one nothing listens, and calls from other networks are reset"
)
