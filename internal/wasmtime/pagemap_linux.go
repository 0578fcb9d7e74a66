package wasmtime

import (
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"unsafe"
)

// Pagemap tells which pages of private mappings the process has written. It reads what the
// kernel says of its page tables, and how often it has had to change them. It is safe for
// concurrent use.
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
		before := p.faults()
		mem[0] = mem[pageSize] // reads the second page, writes the first
		mem[3*pageSize] = 1
		faults := p.faults() - before
		seen, ok := p.written(mem, nil, pages)
		_ = syscall.Munmap(mem)
		has := func(k int32) bool { return slices.Contains(seen, k) }
		if !ok || !has(0) || has(2) || !has(3) || flags&syscall.MAP_ANON == 0 && has(1) {
			return fmt.Errorf("the kernel does not tell which pages were written: %v", seen)
		}
		if faults < 2 {
			return fmt.Errorf("the kernel counted %d page faults", faults)
		}
	}
	return nil
}

// written appends the number of each page of mem to list that may have been written since it was
// mapped. It reports false if there are more than limit, or if the kernel does not tell.
func (p *Pagemap) written(mem []byte, list []int32, limit int) ([]int32, bool) {
	buf := p.bufs.Get().(*[]byte)
	defer p.bufs.Put(buf)
	n := (len(mem) + pageSize - 1) / pageSize * pageEntry
	if n == 0 {
		return list, true
	}
	if cap(*buf) < n {
		*buf = make([]byte, n)
	}
	b := (*buf)[:n]
	base := uintptr(unsafe.Pointer(unsafe.SliceData(mem)))
	if base%pageSize != 0 {
		return list, false
	}
	if k, err := p.f.ReadAt(b, int64(base/pageSize*pageEntry)); err != nil || k != n {
		return list, false
	}
	for k := 0; k < n; k += pageEntry {
		e := binary.NativeEndian.Uint64(b[k:])
		if e&(pagePresent|pageSwapped) == 0 || e&pageOfFile != 0 {
			continue
		}
		if list = append(list, int32(k/pageEntry)); len(list) > limit {
			return list, false
		}
	}
	return list, true
}

// faults is how many page faults the process has had. As long as it stays the same, no page of a
// steady mapping has been written that could not be written before.
func (p *Pagemap) faults() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return -1
	}
	return int64(u.Minflt) + int64(u.Majflt)
}

// steady keeps the kernel from joining pages of mem to a larger one in the background, the one
// way in which a page may come to be writable without a fault. It reports whether that is so.
func (p *Pagemap) steady(mem []byte) bool {
	if len(mem) == 0 {
		return true
	}
	err := syscall.Madvise(mem, syscall.MADV_NOHUGEPAGE)
	return err == nil || err == syscall.EINVAL // of a kernel that never does
}
