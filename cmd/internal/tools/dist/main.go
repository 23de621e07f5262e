// Command dist makes the files of a release: a static binary for each platform in an archive, an SBOM for each, and
// SHA256SUMS over all of them.
//
//	go run ./cmd/internal/tools/dist -version v1.2.3 -commit HASH -time SECONDS -o dist [-platforms linux/amd64,…]
//
// The same source and the same Go give the same bytes, wherever and whenever they are made: what a file says about time
// is the commit's, and nothing of the environment that a build could see is left to it.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const platforms = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

// release is what is being made.
type release struct {
	version string // empty between releases
	commit  string
	time    time.Time // of the commit
	dir     string
	sums    sums
}

func main() {
	r := &release{sums: sums{}}
	flag.StringVar(&r.version, "version", "", "the `VERSION` that is released")
	flag.StringVar(&r.commit, "commit", "", "the `COMMIT` that it is made from")
	flag.StringVar(&r.dir, "o", "dist", "the `DIR` to write to")
	seconds := flag.Int64("time", 0, "when that commit was made, in `SECONDS` since 1970")
	on := flag.String("platforms", platforms, "the `LIST` of platforms to build for")
	flag.Parse()
	r.time = time.Unix(*seconds, 0).UTC()
	if err := r.make(strings.Split(*on, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

func (r *release) make(platforms []string) error {
	if err := os.MkdirAll(r.dir, 0o777); err != nil {
		return err
	}
	for _, p := range platforms {
		if err := r.platform(p); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	return r.sums.write(filepath.Join(r.dir, "SHA256SUMS"))
}

// platform makes the archive and the SBOM of one platform.
func (r *release) platform(platform string) error {
	goos, goarch, ok := strings.Cut(platform, "/")
	if !ok {
		return fmt.Errorf("not of the form OS/ARCHITECTURE")
	}
	binary, err := r.build(goos, goarch)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("meshtopo_%s_%s_%s", cmp.Or(r.version, "devel"), goos, goarch)
	bill, err := r.bill(name, binary)
	if err != nil {
		return err
	}
	pack, suffix, program := r.tarball, ".tar.gz", "meshtopo"
	if goos == "windows" {
		pack, suffix, program = r.zip, ".zip", "meshtopo.exe"
	}
	archive, err := pack([]packed{{program, binary, 0o755}, {name: "LICENSE", mode: 0o644}, {name: "README.md", mode: 0o644}})
	if err != nil {
		return err
	}
	if err := r.write(name+".spdx.json", bill); err != nil {
		return err
	}
	return r.write(name+suffix, archive)
}

func (r *release) write(name string, data []byte) error {
	r.sums.add(name, data)
	return os.WriteFile(filepath.Join(r.dir, name), data, 0o666)
}
