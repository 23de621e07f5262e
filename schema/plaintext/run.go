package plaintext

import (
	"fmt"
	"runtime"
	"sync"

	"meshtopo.dev/meshtopo/schema/diag"
)

// File is a file to be looked at.
type File struct {
	Name string
	Read func() ([]byte, error)
}

// Result is what there is in files.
type Result struct {
	Findings *diag.List
	Read     int     // how many files were looked at
	Unread   []error // why others were not, or not as a whole, each with the name of the file
}

// Run looks at files, several at a time.
func Run(files []File) *Result {
	each := make([]Result, len(files))
	var work sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for i := range next {
				each[i] = files[i].look()
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	work.Wait()
	all := &Result{Findings: &diag.List{}}
	for _, r := range each {
		all.Findings.Append(r.Findings)
		all.Read += r.Read
		all.Unread = append(all.Unread, r.Unread...)
	}
	return all
}

func (f File) look() Result {
	r := Result{Findings: &diag.List{}}
	text, err := f.Read()
	if err != nil {
		r.Unread = []error{fmt.Errorf("%s: %w", f.Name, err)}
		return r
	}
	r.Read = 1
	if !Check(f.Name, text, r.Findings) {
		r.Unread = []error{fmt.Errorf("%s: only a part of it was looked at, because it holds too much that is encoded", f.Name)}
	}
	return r
}
