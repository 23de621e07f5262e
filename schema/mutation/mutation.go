// Package mutation makes mistakes on purpose, for the tests of other packages: in the nodes of a document, in words of
// a text, and in the files of an example.
package mutation
