package wasmtime

import (
	"encoding/binary"
	"fmt"
	"os"
	"sync"
	"syscall"
	"unsafe"
)

// Pagemap tells which pages of private mappings the process has written. It reads what the
// kernel says of its page tables and is safe for concurrent use.
type Pagemap struct {
	f    *os.File
	bufs sync.Pool // of *[]byte
}

// What Linux tells of a page, Documentation/admin-guide/mm/pagemap.rst.
const (
	pagePresent = 1 << 63
	pageSwapped = 1 << 62
	pageOfFile  = 1 << 61 // or shared: not a private copy
	pageEntry   = 8
)

// OpenPagemap opens the page map of the process, and checks that it can be relied on.
func OpenPagemap() (*Pagemap, error) {
	if os.Getpagesize() != pageSize {
		return nil, fmt.Errorf("pages have %d bytes", os.Getpagesize())
	}
	f, err := os.Open("/proc/self/pagemap")
	if err != nil {
		return nil, err
	}
	p := &Pagemap{f: f}
	p.bufs.New = func() any { return new([]byte) }
	if err := p.check(); err != nil {
		f.Close()
		return nil, err
	}
	return p, nil
}

// Close closes the page map.
func (p *Pagemap) Close() error { return p.f.Close() }

// check looks whether written pages are told from others, of a file and of none.
func (p *Pagemap) check() error {
	const pages = 4
	f, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer f.Close()
	for _, flags := range []int{syscall.MAP_PRIVATE, syscall.MAP_PRIVATE | syscall.MAP_ANON} {
		fd := int(f.Fd())
		if flags&syscall.MAP_ANON != 0 {
			fd = -1
		}
		mem, err := syscall.Mmap(fd, 0, pages*pageSize, syscall.PROT_READ|syscall.PROT_WRITE, flags)
		if err != nil {
			return err
		}
		mem[0] = mem[pageSize] // reads the second page, writes the first
		mem[3*pageSize] = 1
		var seen [pages]bool
		ok := p.written(mem, func(k int) bool {
			seen[k] = true
			return true
		})
		_ = syscall.Munmap(mem)
		if !ok || !seen[0] || seen[2] || !seen[3] || flags&syscall.MAP_ANON == 0 && seen[1] {
			return fmt.Errorf("the kernel does not tell which pages were written: %v", seen)
		}
	}
	return nil
}

// written calls f with the number of each page of mem that may have been written since it was
// mapped. It reports false if f does, or if the kernel does not tell.
func (p *Pagemap) written(mem []byte, f func(page int) bool) bool {
	buf := p.bufs.Get().(*[]byte)
	defer p.bufs.Put(buf)
	n := (len(mem) + pageSize - 1) / pageSize * pageEntry
	if cap(*buf) < n {
		*buf = make([]byte, n)
	}
	b := (*buf)[:n]
	base := uintptr(unsafe.Pointer(unsafe.SliceData(mem)))
	if base%pageSize != 0 {
		return false
	}
	if k, err := p.f.ReadAt(b, int64(base/pageSize*pageEntry)); err != nil || k != n {
		return false
	}
	for k := 0; k < n; k += pageEntry {
		e := binary.NativeEndian.Uint64(b[k:])
		if e&(pagePresent|pageSwapped) != 0 && e&pageOfFile == 0 && !f(k/pageEntry) {
			return false
		}
	}
	return true
}
