package tree

import (
	"bytes"
	"errors"
	"io"
)

// same compares a file of size bytes with wanted content, through buf. Sizes that differ settle it unread, unless the
// difference is one byte a line: git on Windows checks out text with CRLF by default (core.autocrlf), and a checkout
// alone must not be drift. Only a file that is CRLF throughout counts; a few such lines are an edit.
func same(f io.Reader, size int64, want *File, buf []byte) (bool, error) {
	body := want.Body
	if longer := size - want.Size(); longer != 0 {
		if longer < 0 || longer != lines(body) {
			return false, nil
		}
		body = windowsLines(body)
	}
	return sameBytes(f, size, body, buf)
}

// sameBytes compares size bytes of r with the pieces of body, which are as long together.
func sameBytes(r io.Reader, size int64, body [][]byte, buf []byte) (bool, error) {
	var piece []byte
	for size > 0 {
		n, err := r.Read(buf[:min(size, int64(len(buf)))])
		size -= int64(n)
		for have := buf[:n]; len(have) > 0; {
			for len(piece) == 0 {
				piece, body = body[0], body[1:]
			}
			k := min(len(have), len(piece))
			if !bytes.Equal(have[:k], piece[:k]) {
				return false, nil
			}
			have, piece = have[k:], piece[k:]
		}
		if errors.Is(err, io.EOF) && size > 0 {
			return false, nil // it became shorter meanwhile
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
	}
	return true, nil
}

func lines(body [][]byte) int64 {
	var n int
	for _, piece := range body {
		n += bytes.Count(piece, []byte("\n"))
	}
	return int64(n)
}

func windowsLines(body [][]byte) [][]byte {
	crlf := make([][]byte, len(body))
	for i, piece := range body {
		crlf[i] = bytes.ReplaceAll(piece, []byte("\n"), []byte("\r\n"))
	}
	return crlf
}

// unixLines undoes windowsLines where the first line shows that it happened.
func unixLines(data []byte) []byte {
	if first := bytes.IndexByte(data, '\n'); first > 0 && data[first-1] == '\r' {
		return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	}
	return data
}
