package ca

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/authority"
	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/loader"
)

// visible makes a text from anywhere fit for a terminal.
func visible(text string) string { return report.Visible(text) }

// mesh is a topology, the certificates of which need not be there.
type mesh struct {
	*schema.Topology
	src *files.Topology
}

// open reads the topology. Errors in it are reported, and end the command.
func (c *command) open() (*mesh, error) {
	src, err := files.OpenTopology(c.topology, c.IO.In)
	if err != nil {
		return nil, err
	}
	m, err := c.load(src)
	if err != nil {
		src.Close()
	}
	return m, err
}

func (c *command) load(src *files.Topology) (*mesh, error) {
	c.IO.Begin("reading %s", src.Label())
	t, found, err := loader.Load(loader.Input{FS: src.FS(), Files: src.Files, Stdin: src.Stdin, Now: c.now(), Rules: c.Rules})
	var path *fs.PathError
	switch {
	case errors.As(err, &path):
		return nil, fmt.Errorf("%s: %w", src.Name(path.Path), path.Err)
	case err != nil:
		return nil, err
	case t == nil:
		return nil, c.report(found, src.Name)
	}
	return &mesh{t, src}, nil
}

// report prints findings, and ends the command where there are errors among them.
func (c *command) report(found *diag.List, name func(string) string) error {
	r := &report.Report{Command: "ca", Findings: found, FailOn: diag.Error, Rules: c.Rules, Name: name}
	format, err := report.New("text", console.Colours(c.IO.Out))
	if err != nil {
		return err
	}
	if err := format(c.IO.Out, r); err != nil {
		return err
	}
	return c.IO.Outcome(r)
}

// file gives a file below the root of the topology that is to be written.
func (m *mesh) file(path string, text []byte, mode fs.FileMode) authority.File {
	return authority.File{Root: m.src.Dir, Path: path, Name: m.src.Name(path), Text: text, Mode: mode}
}

// here gives a file that the command line names.
func here(path string, text []byte, mode fs.FileMode) authority.File {
	dir := filepath.Dir(path)
	return authority.File{Root: dir, Path: filepath.Base(path), Name: path, Text: text, Mode: mode}
}

// largest is more than any file of certificates or keys has.
const largest = 1 << 20

// readFile reads a file that the command line names.
func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err != nil {
		return nil, failed(name, err)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, failed(name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err == nil && len(text) > largest {
		err = errors.New("it is larger than 1 MiB")
	}
	if err != nil {
		return nil, failed(name, err)
	}
	return text, nil
}

// failed names a file that cannot be read.
func failed(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// completeClusters offers the clusters that run a control plane.
func (c *command) completeClusters(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	quiet := *c
	quiet.IO.Out, quiet.IO.Err, quiet.IO.In = io.Discard, io.Discard, nil
	m, err := quiet.open()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer m.src.Close()
	return schema.Names(m.signing()), cobra.ShellCompDirectiveNoFileComp
}
