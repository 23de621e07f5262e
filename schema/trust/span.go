package trust

import (
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema/private"
)

// Span is how long something is valid.
type Span struct {
	Subject    string    // of a certificate
	Begin, End time.Time // Begin is zero where it is not known
}

func (c certificate) span() Span { return Span{c.Subject.String(), c.NotBefore, c.NotAfter} }

// Spans gives how long each certificate is valid, in the order of the file.
func (cs Certificates) Spans() []Span {
	var all []Span
	for _, c := range cs.list {
		all = append(all, c.span())
	}
	return all
}

// Signer gives the certificate that istiod signs with.
func (i Intermediate) Signer() Certificates {
	if len(i.Cert.list) == 0 {
		return Certificates{}
	}
	return Certificates{i.Cert.list[:1]}
}

// Between gives the CAs of the chain that are between the intermediate and its root.
func (i Intermediate) Between() Certificates {
	if len(i.Cert.list) == 0 {
		return Certificates{}
	}
	var between Certificates
	for _, c := range i.path(i.Cert.list[0])[1:] {
		if !i.Roots.contain(c) && !c.selfSigned() {
			between.list = append(between.list, c)
		}
	}
	return between
}

// ClientSpan gives how long the certificate is valid with which a kubeconfig logs in. It reports false where there is
// none to be read.
func ClientSpan(text []byte) (Span, bool) {
	leaf, problems := readClientCertificate(text)
	if leaf == nil || len(problems) > 0 {
		return Span{}, false
	}
	return leaf.span(), true
}

// TokenSpan gives how long a token is valid. It reports false where a token has no end that it tells.
func TokenSpan(text []byte) (Span, bool) {
	token := strings.TrimSpace(string(text))
	if !private.IsJWT(token) {
		return Span{}, false
	}
	c, what := parseJWT(token)
	end, ends := moment(c.Expires)
	if what != "" || !ends {
		return Span{}, false
	}
	begin, _ := moment(c.IssuedAt)
	return Span{Begin: begin, End: end}, true
}
