package external

import (
	"bytes"
	"strings"
)

// fromStdin is how the README of the mesh makes the Secrets that External Secrets logs in with.
const fromStdin = "--from-file=token=/dev/stdin"

// WithoutPlaces takes what templates of External Secrets say of private material out of a text, as it was rendered:
// where it is, and not what.
func WithoutPlaces(text []byte) []byte {
	if !bytes.Contains(text, []byte("external-secrets.io/")) && !bytes.Contains(text, []byte(fromStdin)) {
		return text
	}
	return []byte(places.Replace(string(text)))
}

var places = strings.NewReplacer(
	"\n              token: "+tokenHole+"\n", "\n\n", "\n        ca-key.pem: \""+keyHole+"\"\n", "\n\n",
	"- secretKey: token\n", "\n", "- secretKey: key\n", "\n", "      secretKey: token\n", "\n", "      secretKey: ca.crt\n", "\n",
	fromStdin, "", "\n    secret:\n      name: ", "\n", "\n      auth:\n        token:\n          bearerToken:\n            name: ", "\n",
)
