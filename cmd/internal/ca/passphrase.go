package ca

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"meshtopo.dev/meshtopo/cmd/internal/usage"
)

// variable holds the passphrase where nobody can be asked.
const variable = "MESHTOPO_CA_PASSPHRASE"

// givenPassphrase takes the passphrase from a file or the environment, or gives nil.
func (c *command) givenPassphrase() ([]byte, error) {
	if c.passphrase != "" {
		text, err := readFile(c.passphrase)
		if err != nil {
			return nil, err
		}
		line, _, _ := bytes.Cut(text, []byte("\n"))
		if line = bytes.TrimSuffix(line, []byte("\r")); len(line) == 0 {
			return nil, fmt.Errorf("%s: its first line is empty, and should be the passphrase", c.passphrase)
		}
		return line, nil
	}
	if text := os.Getenv(variable); text != "" {
		return []byte(text), nil
	}
	if !c.IO.CanAsk() {
		return nil, usage.Errorf("there is no terminal to ask for the passphrase of the root's key: give --passphrase-file, or set " + variable)
	}
	return nil, nil
}

// newPassphrase gives the passphrase of a key that is made: one that is typed is typed twice.
func (c *command) newPassphrase(key string) ([]byte, error) {
	given, err := c.givenPassphrase()
	if given != nil || err != nil {
		return given, err
	}
	first, err := c.ask("Passphrase for " + key + ": ")
	if err != nil {
		return nil, err
	}
	second, err := c.ask("The same again: ")
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(first, second) {
		return nil, errors.New("the passphrases are not the same: nothing was written")
	}
	return first, nil
}

// oldPassphrase gives the passphrase of a key that is there.
func (c *command) oldPassphrase(key string) ([]byte, error) {
	given, err := c.givenPassphrase()
	if given != nil || err != nil {
		return given, err
	}
	return c.ask("Passphrase of " + key + ": ")
}

func (c *command) ask(question string) ([]byte, error) {
	text, err := c.IO.AskSecret(visible(question))
	if err == nil && len(text) == 0 {
		err = errors.New("the passphrase is empty: nothing was written")
	}
	return text, err
}
