package canon

import "github.com/spinhost/spin/engine/abi"

// exchangeMirrored is exchange for a guest with a 64-bit memory: the host's end is asked how
// many elements it can take or give, and has to do with a copy of them.
func (ch *channel) exchangeMirrored(e *copyEnd) (n uint32, end bool, err error) {
	t := ch.tree
	t.mirror.reset(uint64(t.cfg.CallBytes))
	if n, end = ch.offer(e, 0, 0); end || e.remain() == 0 || n == 0 && !e.writer {
		return n, end, t.vals.Err()
	}
	n = min(max(n, 1), e.remain()) // a writer that finds no room has to be noted
	var at uint64
	if ch.elem != nil {
		t.dst.Reset(e.inst, mirrorOptions, nil, nil, nil)
		at = t.dst.AllocAddr(uint64(n)*uint64(ch.elem.Size), ch.elem.Align)
		if err := t.dst.Err(); err != nil {
			return 0, false, err
		}
	}
	if e.writer {
		if err := ch.mirror(e, at, n); err != nil {
			return 0, false, err
		}
	}
	moved, end := ch.offer(e, uint32(at), n)
	if err := t.vals.Err(); err != nil || e.writer {
		return moved, end, err
	}
	return moved, end, ch.mirror(e, at, min(moved, n))
}

// offer calls the host's end with n elements at an address of the mirror.
func (ch *channel) offer(e *copyEnd, at, n uint32) (uint32, bool) {
	g := &ch.tree.vals.Guest
	g.Reset(e.inst, mirrorOptions, ch.refs, nil, nil)
	g.Bound(ch.tree.valueBytes, int(ch.tree.cfg.CallBytes))
	if e.writer {
		return ch.sink.Write(g, at, n)
	}
	return ch.source.Read(g, at, n)
}

// mirror copies n elements from the guest's buffer to the mirror if it writes, else the other
// way.
func (ch *channel) mirror(e *copyEnd, at uint64, n uint32) error {
	t := ch.tree
	if ch.elem == nil {
		return nil
	}
	if e.writer {
		t.between(e.inst, e.opts, nil, e.inst, mirrorOptions, nil)
		t.copyElements(ch.elem, e.place(&t.src), inMemory(&t.dst, at), n)
	} else {
		t.between(e.inst, mirrorOptions, nil, e.inst, e.opts, nil)
		t.copyElements(ch.elem, inMemory(&t.src, at), e.place(&t.dst), n)
	}
	return firstError(&t.src, &t.dst)
}

// place is where the elements of the buffer lie that are to be copied next.
func (e *copyEnd) place(g *abi.Guest) place {
	p := inMemory(g, e.ptr)
	p.at += uint64(e.progress) * e.ch.elem.Bytes(p.wide())
	return p
}
