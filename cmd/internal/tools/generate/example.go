package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// topology is what the generator needs of a topology file: where its material is kept. It is read without the
// schema, which would refuse a topology whose material is not there yet.
type topology struct {
	Spec struct {
		Istio struct {
			Namespace string
			Reader    struct {
				ServiceAccount string `yaml:"serviceAccount"`
			}
		}
		Trust struct {
			Roots         []string
			Intermediates string
		}
		Secrets  secrets
		Clusters map[string]cluster
	}
}

type cluster struct {
	Primary   string
	State     string
	APIServer struct {
		CA string
	} `yaml:"apiServer"`
	Credential struct {
		Token private
	}
	Intermediate struct {
		Cert, Chain string
		Key         private
	}
	Secrets secrets
}

type secrets struct{ Protection string }

type private struct {
	File string
}

// example makes what is missing of the material that DIR/topology.yaml names, and gives the paths of what it made.
func example(dir string) (made []string, err error) {
	t, err := read(dir)
	if err != nil {
		return nil, err
	}
	for name, text := range t.material() {
		file := filepath.Join(dir, filepath.FromSlash(name))
		switch err := write(file, text); {
		case errors.Is(err, fs.ErrExist):
		case err != nil:
			return made, err
		default:
			made = append(made, file)
		}
	}
	slices.Sort(made)
	return made, nil
}

// read reads the topology of an example. An example in CUE is named after the one in YAML that it repeats, and
// has the same material.
func read(dir string) (*topology, error) {
	file := filepath.Join(dir, "topology.yaml")
	if _, err := os.Stat(file); err != nil {
		file = filepath.Join(strings.TrimSuffix(filepath.Clean(dir), "-cue"), "topology.yaml")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	t := &topology{}
	if err := yaml.Unmarshal(text, t); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return t, nil
}

// material gives the text of each file that the topology names.
func (t *topology) material() map[string]string {
	files := map[string]string{}
	for i, name := range t.Spec.Trust.Roots {
		files[name] = newRoot(i).certPEM("root certificate")
	}
	for _, name := range slices.Sorted(maps.Keys(t.Spec.Clusters)) {
		c := t.Spec.Clusters[name]
		files[c.APIServer.CA] = newAPIServerCA(name).certPEM("certificate of an API server's CA")
		if c.Primary == "" {
			t.intermediate(files, name, c)
		}
		if c.State != "joining" {
			files[c.Credential.Token.File] = t.token(name)
		}
	}
	delete(files, "")
	return files
}

// intermediate adds the files that Istio's certificate Makefile leaves for a cluster.
func (t *topology) intermediate(files map[string]string, name string, c cluster) {
	cert, key, chain := c.Intermediate.Cert, c.Intermediate.Key.File, c.Intermediate.Chain
	if dir := strings.ReplaceAll(t.Spec.Trust.Intermediates, "{cluster}", name); dir != "" && cert == "" {
		cert, key, chain = path.Join(dir, "ca-cert.pem"), path.Join(dir, "ca-key.pem"), path.Join(dir, "cert-chain.pem")
	}
	root := newRoot(0)
	ca := newIntermediate(root, name, t.namespace())
	files[cert] = ca.certPEM("intermediate certificate")
	if cmp.Or(c.Secrets.Protection, t.Spec.Secrets.Protection) != "external-secrets" { // those keep it in a store
		files[key] = ca.keyPEM()
	}
	files[chain] = ca.certPEM("certificate chain") + root.block()
}

func (t *topology) token(cluster string) string {
	account := t.Spec.Istio.Reader.ServiceAccount
	if account == "" {
		account = "istio-remote-reader"
	}
	return newToken(cluster, t.namespace(), account) + "\n"
}

func (t *topology) namespace() string {
	if t.Spec.Istio.Namespace == "" {
		return "istio-system"
	}
	return t.Spec.Istio.Namespace
}

// write creates a file, readable by its owner alone where it holds a key or a token. One that exists is left alone.
func write(file, text string) error {
	mode := fs.FileMode(0o644)
	if !strings.Contains(text, "BEGIN CERTIFICATE") {
		mode = 0o600
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
