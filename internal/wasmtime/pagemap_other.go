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

func (*Pagemap) written(_ []byte, list []int32, _ int) ([]int32, bool) { return list, false }

func (*Pagemap) faults() int64 { return -1 }

func (*Pagemap) steady([]byte) bool { return false }
