package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fakeSops stands in for sops, which the tests of the product must do without: it knows the flags that are used here,
// age recipients and encrypted_regex, encrypts with a key of its own, and notes each run in $SOPS_RUNS. What the real
// one does is tried in testdata/conformance.
func fakeSops() {
	if err := runFakeSops(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func runFakeSops(args []string) error {
	if file := os.Getenv("SOPS_RUNS"); file != "" {
		f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
		fmt.Fprintln(f, strings.Join(args, " "))
		for _, variable := range os.Environ() {
			fmt.Fprintln(f, "env "+variable)
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	flag := func(name string) string {
		if at := slices.Index(args, name); at >= 0 {
			return args[at+1]
		}
		return ""
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	var doc yaml.Node
	if slices.Contains(args, "decrypt") {
		if text, err = os.ReadFile(args[len(args)-1]); err != nil {
			return err
		}
		if err := yaml.Unmarshal(text, &doc); err != nil {
			return err
		}
		return writeFakeSops(&doc, true, fakeDecrypt)
	}
	recipients, selected, err := fakeRule(flag("--config"), flag("--filename-override"))
	if err != nil {
		return err
	}
	if given := flag("--encrypted-regex"); given != "" {
		selected = given
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return err
	}
	what := regexp.MustCompile(selected)
	root := doc.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		if what.MatchString(root.Content[i].Value) {
			fakeEncrypt(root.Content[i+1])
		}
	}
	var block yaml.Node
	age := []map[string]string{}
	for _, r := range recipients {
		age = append(age, map[string]string{"recipient": r, "enc": "-----BEGIN AGE ENCRYPTED FILE-----\n"})
	}
	if err := block.Encode(map[string]any{"age": age, "mac": "ENC[AES256_GCM,data:" + rand.Text() + "]", "encrypted_regex": selected, "version": "3.13.3"}); err != nil {
		return err
	}
	root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "sops"}, &block)
	return writeFakeSops(&doc, false, nil)
}

func writeFakeSops(doc *yaml.Node, plain bool, each func(n *yaml.Node)) error {
	root := doc.Content[0]
	if plain {
		for i := 0; i+1 < len(root.Content); i += 2 {
			if root.Content[i].Value == "sops" {
				root.Content = slices.Delete(root.Content, i, i+2)
				break
			}
		}
		each(root)
	}
	enc := yaml.NewEncoder(os.Stdout)
	enc.SetIndent(4)
	return enc.Encode(doc)
}

// fakeRule gives the recipients and the selection of the first rule that fits.
func fakeRule(config, file string) (recipients []string, selected string, err error) {
	var c struct {
		Rules []struct {
			Path     string `yaml:"path_regex"`
			Age      string `yaml:"age"`
			Selected string `yaml:"encrypted_regex"`
		} `yaml:"creation_rules"`
	}
	text, err := os.ReadFile(config)
	if err != nil {
		return nil, "", err
	}
	if err := yaml.Unmarshal(text, &c); err != nil {
		return nil, "", err
	}
	file = strings.TrimPrefix(file, filepath.Dir(config)+"/")
	for _, r := range c.Rules {
		if regexp.MustCompile(r.Path).MatchString(file) {
			if strings.Contains(r.Age, "broken") {
				return nil, "", fmt.Errorf("Failed to get the data key required to encrypt the SOPS file")
			}
			return strings.Split(r.Age, ","), r.Selected, nil
		}
	}
	return nil, "", fmt.Errorf("error loading config: no matching creation rules found")
}

func fakeCipher() cipher.AEAD {
	block, err := aes.NewCipher([]byte("a key of 32 bytes, for all tests"))
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

func fakeEncrypt(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		nonce := make([]byte, 12)
		_, _ = rand.Read(nonce)
		sealed := fakeCipher().Seal(nonce, nonce, []byte(n.Value), nil)
		n.Value, n.Style = "ENC[AES256_GCM,data:"+base64.StdEncoding.EncodeToString(sealed)+",type:str]", 0
	}
	for i, child := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			fakeEncrypt(child)
		}
	}
}

func fakeDecrypt(n *yaml.Node) {
	text, begins := strings.CutPrefix(n.Value, "ENC[AES256_GCM,data:")
	if text, ends := strings.CutSuffix(text, ",type:str]"); begins && ends {
		sealed, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			panic(err)
		}
		plain, err := fakeCipher().Open(nil, sealed[:12], sealed[12:], nil)
		if err != nil {
			panic(err)
		}
		n.Value = string(plain)
	}
	for _, child := range n.Content {
		fakeDecrypt(child)
	}
}
