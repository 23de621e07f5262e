package architecture

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestImageUser proves that the user of the image is a number, which kubelet needs for runAsNonRoot, and the one that
// has a name in it.
func TestImageUser(t *testing.T) {
	dockerfile, err := os.ReadFile("../../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("../../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	user := regexp.MustCompile(`(?m)^USER ([1-9][0-9]*:[1-9][0-9]*)$`).FindSubmatch(dockerfile)
	if user == nil || !strings.Contains(string(makefile), "nobody:x:"+string(user[1])+":") {
		t.Errorf("the image has no user by number that bin/passwd names: %q", user)
	}
}
