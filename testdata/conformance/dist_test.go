package conformance

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"debug/elf"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/spdx/tools-golang/spdxlib"
)

const (
	distVersion = "v1.2.3"
	distCommit  = "0123456789abcdef0123456789abcdef01234567"
	distTime    = "1700000001" // odd: a zip counts in steps of two seconds
)

// TestDist makes a release for two platforms twice: in different directories, with files of different age, at another
// time, in another time zone and locale, and with settings of Go that would change a binary, in the environment and
// where go env -w keeps them. The bytes are the same; the archives hold what they should, and the SBOMs list what the
// linker recorded. The build cache is the same, too: it knows a package by everything that the compiler sees, a
// directory or a flag that leaks into it included.
func TestDist(t *testing.T) {
	one := dist(t, filepath.Join(t.TempDir(), "a"), time.Now(), "TZ=UTC", "LC_ALL=C")
	two := dist(t, filepath.Join(t.TempDir(), "another/and/deeper"), time.Unix(1e9, 0), "TZ=Pacific/Chatham", "LC_ALL=C.UTF-8",
		"GOENV="+goSettings(t, "GOFLAGS=-tags=other", "GOARM64=v8.1"), "GOAMD64=v2", "CGO_ENABLED=1")
	names := files(t, one)
	equal(t, "files", names, files(t, two))
	equal(t, "files", names, []string{
		"SHA256SUMS",
		"meshtopo_v1.2.3_linux_amd64.spdx.json", "meshtopo_v1.2.3_linux_amd64.tar.gz",
		"meshtopo_v1.2.3_windows_amd64.spdx.json", "meshtopo_v1.2.3_windows_amd64.zip",
	})
	for _, name := range names {
		if !bytes.Equal(read(t, filepath.Join(one, name)), read(t, filepath.Join(two, name))) {
			t.Errorf("%s differs between two builds", name)
		}
	}

	linux := untar(t, filepath.Join(one, "meshtopo_v1.2.3_linux_amd64.tar.gz"))
	checkArchive(t, linux, "meshtopo")
	checkStatic(t, linux["meshtopo"])
	binary := filepath.Join(t.TempDir(), "meshtopo")
	if err := os.WriteFile(binary, linux["meshtopo"], 0o700); err != nil {
		t.Fatal(err)
	}
	version := output(t, exec.Command(binary, "version"))
	if want := "meshtopo " + distVersion + " (commit " + distCommit + ", "; !strings.HasPrefix(version, want) {
		t.Errorf("meshtopo version = %q, want %q at its beginning", version, want)
	}
	checkBill(t, filepath.Join(one, "meshtopo_v1.2.3_linux_amd64.spdx.json"), linux["meshtopo"])

	windows := unzip(t, filepath.Join(one, "meshtopo_v1.2.3_windows_amd64.zip"))
	checkArchive(t, windows, "meshtopo.exe")
	checkBill(t, filepath.Join(one, "meshtopo_v1.2.3_windows_amd64.spdx.json"), windows["meshtopo.exe"])
}

// dist makes a release from a copy of the repository, whose files are of the given age, by the commands of
// CONTRIBUTING.md, and gives its directory.
func dist(t *testing.T, dir string, age time.Time, env ...string) string {
	t.Helper()
	copyRepository(t, dir)
	for _, name := range files(t, dir) {
		if err := os.Chtimes(filepath.Join(dir, name), age, age); err != nil {
			t.Fatal(err)
		}
	}
	script := blocks(t, "CONTRIBUTING.md", "sh", "make dist\n")[0]
	shell := exec.Command("sh", "-eu", "-c", string(script))
	shell.Dir = dir
	shell.Env = append(os.Environ(), "MAKEFLAGS=-- VERSION="+distVersion+" COMMIT="+distCommit+" TIME="+distTime+" PLATFORMS=linux/amd64,windows/amd64")
	shell.Env = append(shell.Env, env...)
	if printed := output(t, shell); strings.Count(printed, ": OK\n") != 4 {
		t.Errorf("make dist prints\n%swant 4 good sums", printed)
	}
	return filepath.Join(dir, "dist")
}

// goSettings writes a file as go env -w does, with these settings beside those of this machine.
func goSettings(t *testing.T, more ...string) string {
	t.Helper()
	own, err := os.ReadFile(strings.TrimSpace(output(t, exec.Command("go", "env", "GOENV"))))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var lines strings.Builder
	for line := range strings.Lines(string(own)) {
		if !strings.HasPrefix(line, "GOFLAGS=") {
			lines.WriteString(line)
		}
	}
	file := filepath.Join(t.TempDir(), "go/env")
	writeFile(t, file, lines.String()+strings.Join(more, "\n")+"\n")
	return file
}

// copyRepository copies the files of this repository that are, or could be, committed, as they stand.
func copyRepository(t *testing.T, to string) {
	t.Helper()
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = "../.."
	for _, name := range strings.Split(strings.TrimSuffix(output(t, list), "\x00"), "\x00") {
		from, target := filepath.Join("../..", name), filepath.Join(to, name)
		info, err := os.Stat(from)
		if os.IsNotExist(err) {
			continue // deleted and not yet committed
		}
		if err == nil {
			err = os.MkdirAll(filepath.Dir(target), 0o777)
		}
		if err == nil {
			err = os.WriteFile(target, read(t, from), info.Mode().Perm())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func untar(t *testing.T, path string) map[string][]byte {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(read(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]byte{}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		equal(t, header.Name+" is of the commit's time", header.ModTime.Unix(), int64(1700000001))
		equal(t, header.Name+" can be executed", header.Mode&0o111 != 0, header.Name == "meshtopo")
		if found[header.Name], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
	}
}

func unzip(t *testing.T, path string) map[string][]byte {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	found := map[string][]byte{}
	for _, f := range archive.File {
		equal(t, f.Name+" is of the commit's time", f.Modified.Unix(), int64(1700000001))
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if found[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return found
}

func checkArchive(t *testing.T, files map[string][]byte, program string) {
	t.Helper()
	equal(t, "files in the archive", len(files), 3)
	equal(t, "README.md", string(files["README.md"]), string(read(t, "../../README.md")))
	equal(t, "LICENSE", string(files["LICENSE"]), string(read(t, "../../LICENSE")))
	info, err := buildinfo.Read(bytes.NewReader(files[program]))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range info.Settings {
		if strings.Contains(s.Value, "/tmp") || strings.HasPrefix(s.Key, "vcs") {
			t.Errorf("the binary says %s=%s", s.Key, s.Value)
		}
	}
}

// checkStatic wants a binary that needs neither a dynamic linker nor a library.
func checkStatic(t *testing.T, binary []byte) {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	libraries, err := f.ImportedLibraries()
	if len(libraries) > 0 {
		t.Errorf("the binary needs %v, %v", libraries, err)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the binary needs a dynamic linker")
		}
	}
}

// checkBill reads an SBOM with SPDX's own library, strictly, and compares it with what is in the binary.
func checkBill(t *testing.T, path string, binary []byte) {
	t.Helper()
	d := &v2_3.Document{}
	if err := json.ReadInto(bytes.NewReader(read(t, path)), d); err != nil {
		t.Fatal(err)
	}
	if err := spdxlib.ValidateDocument(d); err != nil {
		t.Error(err)
	}
	info, err := buildinfo.Read(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range d.Packages {
		got[p.PackageName] = p.PackageVersion
	}
	want := map[string]string{"meshtopo.dev/meshtopo": distVersion, "stdlib": strings.TrimPrefix(info.GoVersion, "go")}
	for _, m := range info.Deps {
		want[m.Path] = m.Version
	}
	equal(t, "packages", got, want)
	if len(want) < 10 {
		t.Errorf("the SBOM lists %d packages, which is not all", len(want))
	}
	equal(t, "relationships", len(d.Relationships), len(want))
}
