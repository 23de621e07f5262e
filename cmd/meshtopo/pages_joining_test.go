package main

import (
	"strings"
	"testing"
)

// TestPageJoining wants the entry and the Secret of docs/joining-and-leaving.md in an example.
func TestPageJoining(t *testing.T) {
	const example = "../../testdata/two-clusters/"
	page := read(t, "../../docs/joining-and-leaving.md")
	if entry := fencedBlock(t, page, "yaml"); !strings.Contains(read(t, example+"topology.yaml"), entry) {
		t.Errorf("the topology has no\n%s", entry)
	}
	_, secret, _ := strings.Cut(fencedBlock(t, page, "sh"), " get secret ")
	secret, _, _ = strings.Cut(secret, " ")
	if reader := read(t, example+"want/clusters/cluster-a/1-prepare/remote-reader.yaml"); secret == "" || !strings.Contains(reader, secret) {
		t.Errorf("1-prepare makes no Secret %q", secret)
	}
}
