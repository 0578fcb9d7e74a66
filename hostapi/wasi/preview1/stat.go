package preview1

import (
	"time"

	"github.com/spinhost/spin/internal/guestfs"
)

// The types of files.
const (
	typeUnknown         = 0
	typeCharacterDevice = 2
	typeDirectory       = 3
	typeRegular         = 4
)

// filetypes are the types of preview 1, which has none for FIFOs.
var filetypes = [...]uint8{
	guestfs.Unknown: typeUnknown, guestfs.BlockDevice: 1, guestfs.CharacterDevice: typeCharacterDevice,
	guestfs.Directory: typeDirectory, guestfs.FIFO: typeUnknown, guestfs.SymbolicLink: 7,
	guestfs.RegularFile: typeRegular, guestfs.Socket: 6,
}

func filetype(t guestfs.FileType) uint8 {
	if int(t) < len(filetypes) {
		return filetypes[t]
	}
	return typeUnknown
}

// Rights. They are told, and asked for in path_open; what a guest may do its volumes say.
const (
	rightRead    = 1 << 1
	rightWrite   = 1 << 6
	rightSetSize = 1 << 22
	fileRights   = 1<<9 - 1 | 1<<21 | 1<<22 | 1<<23 | 1<<27 // fd_* and poll_fd_readwrite
	dirRights    = 1<<28 - 1                                // those of files are inherited
	streamRights = rightRead | rightWrite | 1<<3 | 1<<21 | 1<<27
)

// fdstatSize is the size of an fdstat.
const fdstatSize = 24

func fdFdstatGet(p *process, c *call) errno {
	f, e := p.file(c.u32(0))
	at := c.u32(1)
	if e != success || !c.Check(at, fdstatSize, 1) {
		return e
	}
	kind, rights, inherited := f.rights()
	clear(c.Mem()[at : at+fdstatSize])
	c.PutU8(at, kind)
	c.PutU16(at+2, f.flags)
	c.PutU64(at+8, rights)
	c.PutU64(at+16, inherited)
	return success
}

// rights tells the type of a file, what can be done with it and with what is below it.
func (f *file) rights() (kind uint8, base, inherited uint64) {
	switch {
	case f.in != nil:
		return typeCharacterDevice, streamRights &^ rightWrite, 0
	case f.out != nil:
		return typeCharacterDevice, streamRights &^ rightRead, 0
	case f.isDir():
		return typeDirectory, dirRights, dirRights
	}
	base = fileRights
	if !f.fs.CanRead() {
		base &^= rightRead
	}
	if !f.fs.CanWrite() {
		base &^= rightWrite | rightSetSize | 1<<8
	}
	return typeRegular, base, 0
}

func fdFdstatSetFlags(p *process, c *call) errno {
	f, e := p.file(c.u32(0))
	flags := c.u32(1)
	switch {
	case e != success:
		return e
	case flags > allFdflags:
		return inval
	case flags&^(flagAppend|flagNonblock) != 0:
		return notsup // synchronous files are opened so
	}
	f.flags = uint16(flags)
	return success
}

// fdFdstatSetRights would take rights away. No libc does.
func fdFdstatSetRights(p *process, c *call) errno {
	if _, e := p.file(c.u32(0)); e != success {
		return e
	}
	return notsup
}

// filestatSize is the size of a filestat.
const filestatSize = 64

// putStat stores what is known of a file.
func (c *call) putStat(at uint32, s guestfs.Stat) {
	if !c.Check(at, filestatSize, 1) {
		return
	}
	clear(c.Mem()[at : at+filestatSize])
	dev, ino := s.Hash()
	c.PutU64(at, dev)
	c.PutU64(at+8, ino)
	c.PutU8(at+16, filetype(s.Type))
	c.PutU64(at+24, s.Links)
	c.PutU64(at+32, s.Size)
	for i, t := range []time.Time{s.Accessed, s.Modified, s.Changed} {
		if !t.IsZero() {
			c.PutU64(at+40+8*uint32(i), uint64(max(t.UnixNano(), 0)))
		}
	}
}

func fdFilestatGet(p *process, c *call) errno {
	f, e := p.file(c.u32(0))
	at := c.u32(1)
	switch {
	case e != success:
		return e
	case f.fs == nil:
		if c.Check(at, filestatSize, 1) {
			clear(c.Mem()[at : at+filestatSize])
			c.PutU8(at+16, typeCharacterDevice)
		}
		return success
	}
	var s guestfs.Stat
	return c.later(func() (err error) {
		s, err = f.fs.Stat()
		return err
	}, func(c *call) { c.putStat(at, s) })
}

func fdFilestatSetSize(p *process, c *call) errno {
	f, e := p.seekable(c.u32(0))
	if e != success {
		return e
	}
	size := c.u64(1)
	return c.later(func() error { return f.fs.SetSize(size) }, nil)
}

// times are the two times that the functions set, zero for those that are to stay.
func times(accessed, modified uint64, flags uint32) (a, m time.Time, e errno) {
	const set, now = 1, 2
	one := func(t uint64, flags uint32) time.Time {
		switch flags & (set | now) {
		case set:
			if int64(t) < 0 {
				e = overflow
				return time.Time{}
			}
			return time.Unix(0, int64(t))
		case now:
			return time.Now()
		case set | now:
			e = inval
		}
		return time.Time{}
	}
	a, m = one(accessed, flags), one(modified, flags>>2)
	if flags > 15 {
		e = inval
	}
	return a, m, e
}

func fdFilestatSetTimes(p *process, c *call) errno {
	f, e := p.onDisk(c.u32(0))
	if e == notdir {
		return badf
	}
	if e != success {
		return e
	}
	a, m, e := times(c.u64(1), c.u64(2), c.u32(3))
	if e != success {
		return e
	}
	return c.later(func() error { return f.fs.SetTimes(a, m) }, nil)
}
