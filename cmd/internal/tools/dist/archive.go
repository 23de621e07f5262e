package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
)

// packed is a file in an archive; one without data is read from the repository.
type packed struct {
	name string
	data []byte
	mode fs.FileMode
}

func (p packed) read() ([]byte, error) {
	if p.data != nil {
		return p.data, nil
	}
	return os.ReadFile(p.name)
}

func (r *release) tarball(files []packed) ([]byte, error) {
	var out bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	archive := tar.NewWriter(zipped)
	for _, f := range files {
		data, err := f.read()
		if err != nil {
			return nil, err
		}
		header := &tar.Header{Name: f.name, Mode: int64(f.mode), Size: int64(len(data)), ModTime: r.time, Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := archive.Write(data); err != nil {
			return nil, err
		}
	}
	err = errors.Join(archive.Close(), zipped.Close())
	return out.Bytes(), err
}

func (r *release) zip(files []packed) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, f := range files {
		data, err := f.read()
		if err != nil {
			return nil, err
		}
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: r.time}
		header.SetMode(f.mode)
		w, err := archive.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return out.Bytes(), err
}

// sums are digests by file, as sha256sum -c reads them.
type sums map[string]string

func (s sums) add(name string, data []byte) {
	sum := sha256.Sum256(data)
	s[name] = hex.EncodeToString(sum[:])
}

func (s sums) write(path string) error {
	var out bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(&out, "%s  %s\n", s[name], name)
	}
	return os.WriteFile(path, out.Bytes(), 0o666)
}
