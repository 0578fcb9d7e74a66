package preview1

import "github.com/spinhost/spin/internal/guestfs"

// The oflags.
const (
	openCreate = 1 << iota
	openDirectory
	openExclusive
	openTruncate
	allOflags = 1<<4 - 1
)

// pathOpen opens a file or directory. Of the rights that are asked for, those to read and to
// write count.
func pathOpen(p *process, c *call) errno {
	d, path, e := p.at(c, 0, 2)
	oflags, rights, flags, result := c.u32(4), c.u64(5), c.u32(7), c.u32(8)
	switch {
	case e != success || !c.Check(result, 4, 1):
		return e
	case oflags > allOflags, flags > allFdflags:
		return inval
	}
	o := guestfs.OpenOptions{
		Follow: c.u32(1)&follow != 0, Create: oflags&openCreate != 0, Directory: oflags&openDirectory != 0,
		Exclusive: oflags&openExclusive != 0, Truncate: oflags&openTruncate != 0,
		Read: rights&rightRead != 0, Write: rights&(rightWrite|1<<8) != 0,
	}
	var opened *guestfs.Descriptor
	return c.later(func() (err error) {
		if opened, err = d.OpenAt(path, o); err == nil {
			p.opened(opened)
		}
		return err
	}, func(c *call) {
		fd, e := p.add(&file{fs: opened, flags: uint16(flags)})
		p.taken(opened)
		if e != success {
			opened.Close()
			c.fail = e
			return
		}
		c.put32(result, fd)
	})
}

// opened notes what a goroutine has opened until the guest has it, which it may never get.
func (p *process) opened(d *guestfs.Descriptor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		d.Close()
		return
	}
	if p.opening == nil {
		p.opening = map[*guestfs.Descriptor]bool{}
	}
	p.opening[d] = true
}

// taken notes that the guest has what was opened.
func (p *process) taken(d *guestfs.Descriptor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.opening, d)
}

func fdPrestatGet(p *process, c *call) errno {
	f, e := p.preopened(c.u32(0))
	at := c.u32(1)
	if e == success && c.Check(at, 8, 1) {
		c.PutU32(at, 0) // a directory
		c.PutU32(at+4, uint32(len(f.preopen)))
	}
	return e
}

func fdPrestatDirName(p *process, c *call) errno {
	f, e := p.preopened(c.u32(0))
	at, size := c.u32(1), c.u32(2)
	switch {
	case e != success:
		return e
	case uint64(size) < uint64(len(f.preopen)):
		return nametoo
	}
	if c.Check(at, uint32(len(f.preopen)), 1) {
		copy(c.Mem()[at:], f.preopen)
	}
	return success
}

// preopened finds a directory that the guest was given.
func (p *process) preopened(fd uint32) (*file, errno) {
	f, e := p.file(fd)
	if e == success && f.preopen == "" {
		return nil, badf
	}
	return f, e
}
