package text

import (
	"fmt"
	"strings"
)

// Listener is one of a Gateway of the Gateway API: TLS that the gateway passes through. Without a name of a host it is
// for all of them.
type Listener struct {
	Name, Hostname string
	Port           int64
	Auto           bool // to whatever the SNI names
}

// printedListeners gives listeners as items of a list in YAML, of which the first stands where the hole is.
func printedListeners(all []Listener) (string, error) {
	var out []string
	for _, l := range all {
		text := "name: " + l.Name + "\n"
		if l.Hostname != "" {
			host, err := quote(l.Hostname)
			if err != nil {
				return "", err
			}
			text += "    hostname: " + host + "\n"
		}
		text += fmt.Sprintf("    port: %d\n    protocol: TLS\n    tls:\n      mode: Passthrough", l.Port)
		if l.Auto {
			text += "\n      options:\n        gateway.istio.io/listener-protocol: auto-passthrough"
		}
		out = append(out, text)
	}
	return strings.Join(out, "\n  - "), nil
}
