package conformance

import (
	"encoding/json"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	endpointv3 "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	tcpv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry/aggregate"
	"istio.io/istio/pilot/pkg/xds/endpoints"
	"istio.io/istio/security/pkg/pki/ca"
	corev1 "k8s.io/api/core/v1"
)

// A view is what is to be seen in a world, in lines, and what its workloads have to show each other.
type view struct {
	world      *world
	lines      []string
	identities map[string]*identity // of the sample, by cluster
}

func (v *view) see(format string, args ...any) {
	v.lines = append(v.lines, fmt.Sprintf(format, args...))
}

// observe says in lines what is to be seen in a mesh: which pods are injected, which clusters each istiod reads, what
// it tells the proxies of the clusters that it runs, and who believes whom.
func (w *world) observe(t *testing.T) []string {
	t.Helper()
	v := &view{world: w, identities: map[string]*identity{}}
	for _, p := range w.places {
		for _, pod := range p.pods {
			if p.proxy(pod) == nil && (pod.Name == "echo" || pod.Name == eastWest) {
				v.see("%s of %s: nobody injects it", pod.Name, p.Name)
			}
			if p.waitsForPlugin(pod) {
				v.see("%s of %s: waits for a CNI plugin that its cluster does not have", pod.Name, p.Name)
			}
		}
	}
	w.answerNames(t)
	for _, p := range w.places {
		for _, plane := range p.planes {
			if plane.istiodDeployment(t) != nil {
				t.Run("istiod of "+plane.title(), func(t *testing.T) { v.observeIstiod(t, plane) })
			}
		}
	}
	for _, p := range w.places {
		for _, note := range p.notes {
			v.see("%s: %s", p.Name, note)
		}
	}
	v.lines = append(v.lines, handshakes(t, v.identities)...)
	v.lines = slices.DeleteFunc(v.lines, w.ofIstio)
	slices.Sort(v.lines)
	return slices.Compact(v.lines)
}

func (v *view) observeIstiod(t *testing.T, p *place) {
	authority, err := p.authority(t)
	if err != nil {
		v.see("istiod of %s: stops: %v", p.title(), reproducible(err))
		return
	}
	_, _, _, roots := authority.GetCAKeyCertBundle().GetAllPem()
	logged.taken()
	i := v.world.start(t, p, roots)
	if !i.ready {
		v.see("istiod of %s: does not get ready", p.title())
	}
	for _, refusal := range i.refused {
		v.see("istiod of %s: refuses %s", p.title(), refusal)
	}
	for _, remote := range i.remotes.ListRemoteClusters() {
		if remote.SecretName != "" {
			v.see("istiod of %s: %s is %s", p.title(), remote.ID, remote.SyncStatus)
		}
	}
	if outlives(t, authority) {
		v.see("istiod of %s: signs for longer than its root is valid", p.title())
	}
	v.observeServices(i, p)
	v.observeTunnels(i, p)
	for _, c := range v.world.places {
		for _, pod := range c.pods {
			proxy := c.proxy(pod)
			if proxy == nil || pod.Namespace != "shop" && pod.Name != eastWest || v.world.control(t, c, pod) != p {
				continue
			}
			if v.observeIdentity(t, i, c, pod, i.SetupProxy(proxy), authority) {
				v.observeProxy(t, i, c, pod, proxy)
			}
		}
	}
	v.observeRemotes(i, p)
	for _, line := range logged.taken() {
		v.see("istiod of %s: logs %s", p.title(), line)
	}
}

// observeServices says what istiod makes of Services that clusters have in common, but the sample's.
func (v *view) observeServices(i *istiod, p *place) {
	for _, s := range i.Registry.(*aggregate.Controller).Services() {
		if s.Attributes.Namespace != "shop" || s.Attributes.Name == "echo" || s.Attributes.Name == "plain" {
			continue
		}
		for _, port := range s.Ports {
			v.see("istiod of %s: %s has port %d", p.title(), s.Attributes.Name, port.Port)
		}
	}
}

var times = regexp.MustCompile(`current time \S+ is (after|before) [^\s)]+`)

// reproducible gives the words of an error without times, and without the directory in which a test has put files.
func reproducible(err error) string {
	words := strings.Fields(times.ReplaceAllString(err.Error(), "now is $1 its time"))
	for i, word := range words {
		if at := strings.LastIndex(word, "/"); strings.HasPrefix(strings.TrimLeft(word, "("), "/") {
			words[i] = word[at+1:]
		}
	}
	return strings.Join(words, " ")
}

// observeIdentity says as whom istiod takes a proxy, and reports whether it does.
func (v *view) observeIdentity(t *testing.T, i *istiod, c *place, pod *corev1.Pod, proxy *model.Proxy, authority *ca.IstioCA) bool {
	name, err := i.admit(t, c, proxy)
	if err != nil {
		v.see("%s of %s: istiod refuses it: %v", pod.Name, c.Name, err)
		return false
	}
	if pod.Name != "echo" {
		return true
	}
	v.see("echo of %s: is %s in mesh %s", c.Name, name, proxy.Metadata.MeshID)
	id, err := i.identify(t, proxy, name, authority)
	if err != nil {
		v.see("echo of %s: istiod signs nothing: %v", c.Name, err)
		return true
	}
	v.identities[c.Name] = id
	if id.gap {
		v.see("echo of %s: presents a certificate that the next one of its chain did not sign", c.Name)
	}
	return true
}

// control gives the cluster whose istiod a pod's proxy calls, as that control plane has it.
func (w *world) control(t *testing.T, p *place, pod *corev1.Pod) *place {
	host := "istiod." + p.Istio.Namespace + ".svc:15012"
	for _, c := range append(pod.Spec.InitContainers, pod.Spec.Containers...) {
		if address := discoveryAddress(environment(&c)["PROXY_CONFIG"]); c.Name == "istio-proxy" && address != "" {
			host = address
		}
	}
	namespace, name := splitHost(host)
	return w.serves(t, p, namespace, name)
}

func discoveryAddress(config string) string {
	var proxy struct{ DiscoveryAddress string }
	if json.Unmarshal([]byte(config), &proxy) != nil {
		return ""
	}
	return proxy.DiscoveryAddress
}

// observeProxy says where istiod has a proxy find the samples, and what it has a gateway listen to.
func (v *view) observeProxy(t *testing.T, i *istiod, p *place, pod *corev1.Pod, proxy *model.Proxy) {
	who := pod.Name + " of " + p.Name
	for _, name := range []string{"echo", "plain"} {
		for _, address := range i.addresses(proxy, name+".shop.svc.") {
			v.see("%s: calls %s at %s", who, name, address)
		}
	}
	if proxy.Type == model.Router {
		for _, l := range i.Listeners(proxy) {
			if l.GetInternalListener() == nil { // which nobody reaches from outside
				v.lines = append(v.lines, describeListener(who, l)...)
			}
		}
		return
	}
	v.see("%s: istiod of %s configures it", who, v.world.control(t, p, pod).title())
	if proxy.Metadata.DNSCapture {
		v.see("%s: its proxy answers DNS", who)
	}
	if file := i.Env().Mesh().AccessLogFile; file != "" {
		v.see("%s: its proxy logs to %s", who, file)
	}
}

// addresses gives where istiod has a proxy find a Service of the sample; for a gateway, where it passes on to what came
// from other networks.
func (i *istiod) addresses(proxy *model.Proxy, host string) []string {
	var all []string
	for _, c := range i.Clusters(proxy) {
		passedOn := strings.HasPrefix(c.Name, "outbound_.")
		if c.GetType() != clusterv3.Cluster_EDS || !strings.Contains(c.Name, host) || passedOn != (proxy.Type == model.Router) {
			continue
		}
		builder := endpoints.NewEndpointBuilder(c.Name, proxy, i.PushContext())
		for _, locality := range builder.BuildClusterLoadAssignment(i.Env().EndpointIndex).Endpoints {
			for _, e := range locality.LbEndpoints {
				socket := e.GetEndpoint().GetAddress().GetSocketAddress()
				address := net.JoinHostPort(socket.GetAddress(), strconv.Itoa(int(socket.GetPortValue())))
				if !passedOn && !mutual(c, e) {
					address += " in plain text"
				}
				all = append(all, address)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// mutual reports whether a proxy calls an endpoint with mutual TLS: whether that is what the first match for it says.
func mutual(c *clusterv3.Cluster, e *endpointv3.LbEndpoint) bool {
	have := e.GetMetadata().GetFilterMetadata()["envoy.transport_socket_match"].GetFields()
	for _, match := range c.TransportSocketMatches {
		fits := true
		for name, want := range match.GetMatch().GetFields() {
			fits = fits && have[name].GetStringValue() == want.GetStringValue()
		}
		if fits {
			return match.GetTransportSocket().GetName() == "envoy.transport_sockets.tls"
		}
	}
	return c.GetTransportSocket() != nil
}

// describeListener gives a line for each name that a listener takes, and where it leads.
func describeListener(who string, l *listenerv3.Listener) []string {
	at := fmt.Sprintf("%s: %d", who, l.GetAddress().GetSocketAddress().GetPortValue())
	if len(l.FilterChains) == 0 {
		return []string{at + " is open"}
	}
	var lines []string
	taken := map[string]bool{}
	for _, chain := range l.FilterChains {
		to := "something"
		for _, filter := range chain.Filters {
			proxy := &tcpv3.TcpProxy{}
			if filter.GetTypedConfig().MessageIs(proxy) && filter.GetTypedConfig().UnmarshalTo(proxy) == nil {
				to = proxy.GetCluster()
			}
		}
		for _, name := range chain.GetFilterChainMatch().GetServerNames() {
			lines = append(lines, fmt.Sprintf("%s passes %s to %s", at, name, to))
			if taken[name] {
				lines = append(lines, fmt.Sprintf("%s: Envoy refuses it, because two of its filter chains match %s", at, name))
			}
			taken[name] = true
		}
		if len(chain.GetFilterChainMatch().GetServerNames()) == 0 {
			lines = append(lines, fmt.Sprintf("%s passes all to %s", at, to))
		}
	}
	return lines
}
