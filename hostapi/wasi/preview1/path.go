package preview1

import (
	"github.com/spinhost/spin/internal/guestfs"
)

// follow is the lookup flag that says that a symbolic link at the end of a path is followed.
const follow = 1

// at finds the directory that is parameter dir, and the path that is the two from path on.
func (p *process) at(c *call, dir, path int) (*guestfs.Descriptor, string, errno) {
	f, e := p.onDisk(c.u32(dir))
	if e != success {
		return nil, "", e
	}
	if c.u32(path+1) > guestfs.MaxPath {
		return nil, "", nametoo
	}
	return f.fs, c.path(path), success
}

// onPath serves a function of a directory and a path, which come first.
func onPath(do func(d *guestfs.Descriptor, path string) error) func(*process, *call) errno {
	return func(p *process, c *call) errno {
		d, path, e := p.at(c, 0, 1)
		if e != success || c.Failed() {
			return e
		}
		return c.later(func() error { return do(d, path) }, nil)
	}
}

func pathCreateDirectory(p *process, c *call) errno {
	return onPath((*guestfs.Descriptor).MkdirAt)(p, c)
}

func pathRemoveDirectory(p *process, c *call) errno {
	return onPath((*guestfs.Descriptor).RmdirAt)(p, c)
}

func pathUnlinkFile(p *process, c *call) errno {
	return onPath((*guestfs.Descriptor).UnlinkAt)(p, c)
}

func pathFilestatGet(p *process, c *call) errno {
	d, path, e := p.at(c, 0, 2)
	if e != success || c.Failed() {
		return e
	}
	followed, result := c.u32(1)&follow != 0, c.u32(4)
	var s guestfs.Stat
	return c.later(func() (err error) {
		s, err = d.StatAt(path, followed)
		return err
	}, func(c *call) { c.putStat(result, s) })
}

func pathFilestatSetTimes(p *process, c *call) errno {
	d, path, e := p.at(c, 0, 2)
	if e != success || c.Failed() {
		return e
	}
	a, m, e := times(c.u64(4), c.u64(5), c.u32(6))
	if e != success {
		return e
	}
	followed := c.u32(1)&follow != 0
	return c.later(func() error { return d.SetTimesAt(path, followed, a, m) }, nil)
}

func pathLink(p *process, c *call) errno {
	d, path, e := p.at(c, 0, 2)
	if e != success {
		return e
	}
	to, newPath, e := p.at(c, 4, 5)
	if e != success || c.Failed() {
		return e
	}
	followed := c.u32(1)&follow != 0
	return c.later(func() error { return d.LinkAt(path, followed, to, newPath) }, nil)
}

func pathRename(p *process, c *call) errno {
	d, path, e := p.at(c, 0, 1)
	if e != success {
		return e
	}
	to, newPath, e := p.at(c, 3, 4)
	if e != success || c.Failed() {
		return e
	}
	return c.later(func() error { return d.RenameAt(path, to, newPath) }, nil)
}

func pathSymlink(p *process, c *call) errno {
	d, path, e := p.at(c, 2, 3)
	switch {
	case e != success:
		return e
	case c.u32(1) > guestfs.MaxPath:
		return nametoo
	}
	target := c.path(0)
	if c.Failed() {
		return success
	}
	return c.later(func() error { return d.SymlinkAt(target, path) }, nil)
}

// pathReadlink stores as much of a link's target as there is room for.
func pathReadlink(p *process, c *call) errno {
	d, path, e := p.at(c, 0, 1)
	buf, size, result := c.u32(3), c.u32(4), c.u32(5)
	if e != success || !c.Check(buf, size, 1) {
		return e
	}
	target := ""
	return c.later(func() (err error) {
		target, err = d.ReadlinkAt(path)
		return err
	}, func(c *call) {
		n := copy(c.Mem()[buf:buf+size], target)
		c.put32(result, uint32(n))
	})
}
