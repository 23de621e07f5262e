package material

import (
	"bytes"
	"encoding/base64"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// pasted reports private material in any other text of the topology: a private key, a JWT, or what was read as a token.
// It would stand in the tree outside of Secrets. A certificate is none, and neither is the digest of an image.
func (c *Checker) pasted(n *document.Node) {
	if n.Kind == document.String && c.holdsPrivate(n.Text) {
		c.reportPasted(n.Pos)
	}
	for _, e := range n.Fields {
		if c.holdsPrivate(e.Key) {
			c.reportPasted(e.KeyPos)
		}
		c.pasted(e.Value)
	}
	for _, item := range n.Items {
		c.pasted(item)
	}
}

func (c *Checker) reportPasted(pos diag.Pos) {
	for d := range c.found.At(pos) {
		if d.Code == inlineMaterial.Code {
			return
		}
	}
	c.found.Add(pos, inlineMaterial, "a private key or a token stands in the topology itself")
}

func (c *Checker) holdsPrivate(text string) bool {
	if private.HoldsKeyOrJWT(text) {
		return true
	}
	for _, token := range c.tokensRead {
		if strings.Contains(text, token) {
			return true
		}
	}
	return false
}

// remember keeps a token that was read, as it is and in base64, if it is too long to stand in a text by chance.
func (c *Checker) remember(token []byte) {
	const shortest = 12
	if token = bytes.TrimSpace(token); len(token) >= shortest {
		c.tokensRead = append(c.tokensRead, string(token), base64.RawStdEncoding.EncodeToString(token[:len(token)/3*3]))
	}
}
