package shown

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// secret opens what says which Secret it is: the names of files in it, its own name, and the cluster that it is about.
func (p *Places) secret(root *document.Node) {
	for _, e := range root.Fields {
		switch {
		case private.OpenFields.Has(e.Key):
			p.Key(e)
			p.Value(e.Value)
		case e.Key == "metadata":
			p.Key(e)
			p.secretMetadata(e.Value)
		case e.Key == "data" || e.Key == "stringData":
			p.Key(e)
			p.Files(e.Value, root.StringAt("metadata", "annotations", "networking.istio.io/cluster"))
		default:
			p.Close(e.Value)
		}
	}
}

func (p *Places) secretMetadata(metadata *document.Node) {
	for _, e := range metadata.Fields {
		switch e.Key {
		case "name", "namespace":
			p.Key(e)
			p.Value(e.Value)
		case "labels", "annotations":
			p.Key(e)
			for _, below := range e.Value.Fields {
				if private.OpenAnnotations.Has(below.Key) || e.Key == "labels" && private.IsKnownLabel(below.Key) {
					p.Key(below)
					p.Value(below.Value)
				} else {
					p.Close(below.Value)
				}
			}
		default:
			p.Close(e.Value)
		}
	}
}

// Files opens the keys of a map that are the names of files, or one of the names that are known, and closes its values.
func (p *Places) Files(n *document.Node, known ...string) {
	var open []diag.Pos
	for _, e := range n.Fields {
		if private.IsFileName(e.Key) || slices.Contains(known, e.Key) {
			open = append(open, p.at(e.KeyPos))
		}
	}
	p.Close(n)
	for _, pos := range open {
		delete(p.closed, pos)
	}
	p.always = append(p.always, open...)
}

// externalKinds are those of External Secrets, which say where private material is, and not what.
var externalKinds = []string{"ExternalSecret", "PushSecret", "SecretStore", "ClusterSecretStore"}

// externalFields are their fields whose values are names, keys, words or addresses; those below them have their own.
var externalFields = map[string]bool{
	"refreshInterval": true, "refreshPolicy": true, "updatePolicy": true, "creationPolicy": true, "deletionPolicy": true, "engineVersion": true,
	"type": true, "mergePolicy": true, "kind": true, "name": true, "namespace": true, "key": true, "property": true, "remoteKey": true,
	"secretKey": true, "remoteNamespace": true, "url": true,
}

// externalParts are their fields that hold others.
var externalParts = map[string]bool{
	"spec": true, "secretStoreRef": true, "secretStoreRefs": true, "target": true, "template": true, "data": true, "match": true, "remoteRef": true,
	"selector": true, "secret": true, "provider": true, "kubernetes": true, "server": true, "auth": true, "token": true, "bearerToken": true,
}

// external opens what is public of an object of External Secrets.
func (p *Places) external(root *document.Node) {
	for _, e := range root.Fields {
		if e.Key == "spec" {
			p.Key(e)
			p.externalPart(e.Value)
		} else {
			p.headField(e)
		}
	}
}

func (p *Places) externalPart(n *document.Node) {
	for _, item := range n.Items {
		p.externalPart(item)
	}
	for _, e := range n.Fields {
		switch {
		case e.Key == "template" && e.Value.Kind == document.Map:
			p.Key(e)
			p.externalTemplate(e.Value)
		case externalFields[e.Key] && IsScalar(e.Value):
			p.Key(e)
			p.Value(e.Value)
		case externalParts[e.Key] && !IsScalar(e.Value):
			p.Key(e)
			p.externalPart(e.Value)
		case e.Key == "caBundle" && IsScalar(e.Value):
			p.Key(e)
			p.certificates(e.Value)
		default:
			p.UnknownKey(e)
			p.Close(e.Value)
		}
	}
}

// externalTemplate opens what is public of the template of a Secret: what is in it comes from a store, or is a
// certificate, or what says nothing of itself and is closed.
func (p *Places) externalTemplate(template *document.Node) {
	for _, e := range template.Fields {
		switch {
		case externalFields[e.Key] && IsScalar(e.Value):
			p.Key(e)
			p.Value(e.Value)
		case e.Key == "metadata":
			p.Key(e)
			p.secretMetadata(e.Value)
		case e.Key == "data":
			p.Key(e)
			p.Files(e.Value, template.StringAt("metadata", "annotations", "networking.istio.io/cluster"))
			for _, below := range e.Value.Fields {
				p.externalText(below.Value)
			}
		default:
			p.Close(e.Value)
		}
	}
}

// externalText opens what is public of a text of a Secret: the lines of certificates, and in a kubeconfig what says
// which server it is for.
func (p *Places) externalText(n *document.Node) {
	if n.Block == nil {
		return
	}
	for _, line := range private.CertificateLines(n.Text) {
		p.marked = append(p.marked, n.Block.Pos(n.Pos.File, line))
	}
	root := document.ReadPart("", document.Part{Line: 1, Text: []byte(n.Text)}, &diag.List{})
	if root == nil || root.StringAt("kind") != "Config" {
		return
	}
	p.move = func(pos diag.Pos) diag.Pos { return n.Block.Move(n.Pos.File, pos) }
	p.kubeconfig(root)
	p.move = nil
}

// kubeconfigFields are the fields of a kubeconfig whose values are names or addresses.
var kubeconfigFields = map[string]bool{
	"apiVersion": true, "kind": true, "current-context": true, "name": true, "cluster": true, "user": true, "server": true, "tls-server-name": true,
}

func (p *Places) kubeconfig(n *document.Node) {
	for _, item := range n.Items {
		p.kubeconfig(item)
	}
	for _, e := range n.Fields {
		switch {
		case e.Key == "certificate-authority-data" && IsScalar(e.Value):
			p.Key(e)
			p.certificates(e.Value)
		case IsScalar(e.Value) && kubeconfigFields[e.Key]:
			p.Key(e)
			p.Value(e.Value)
		case IsScalar(e.Value):
			p.UnknownKey(e)
			p.Close(e.Value)
		default:
			p.UnknownKey(e)
			p.kubeconfig(e.Value)
		}
	}
}

// certificates opens a value that is nothing but certificates, in PEM or in base64 of that.
func (p *Places) certificates(n *document.Node) {
	if len(private.WithoutCertificates([]byte(n.Text))) == 0 {
		p.marked = append(p.marked, p.at(n.Pos))
		return
	}
	p.Close(n)
}
