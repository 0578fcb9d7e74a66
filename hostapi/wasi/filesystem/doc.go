// Package filesystem implements wasi:filesystem 0.2 and 0.3 for components without files: there
// are no directories to begin with, and so no way to get at a descriptor. Guests that import
// the interfaces run, and find no file.
package filesystem
