package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestInstallers has every example installed by each installer: what is rendered is found sound, and nothing of it is
// left once istioctl installs the example again.
func TestInstallers(t *testing.T) {
	for _, name := range exampleNames(t) {
		if name == "patches" || testing.Short() && name != "mixed" {
			continue // the patches are made on IstioOperators
		}
		for _, installer := range []string{"helm", "sail"} {
			t.Run(name+"/"+installer, func(t *testing.T) { installs(t, name, installer) })
		}
	}
}

func installs(t *testing.T, name, installer string) {
	dir := copyExample(t, name)
	render := func() {
		t.Helper()
		if got := inProcess(t, dir, "", "render", "--verify"); got.code != exitOK {
			t.Fatalf("meshtopo render --verify exits with %d:\n%s%s", got.code, got.out, got.err)
		}
	}
	render()
	want := contents(t, dir)
	file, with := installedBy(t, dir, installer)
	before, existed := os.ReadFile(file)
	if err := os.WriteFile(file, []byte(with), 0o600); err != nil {
		t.Fatal(err)
	}
	render()
	topology := "."
	if filepath.Ext(file) == ".yaml" {
		topology = "topology.yaml"
	}
	for _, args := range [][]string{{"validate"}, {"diff"}, {"lint", "clusters"}, {"lint", "--topology", topology, "clusters"}} {
		got := inProcess(t, dir, "", args...)
		for _, code := range got.codes() {
			if code != "sail-version" && name != "joining" {
				t.Errorf("meshtopo %s finds %s:\n%s", strings.Join(args, " "), code, got.out)
			}
		}
		if got.code != exitOK {
			t.Errorf("meshtopo %s exits with %d:\n%s%s", strings.Join(args, " "), got.code, got.out, got.err)
		}
	}
	for path := range contents(t, dir) {
		if strings.HasSuffix(path, "/3-control-plane/istio-operator.yaml") {
			t.Errorf("%s is left of istioctl", path)
		}
	}
	if existed != nil {
		os.Remove(file)
	} else if err := os.WriteFile(file, before, 0o600); err != nil {
		t.Fatal(err)
	}
	render()
	if got := contents(t, dir); !maps.Equal(got, want) {
		t.Error("the tree for istioctl is not what it was")
	}
}

// TestInstallerVersions has examples installed by Helm and by the Sail operator in every minor version of Istio:
// nothing is found but what is known of the versions.
func TestInstallerVersions(t *testing.T) {
	version := regexp.MustCompile(`1\.31\.1|1\.28\.3`)
	for _, name := range []string{"two-clusters", "primary-remote-multi-network"} {
		for _, installer := range []string{"helm", "sail"} {
			for minor := 24; minor <= 31; minor++ {
				if testing.Short() && minor%4 != 0 {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/1.%d", name, installer, minor), func(t *testing.T) {
					dir := copyExample(t, name)
					file, text := installedBy(t, dir, installer)
					write(t, file, version.ReplaceAllString(text, fmt.Sprintf("1.%d.2", minor)))
					for _, args := range [][]string{{"render", "--verify"}, {"lint", "clusters"}, {"lint", "--topology", "topology.yaml", "clusters"}} {
						got := inProcess(t, dir, "", args...)
						for _, code := range got.codes() {
							if code != "sail-version" && code != "chart-refuses-values" {
								t.Errorf("meshtopo %s finds %s:\n%s", strings.Join(args, " "), code, got.out)
							}
						}
						if got.code != exitOK {
							t.Errorf("meshtopo %s exits with %d:\n%s%s", strings.Join(args, " "), got.code, got.out, got.err)
						}
					}
				})
			}
		}
	}
}

// installedBy gives the file that has a topology installed by something else, and its text: what an installer has no
// place for is changed as meshtopo asks for it.
func installedBy(t *testing.T, dir, installer string) (file, text string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "topology.yaml")); err != nil {
		return filepath.Join(dir, "installer.cue"), "package shop\n\nspec: istio: installer: \"" + installer + "\"\n"
	}
	file = filepath.Join(dir, "topology.yaml")
	text = regexp.MustCompile(`(?m)^  istio: \{`).ReplaceAllString(read(t, file), "  istio: {installer: "+installer+", ")
	text = strings.Replace(text, "  istio:\n", "  istio:\n    installer: "+installer+"\n", 1)
	text = strings.Replace(text, "    components:\n      pilot:\n        k8s:\n          resources:", "        resources:", 1)
	if installer == "sail" {
		text = strings.ReplaceAll(text, "profile: minimal", "profile: default")
	}
	return file, text
}
