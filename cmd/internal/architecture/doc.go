// Package architecture tests how the code is divided: who imports whom, which files need each other, what is said once.
//
//	go test ./cmd/internal/architecture -v
package architecture
