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

// Reads reports whether the program, or something that it is made of, reads an environment variable in a minor version
// of Istio; for one that the tables do not cover, or 0, in Version. ISTIO_META_ANYTHING becomes metadata of the proxy:
// there the fields count that Istio itself reads.
func (p Program) Reads(variable string, minor int) bool {
	return slices.Contains(p.variables(minor), variable) || foreign(variable)
}

// Around gives the first minor version after one that reads a variable, and the last one before it; each is 0 where
// there is none.
func (p Program) Around(variable string, minor int) (since, until int) {
	return around(minor, func(minor int) bool { return slices.Contains(p.variables(minor), variable) })
}

// Has reports whether an environment variable is one of Istio's own that the program reads.
func (p Program) Has(variable string) bool { return slices.Contains(p.variables(0), variable) }

// Nearest gives the variable that a misspelt one most probably is, or "".
func (p Program) Nearest(variable string) string { return diag.Nearest(variable, p.variables(0)) }

// variables gives what the program reads in a minor version.
func (p Program) variables(minor int) []string {
	if !Covers(minor) {
		return block(environmentText, string(p))
	}
	key := programVersion{p, minor}
	if known, ok := programVersions.Load(key); ok {
		return known.([]string)
	}
	names := adjusted(block(environmentText, string(p)), string(p), minor)
	programVersions.Store(key, names)
	return names
}

type programVersion struct {
	program Program
	minor   int
}

var programVersions sync.Map // to the variables that each reads

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
