package conformance

import (
	"net"
	"testing"

	"github.com/miekg/dns"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/test"
)

// balancerName is the host name that the cloud of a cluster gives to the load balancer of its gateway, where it has no
// addresses.
func (p *place) balancerName() string { return "gateway." + p.Name + ".cloud.example.com" }

// answerNames has every istiod of the world ask a server of names that knows those of the load balancers, and those
// that the topology has.
func (w *world) answerNames(t *testing.T) {
	t.Helper()
	known := map[string][]string{}
	for _, p := range w.places {
		for _, name := range append([]string{p.balancerName()}, p.EastWestGateway.Addresses...) {
			known[name+"."] = p.gatewayAddresses()
		}
	}
	listener, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{PacketConn: listener, Handler: dns.HandlerFunc(func(to dns.ResponseWriter, question *dns.Msg) {
		answer := new(dns.Msg).SetReply(question)
		for _, q := range question.Question {
			for _, address := range known[q.Name] {
				if ip := net.ParseIP(address); q.Qtype == dns.TypeA && ip.To4() != nil {
					answer.Answer = append(answer.Answer, &dns.A{Hdr: dns.RR_Header{Name: q.Name, Rrtype: q.Qtype, Class: dns.ClassINET, Ttl: 3600}, A: ip})
				}
			}
		}
		_ = to.WriteMsg(answer)
	})}
	go func() { _ = server.ActivateAndServe() }()
	t.Cleanup(func() { _ = listener.Close() })
	test.SetForTest(t, &model.NetworkGatewayTestDNSServers, []string{listener.LocalAddr().String()})
}
