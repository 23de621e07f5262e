package sops

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// runner runs the sops on the PATH.
type runner struct {
	config   string
	withheld []string
	known    func(text []byte) bool // whether a text holds something private
}

// patience is how long one run may take: a key service far away may be slow, but nobody waits for ever.
const patience = 2 * time.Minute

// maxOutput is more than any Secret gives.
const maxOutput = 8 << 20

// encrypt gives a document in YAML to sops by its standard input. Nothing private is in its arguments or its
// environment. The flags stand before the verb: behind it sops does not know them.
func (r *runner) encrypt(ctx context.Context, path string, plain []byte, selects bool) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	args := []string{"--disable-version-check", "--config", r.config, "encrypt", "--filename-override", path, "--input-type", "yaml", "--output-type", "yaml"}
	if selects {
		args = append(args, "--encrypted-regex", defaultSelection)
	}
	cmd := exec.CommandContext(ctx, "sops", args...)
	cmd.Env = r.environment(os.Environ())
	cmd.WaitDelay = time.Second
	out, problem := &limited{}, &limited{}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(plain), out, problem
	switch err := cmd.Run(); {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("there is no sops on the PATH: install it (https://github.com/getsops/sops/releases), or choose another secrets.protection")
	case ctx.Err() != nil:
		return nil, fmt.Errorf("it was stopped after %s", patience)
	case err != nil:
		return nil, fmt.Errorf("it failed (%v): %s", err, r.said(problem.Bytes()))
	case out.cut:
		return nil, errors.New("it wrote too much")
	}
	return out.Bytes(), nil
}

// environment gives the variables of a process but those that hold private material of the topology.
func (r *runner) environment(all []string) []string {
	return slices.DeleteFunc(all, func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains(r.withheld, name)
	})
}

// said gives what sops said of a failure: a few lines, and none that might show something.
func (r *runner) said(text []byte) string {
	const few = 6
	var lines, parts []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if r.known([]byte(line)) || isPrivateKey(line) {
			line = hidden
		} else {
			parts = append(parts, strings.Fields(line)...)
		}
		if lines = append(lines, line); len(lines) == few {
			break
		}
	}
	switch {
	case len(lines) == 0:
		return "it did not say why"
	case r.known([]byte(strings.Join(parts, ""))): // cut into pieces
		return hidden
	}
	return strings.Join(lines, "; ")
}

const hidden = "(a line that is not shown)"

// limited keeps what a process writes, up to a limit.
type limited struct {
	bytes.Buffer
	cut bool
}

// Write keeps what there is room for.
func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > maxOutput {
		l.cut = true
		return len(p), nil
	}
	return l.Buffer.Write(p)
}
