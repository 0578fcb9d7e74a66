package preview1

import (
	"io"

	"github.com/spinhost/spin/internal/guestfs"
)

// readFile reads from a place in a file into the buffers, and stores how many bytes there were;
// moves says that the file's offset moves.
func (f *file) readFile(c *call, v vectors, offset uint64, moves bool, result uint32) errno {
	buf := make([]byte, v.total)
	n := 0
	return c.later(func() (err error) {
		if n, err = f.fs.ReadAt(buf, offset); err == io.EOF {
			err = nil
		}
		return err
	}, func(c *call) {
		c.scatter(v, buf[:n])
		c.put32(result, uint32(n))
		if moves {
			f.offset = offset + uint64(n)
		}
	})
}

// writeFile writes the buffers to a place in a file, or, if it was opened so, to its end.
func (f *file) writeFile(c *call, v vectors, offset uint64, moves bool, result uint32) errno {
	data := c.gather(v, maxTransfer)
	appends := moves && f.flags&flagAppend != 0
	synced := f.flags&(flagDsync|flagSync) != 0
	n := 0
	return c.later(func() (err error) {
		if appends {
			n, err = f.fs.Append(data)
		} else {
			n, err = f.fs.WriteAt(data, offset)
		}
		if err == nil && synced {
			err = f.fs.Sync()
		}
		if n > 0 && !synced {
			err = nil // the next write will tell
		}
		return err
	}, func(c *call) {
		c.put32(result, uint32(n))
		if moves && !appends {
			f.offset = offset + uint64(n)
		}
	})
}

func fdPread(p *process, c *call) errno {
	f, v, e := p.positioned(c)
	if e != success || c.Failed() {
		return e
	}
	return f.readFile(c, v, c.u64(3), false, c.u32(4))
}

func fdPwrite(p *process, c *call) errno {
	f, v, e := p.positioned(c)
	if e != success || c.Failed() {
		return e
	}
	return f.writeFile(c, v, c.u64(3), false, c.u32(4))
}

// positioned finds the file and the buffers of a read or write at an offset.
func (p *process) positioned(c *call) (*file, vectors, errno) {
	f, e := p.file(c.u32(0))
	if e != success {
		return nil, vectors{}, e
	}
	if f.fs == nil {
		return nil, vectors{}, spipe
	}
	v, e := c.vectors(1)
	return f, v, e
}

// The places from which fd_seek counts.
const (
	seekSet = iota
	seekCurrent
	seekEnd
)

func fdSeek(p *process, c *call) errno {
	f, e := p.seekable(c.u32(0))
	if e != success {
		return e
	}
	delta, result := int64(c.u64(1)), c.u32(3)
	switch c.u32(2) {
	case seekSet:
		return f.seek(c, 0, delta, result)
	case seekCurrent:
		return f.seek(c, f.offset, delta, result)
	case seekEnd:
		var s guestfs.Stat
		return c.later(func() (err error) {
			s, err = f.fs.Stat()
			return err
		}, func(c *call) { c.fail = f.seek(c, s.Size, delta, result) })
	}
	return inval
}

// seek moves the offset.
func (f *file) seek(c *call, from uint64, delta int64, result uint32) errno {
	to, err := moved(from, delta)
	if err != nil {
		return errnoOf(err)
	}
	f.offset = to
	c.put64(result, to)
	return success
}

// moved is a place in a file, which cannot be before its beginning or so far behind that it
// could not be told by a signed number.
func moved(from uint64, delta int64) (uint64, error) {
	to := from + uint64(delta)
	if delta < 0 && to > from || delta >= 0 && to < from || int64(to) < 0 {
		return 0, inval
	}
	return to, nil
}

func fdTell(p *process, c *call) errno {
	f, e := p.seekable(c.u32(0))
	if e == success {
		c.put64(c.u32(1), f.offset)
	}
	return e
}

// seekable finds an open file that has an offset.
func (p *process) seekable(fd uint32) (*file, errno) {
	f, e := p.file(fd)
	switch {
	case e != success:
		return nil, e
	case f.fs == nil:
		return nil, spipe
	case f.isDir():
		return nil, badf
	}
	return f, success
}

func fdAdvise(p *process, c *call) errno {
	f, e := p.seekable(c.u32(0))
	switch {
	case e != success:
		return e
	case c.u32(3) > 5:
		return inval
	}
	return errnoOf(f.fs.Advise(c.u64(1), c.u64(2)))
}

// fdAllocate makes sure that a file has so many bytes. Nothing is reserved for those that it does
// not have yet.
func fdAllocate(p *process, c *call) errno {
	f, e := p.seekable(c.u32(0))
	if e != success {
		return e
	}
	offset, n := c.u64(1), c.u64(2)
	size := offset + n
	if n == 0 || size < n || int64(size) < 0 {
		return inval
	}
	return c.later(func() error {
		s, err := f.fs.Stat()
		if err == nil && s.Size < size {
			err = f.fs.SetSize(size)
		}
		return err
	}, nil)
}

func fdSync(p *process, c *call) errno {
	f, e := p.file(c.u32(0))
	switch {
	case e != success:
		return e
	case f.fs == nil:
		return success // a write has been flushed when it returns
	}
	return c.later(f.fs.Sync, nil)
}
