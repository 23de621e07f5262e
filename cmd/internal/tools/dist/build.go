package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// build compiles one static binary and gives its bytes.
func (r *release) build(goos, goarch string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "dist")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	places, err := placeSettings()
	if err != nil {
		return nil, err
	}
	binary := filepath.Join(dir, "meshtopo")
	linked := fmt.Sprintf("-s -w -X main.version=%s -X main.commit=%s", r.version, r.commit)
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", linked, "-o", binary, "./cmd/meshtopo")
	c.Env = append(append(os.Environ(), places...), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0",
		"GOENV=off", "GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=off", "GOAMD64=v1", "GOARM64=v8.0")
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return nil, err
	}
	return os.ReadFile(binary)
}

// placeSettings gives the settings that say which Go this is, where modules come from and where they are kept. They may
// be in the file that `go env -w` writes, nothing else of which is left to a build: an empty variable would not hide
// it.
func placeSettings() ([]string, error) {
	names := []string{"GOTOOLCHAIN", "GOPROXY", "GOPRIVATE", "GONOPROXY", "GOSUMDB", "GONOSUMDB", "GOINSECURE", "GOVCS", "GOAUTH",
		"GOMODCACHE", "GOCACHE", "GOPATH", "GOTMPDIR"}
	out, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	var settings []string
	for i, value := range strings.SplitN(strings.TrimSuffix(string(out), "\n"), "\n", len(names)) {
		settings = append(settings, names[i]+"="+value)
	}
	return settings, nil
}
