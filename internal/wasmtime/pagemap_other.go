//go:build !linux

package wasmtime

import "errors"

// Pagemap tells which pages of private mappings the process has written. Only Linux does.
type Pagemap struct{}

// OpenPagemap fails.
func OpenPagemap() (*Pagemap, error) {
	return nil, errors.New("the system does not tell which pages were written")
}

// Close does nothing.
func (*Pagemap) Close() error { return nil }

func (*Pagemap) written([]byte, func(int) bool) bool { return false }
