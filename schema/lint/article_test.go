package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// numbered finds the numbers at the end of a line of testdata/article/bad: the mistakes of the article that it makes.
var numbered = regexp.MustCompile(`# ([0-9 ]+)$`)

// articleCodes are the codes for each mistake of a widely read article on connecting two clusters. The manifests in
// testdata/article/bad follow it. Mistakes 6 and 20 leave no trace in a manifest, and mistake 9 is a wrong explanation
// of a correct setting.
var articleCodes = map[string][]string{
	"1": {"unknown-kind"}, "2": {"missing-remote-secret"}, "3": {"invented-setting"}, "4": {"invented-setting"}, "5": {"invented-setting"},
	"7": {"external-istiod-without-remotes"}, "8": {"no-cluster-name", "no-mesh-id"}, "10": {"unread-variable"}, "11": {"unread-variable"},
	"12": {"wrong-istio-value"}, "13": {"cacerts-key"}, "14": {"cacerts-incomplete"},
	"15": {
		"east-west-without-empty-profile", "gateway-without-label", "gateway-without-network-view", "no-gateway-port",
	},
	"16": {"old-gateway-version"}, "17": {"uncovered-cluster-domain"}, "18": {"network-without-gateway"}, "19": {"operator-unnamed"},
	"21": {"ignored-istio-field"}, "22": {"reader-is-admin"},
}

// TestArticle finds each mistake at its line, and nothing once they are fixed.
func TestArticle(t *testing.T) {
	bad, marks := article(t, "bad")
	left := map[string][]string{}
	for number, codes := range articleCodes {
		left[number] = slices.Clone(codes)
	}
	at := map[string][]string{}
	for _, d := range run(t, bad, nil) {
		line := fmt.Sprintf("%s:%d", d.Pos.File, d.Pos.Line)
		at[line] = append(at[line], d.Code)
	}
	for line, numbers := range marks {
		for number := range strings.FieldsSeq(numbers) {
			found := slices.DeleteFunc(slices.Clone(articleCodes[number]), func(code string) bool { return !slices.Contains(at[line], code) })
			if len(found) == 0 {
				t.Errorf("%s: mistake %s is not found: %q", line, number, at[line])
			}
			left[number] = slices.DeleteFunc(left[number], func(code string) bool { return slices.Contains(found, code) })
		}
	}
	for number, codes := range left {
		if len(codes) > 0 {
			t.Errorf("mistake %s is not found as %q", number, codes)
		}
	}
	good, _ := article(t, "good")
	for _, d := range run(t, good, nil) {
		t.Errorf("fixed, but %s:%d:%d: %s [%s]", d.Pos.File, d.Pos.Line, d.Pos.Col, d.Message, d.Code)
	}
}

// article gives the clusters in a directory of testdata/article, and the numbers at the end of lines.
func article(t *testing.T, dir string) (clusters []Source, marks map[string]string) {
	t.Helper()
	marks = map[string]string{}
	for _, cluster := range []string{"cluster-a", "cluster-b"} {
		files, err := filepath.Glob(filepath.Join("testdata", "article", dir, cluster, "*.yaml"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		s := Source{Cluster: cluster}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			name := cluster + "/" + filepath.Base(file)
			for i, line := range strings.Split(string(raw), "\n") {
				if m := numbered.FindStringSubmatch(line); m != nil {
					marks[fmt.Sprintf("%s:%d", name, i+1)] = m[1]
				}
			}
			text := expand(string(raw))
			s.Files = append(s.Files, File{Name: name, Read: func() ([]byte, error) { return []byte(text), nil }})
		}
		clusters = append(clusters, s)
	}
	return clusters, marks
}
