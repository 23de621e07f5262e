package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
)

// document is an SBOM: SPDX 2.3 in JSON (https://spdx.github.io/spdx-spec/v2.3/), as far as a Go binary needs it.
type document struct {
	SPDXVersion       string         `json:"spdxVersion"`
	DataLicense       string         `json:"dataLicense"`
	SPDXID            string         `json:"SPDXID"`
	Name              string         `json:"name"`
	DocumentNamespace string         `json:"documentNamespace"`
	CreationInfo      creation       `json:"creationInfo"`
	Packages          []component    `json:"packages"`
	Relationships     []relationship `json:"relationships"`
}

type creation struct {
	Created  string   `json:"created"`
	Creators []string `json:"creators"`
}

type component struct {
	Name             string     `json:"name"`
	SPDXID           string     `json:"SPDXID"`
	VersionInfo      string     `json:"versionInfo,omitempty"`
	Purpose          string     `json:"primaryPackagePurpose"`
	DownloadLocation string     `json:"downloadLocation"`
	FilesAnalyzed    bool       `json:"filesAnalyzed"`
	Checksums        []checksum `json:"checksums,omitempty"`
	SourceInfo       string     `json:"sourceInfo,omitempty"`
	LicenseConcluded string     `json:"licenseConcluded"`
	LicenseDeclared  string     `json:"licenseDeclared"`
	CopyrightText    string     `json:"copyrightText"`
	ExternalRefs     []external `json:"externalRefs"`
}

type checksum struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"checksumValue"`
}

type external struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

type relationship struct {
	Element string `json:"spdxElementId"`
	Type    string `json:"relationshipType"`
	Related string `json:"relatedSpdxElement"`
}

const (
	documentID  = "SPDXRef-DOCUMENT"
	noAssertion = "NOASSERTION"
)

// bill lists what is in a binary, which the linker has recorded there: the modules and the standard library.
func (r *release) bill(name string, binary []byte) ([]byte, error) {
	info, err := buildinfo.Read(bytes.NewReader(binary))
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(binary)
	main := newComponent(info.Main.Path, cmp.Or(r.version, r.commit))
	main.Purpose, main.LicenseConcluded, main.LicenseDeclared = "APPLICATION", "Apache-2.0", "Apache-2.0"
	main.Checksums = []checksum{{"SHA256", hex.EncodeToString(digest[:])}}
	d := document{
		SPDXVersion: "SPDX-2.3", DataLicense: "CC0-1.0", SPDXID: documentID, Name: name,
		DocumentNamespace: "https://meshtopo.dev/spdx/" + name + "-" + hex.EncodeToString(digest[:]),
		CreationInfo:      creation{r.time.Format(time.RFC3339), []string{"Organization: meshtopo", "Tool: " + info.GoVersion}},
		Packages:          []component{main},
		Relationships:     []relationship{{documentID, "DESCRIBES", main.SPDXID}},
	}
	for _, c := range components(info) {
		d.Packages = append(d.Packages, c)
		d.Relationships = append(d.Relationships, relationship{main.SPDXID, "DEPENDS_ON", c.SPDXID})
	}
	out, err := json.MarshalIndent(d, "", "  ")
	return append(out, '\n'), err
}

func components(info *debug.BuildInfo) []component {
	all := []component{newComponent("stdlib", strings.TrimPrefix(info.GoVersion, "go"))} // as scanners know it
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		c := newComponent(m.Path, m.Version)
		if m.Sum != "" {
			c.SourceInfo = "go.sum: " + m.Sum
		}
		all = append(all, c)
	}
	return all
}

// notInID are the characters that an SPDX identifier cannot have.
var notInID = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

func newComponent(path, version string) component {
	return component{
		Name: path, SPDXID: "SPDXRef-Package-" + notInID.ReplaceAllString(path, "-"), VersionInfo: version, Purpose: "LIBRARY",
		DownloadLocation: noAssertion, LicenseConcluded: noAssertion, LicenseDeclared: noAssertion, CopyrightText: noAssertion,
		ExternalRefs: []external{{"PACKAGE-MANAGER", "purl", packageURL(path, version)}},
	}
}

// packageURL names a module as vulnerability scanners do: https://github.com/package-url/purl-spec, type golang.
func packageURL(path, version string) string {
	url := "pkg:golang/" + strings.ToLower(path)
	if version == "" {
		return url
	}
	return url + "@" + strings.ReplaceAll(version, "+", "%2B")
}
