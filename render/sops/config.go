// Package sops encrypts Secrets with the sops of the user, by the creation rules of the user's .sops.yaml
// (https://github.com/getsops/sops), and tells without a key whether a file is encrypted for those whom its rule names.
package sops

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/layout"
)

// ConfigName is the file that sops looks for.
const ConfigName = ".sops.yaml"

// maxConfig is more than anybody's creation rules have.
const maxConfig = 1 << 20

// Config is a file of creation rules.
type Config struct {
	Path  string // absolute
	rules []*Rule
}

// Rule is a creation rule: for which files it is, and for whom it has them encrypted.
type Rule struct {
	line      int
	path      *regexp.Regexp // nil: for every file
	groups    [][]string     // of recipients
	threshold int
	selects   selection
	macOnly   bool
	digest    string
}

// Error is something wrong in a file of creation rules, or with it.
type Error struct {
	Path    string
	Line    int // 0 where it is about the whole file
	Message string
	Fix     string
}

// Error gives the place and the message.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Path + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Message)
}

// Find reads the .sops.yaml of a directory or of the nearest one above it that has one, as sops does for its working
// directory (config/config.go, LookupConfigFile).
func Find(dir string) (*Config, error) {
	for at := dir; ; at = filepath.Dir(at) {
		path := filepath.Join(at, ConfigName)
		text, err := readConfig(path)
		switch {
		case err == nil:
			return Parse(path, text)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, &Error{Path: path, Message: "it cannot be read", Fix: "make it a file of less than 1 MiB that you may read"}
		}
		if filepath.Dir(at) == at {
			return nil, &Error{
				Path: filepath.Join(dir, ConfigName), Message: "neither this directory nor one above it has a " + ConfigName,
				Fix: "write one with a rule for the Secrets of the tree, such as\ncreation_rules:\n- path_regex: /" + layout.Secrets + "/\n  encrypted_regex: " + defaultSelection + "\n  age: age1...",
			}
		}
	}
}

func readConfig(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxConfig {
		return nil, errors.New("it is no regular file, or too large")
	}
	return os.ReadFile(path)
}

// written is a file of creation rules as sops reads it (config/config.go, configFile).
type written struct {
	CreationRules []yaml.Node `yaml:"creation_rules"`
}

// Parse reads creation rules.
func Parse(path string, text []byte) (*Config, error) {
	var w written
	if err := yaml.Unmarshal(text, &w); err != nil {
		return nil, &Error{Path: path, Message: "sops cannot read it: it is no YAML, or creation_rules is no list", Fix: "write it as https://github.com/getsops/sops#using-sopsyaml-conf-to-select-kms-pgp-and-age-for-new-files has it"}
	}
	c := &Config{Path: path}
	for i := range w.CreationRules {
		r, err := parseRule(&w.CreationRules[i])
		if err != nil {
			err.Path = path
			return nil, err
		}
		c.rules = append(c.rules, r)
	}
	return c, nil
}

// Match gives the rule for a file, whose path is absolute: the first that fits, as sops does (config/config.go,
// parseCreationRuleForFile).
func (c *Config) Match(file string) (*Rule, error) {
	file = strings.TrimPrefix(file, filepath.Dir(c.Path)+string(filepath.Separator))
	for _, r := range c.rules {
		if r.path == nil || r.path.MatchString(file) {
			return r, nil
		}
	}
	return nil, &Error{Path: c.Path, Message: "no creation rule is for " + filepath.ToSlash(file), Fix: "add one whose path_regex fits, such as /" + layout.Secrets + "/"}
}
