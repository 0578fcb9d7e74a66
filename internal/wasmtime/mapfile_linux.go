package wasmtime

import (
	"os"
	"syscall"
)

// mapFile maps a file to read all of it, once. unmap must be called in the end.
func mapFile(f *os.File, size int64) (b []byte, unmap func(), err error) {
	if size != int64(int(size)) {
		return nil, nil, syscall.EFBIG
	}
	b, err = syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED|syscall.MAP_POPULATE)
	if err != nil {
		return nil, nil, err
	}
	return b, func() { _ = syscall.Munmap(b) }, nil
}
