package preview1

import (
	"errors"
	"io"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	"github.com/spinhost/spin/internal/guestfs"
)

// file is an open file: a stream, or something on a disk. One of in, out and fs is set.
type file struct {
	in  wasiio.Source
	out *output
	fs  *guestfs.Descriptor

	offset  uint64 // of a file: where the next read or write is
	flags   uint16 // fdflags
	preopen string // the path by which a directory was given to the guest; "" for what it has opened itself
	list    *listing
}

// The fdflags.
const (
	flagAppend   = 1 << 0
	flagDsync    = 1 << 1
	flagNonblock = 1 << 2
	flagSync     = 1 << 4
	allFdflags   = 1<<5 - 1
)

func (f *file) close() {
	switch {
	case f.in != nil:
		f.in.Close()
	case f.out != nil:
		f.out.sink.Close()
	case f.fs != nil:
		f.list.close()
		f.fs.Close()
	}
}

func (f *file) isDir() bool { return f.fs != nil && f.fs.IsDir() }

// output is a stream to which the guest writes.
type output struct {
	sink     wasiio.Sink
	flushing abi.Pollable // ready when what was written last has been flushed
	written  int          // by the write under way
}

// Ready implements abi.Pollable.
func (o *output) Ready() bool { return o.sink.Ready() }

// Arm implements abi.Pollable.
func (o *output) Arm(wake func()) func() { return o.sink.Arm(wake) }

func fdRead(p *process, c *call) errno {
	f, e := p.file(c.u32(0))
	if e != success {
		return e
	}
	v, e := c.vectors(1)
	if e != success || c.Failed() {
		return e
	}
	switch {
	case f.in != nil:
		return f.readStream(c, v)
	case f.fs != nil:
		return f.readFile(c, v, f.offset, true, c.u32(3))
	}
	return badf
}

// readStream reads what a stream has, and waits if it has nothing yet.
func (f *file) readStream(c *call, v vectors) errno {
	if v.total == 0 {
		c.put32(c.u32(3), 0)
		return success
	}
	data, err := f.in.Read(v.total)
	switch {
	case err == nil && len(data) == 0 && f.flags&flagNonblock != 0:
		return again
	case err == nil && len(data) == 0:
		c.Fail(abi.WaitFor(f.in))
		return success
	case err != nil && err != io.EOF:
		return eio
	}
	c.scatter(v, data)
	c.put32(c.u32(3), uint32(len(data)))
	return success
}

func fdWrite(p *process, c *call) errno {
	f, e := p.file(c.u32(0))
	if e != success {
		return e
	}
	v, e := c.vectors(1)
	if e != success || c.Failed() {
		return e
	}
	switch {
	case f.out != nil:
		return f.out.write(c, v, f.flags&flagNonblock == 0)
	case f.fs != nil:
		return f.writeFile(c, v, f.offset, true, c.u32(3))
	}
	return badf
}

// write writes as much as there is room for, and waits until that has been passed on, so that
// nothing is lost when the program ends. It is called again, with the same arguments, when what
// it waits for is ready.
func (o *output) write(c *call, v vectors, wait bool) errno {
	if o.written == 0 && v.total > 0 {
		room, err := o.sink.Budget()
		switch {
		case err != nil:
			return outputError(err)
		case room == 0 && !wait:
			return again
		case room == 0:
			c.Fail(abi.WaitFor(o.sink))
			return success
		}
		data := c.gather(v, room)
		if err = o.sink.Write(data); err == nil {
			o.flushing, err = o.sink.Flush()
		}
		if err != nil {
			return outputError(err)
		}
		o.written = len(data)
	}
	if wait && o.flushing != nil && !o.flushing.Ready() {
		c.Fail(abi.WaitFor(o.flushing))
		return success
	}
	n := o.written
	o.written, o.flushing = 0, nil
	if _, err := o.sink.Budget(); err != nil {
		return outputError(err)
	}
	c.put32(c.u32(3), uint32(n))
	return success
}

// outputError is the number of an error of a stream.
func outputError(err error) errno {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
		return epipe
	}
	return eio
}
