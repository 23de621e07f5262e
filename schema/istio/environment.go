package istio

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"meshtopo.dev/meshtopo/schema/diag"
)

// environmentText has, below the name of each program, the environment variables that it reads.
//
//go:embed environment.txt
var environmentText string

// Program is one of Istio's, as far as the environment variables go that it reads.
type Program string

// The programs.
const (
	Agent Program = "agent" // pilot-agent in the sidecars and gateways; proxyMetadata is its environment
	Pilot Program = "pilot" // istiod
)

// Reads reports whether the program, or something that it is made of, reads an environment variable.
// ISTIO_META_ANYTHING becomes metadata of the proxy; of that, the fields count that Istio itself reads.
func (p Program) Reads(variable string) bool {
	return p.Has(variable) || foreign(variable)
}

// Has reports whether an environment variable is one of Istio's own that the program reads.
func (p Program) Has(variable string) bool { return slices.Contains(p.variables(), variable) }

// Nearest gives the variable that a misspelt one most probably is, or "".
func (p Program) Nearest(variable string) string { return diag.Nearest(variable, p.variables()) }

var environment = sync.OnceValue(func() map[string][]string { return blocks(environmentText) })

// variables gives the part of the table that is the program's.
func (p Program) variables() []string { return environment()[string(p)][1:] }

// foreignPrefixes begin the names of variables that are read by what the programs are made of or run beside: Go's
// runtime and net/http, gRPC, OpenTelemetry, Envoy, the libraries of clouds, and the kubelet.
var foreignPrefixes = []string{"GO", "GRPC_", "OTEL_", "SSL_", "ENVOY_", "AWS_", "AZURE_", "GOOGLE_", "GCE_", "ECS_", "KUBERNETES_", "LD_", "MALLOC_", "TCMALLOC_"}

func foreign(variable string) bool {
	upper := strings.ToUpper(variable)
	if strings.HasSuffix(upper, "_PROXY") || upper == "TZ" || upper == "HOME" || upper == "PATH" {
		return true
	}
	return slices.ContainsFunc(foreignPrefixes, func(prefix string) bool { return strings.HasPrefix(variable, prefix) })
}

// obsolete has variables that are often seen and that nothing reads, with what became of them.
var obsolete = map[string]string{
	"ISTIO_META_ROUTER_MODE":  "nothing has read it since Istio 1.12: any gateway with an AUTO_PASSTHROUGH server routes by SNI",
	"ISTIO_META_DNS_INSECURE": "no version of Istio has ever read it",
}

// Obsolete says what became of a variable that is often seen and that nothing reads, or "".
func Obsolete(variable string) string { return obsolete[variable] }
