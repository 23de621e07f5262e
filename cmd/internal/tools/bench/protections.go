//go:build unix

package main

import (
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bitnami-labs/sealed-secrets/pkg/crypto"
)

// somebody is a recipient of age that its documentation has.
const somebody = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

// protections says what it costs to keep the Secrets of a full mesh encrypted: how often sops runs, and an unchanged
// diff beside that of the same mesh with plaintext.
func (b *benchmark) protections() error {
	if err := b.buildSops(); err != nil {
		return err
	}
	fmt.Println("\n| clusters | Secrets | protection | first render | runs of sops | unchanged render | runs | unchanged diff | CPU | peak MiB | beside plaintext | ratio |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|---|")
	for _, p := range []struct {
		name, protection string
		clusters         int
		prepare          func(dir string, clusters int) error
	}{
		{"sops, one rule", "sops", 100, oneRule},
		{"sops, a rule for each reader", "sops", 10, ruleForEach},
		{"sealed-secrets", "sealed-secrets, sealedSecrets: {certificate: sealing.pem}", 100, sealingCertificate},
	} {
		dir := b.at("protected")
		if err := errors.Join(os.RemoveAll(dir), os.CopyFS(dir, os.DirFS(b.fleet(p.clusters))), p.prepare(dir, p.clusters)); err != nil {
			return err
		}
		topology := filepath.Join(dir, "topology.yaml")
		text := strings.Replace(string(fleet(p.clusters, p.clusters)), "{protection: plaintext}", "{protection: "+p.protection+"}", 1)
		if err := os.WriteFile(topology, []byte(text), 0o644); err != nil {
			return err
		}
		render, diff := b.meshtopo("render", topology), b.meshtopo("diff", topology)
		first, runs, err := b.counted(render)
		if err != nil {
			return err
		}
		again, none, err := b.counted(render)
		if err != nil {
			return err
		}
		a, z, ratio, err := b.pair(5*b.runs, diff, b.meshtopo("diff", "-o", b.tree(p.clusters), b.topology(p.clusters)))
		if err != nil {
			return err
		}
		fmt.Printf("| %d | %d | %s | %s | %d | %s | %d | %s | %s | %.1f | %s | **%.2f** |\n", p.clusters, p.clusters*p.clusters, p.name,
			first.Round(time.Second/10), runs, round(again), none, round(a.wall), round(a.cpu), a.peak, round(z.wall), ratio)
	}
	return nil
}

// buildSops makes the sops that testdata/conformance-sops pins, behind a script that counts its runs.
func (b *benchmark) buildSops() error {
	if err := build("testdata/conformance-sops", b.at("sops-itself"), "github.com/getsops/sops/v3/cmd/sops"); err != nil {
		return err
	}
	script := fmt.Sprintf("#!/bin/sh\necho >> '%s'\nexec '%s' \"$@\"\n", b.at("runs"), b.at("sops-itself"))
	bin := b.at("bin")
	return errors.Join(os.Mkdir(bin, 0o755), os.WriteFile(filepath.Join(bin, "sops"), []byte(script), 0o755),
		os.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH")))
}

// counted runs a command once, and says how often it ran sops.
func (b *benchmark) counted(c command) (took time.Duration, runs int, err error) {
	if err := os.WriteFile(b.at("runs"), nil, 0o644); err != nil {
		return 0, 0, err
	}
	one, err := c.run()
	if err != nil {
		return 0, 0, err
	}
	lines, err := os.ReadFile(b.at("runs"))
	return one.wall, len(lines), err
}

func oneRule(dir string, _ int) error { return writeRules(dir, "- age: "+somebody+"\n") }

// ruleForEach gives each reader a rule that says something else: what is encrypted alike is encrypted once.
func ruleForEach(dir string, clusters int) error {
	var rules strings.Builder
	for i := range clusters {
		fmt.Fprintf(&rules, "- {path_regex: ^clusters/cluster-%d/, age: %s, encrypted_regex: ^(data|stringData|cluster-%d)$}\n", i, somebody, i)
	}
	return writeRules(dir, rules.String())
}

func writeRules(dir, rules string) error {
	return os.WriteFile(filepath.Join(dir, ".sops.yaml"), []byte("creation_rules:\n"+rules), 0o644)
}

func sealingCertificate(dir string, _ int) error {
	_, certificate, err := crypto.GeneratePrivateKeyAndCert(4096, 10*365*24*time.Hour, "")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "sealing.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}), 0o644)
}
