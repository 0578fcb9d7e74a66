package preview1

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
)

// maxVectors bounds the buffers of one read or write, as IOV_MAX of POSIX does.
const maxVectors = 1024

// maxTransfer bounds how many bytes one read or write of a file moves, whatever is asked for.
const maxTransfer = 1 << 20

// call is one call of a function. Addresses are checked where they are used, without regard to
// alignment, which core code need not keep.
type call struct {
	*abi.Call
	p    *process
	fail errno // what a late call answers with although the work was done
}

func (c *call) u32(i int) uint32 { return c.Args().U32(i) }
func (c *call) u64(i int) uint64 { return c.Args().U64(i) }

// put32 stores a number at an address.
func (c *call) put32(at, v uint32) {
	if c.Check(at, 4, 1) {
		c.PutU32(at, v)
	}
}

func (c *call) put64(at uint32, v uint64) {
	if c.Check(at, 8, 1) {
		c.PutU64(at, v)
	}
}

// path copies the path whose address and length are the parameters from i on.
func (c *call) path(i int) string { return string(c.Bytes(c.u32(i), c.u32(i+1))) }

// vectors are the buffers of a read or write.
type vectors struct {
	list  [][2]uint32 // address and length
	total int         // bytes, at most maxTransfer
}

// vectors reads the list whose address and length are parameters i and i+1, and checks where the
// buffers lie. What lies behind maxTransfer is left out.
func (c *call) vectors(i int) (v vectors, e errno) {
	at, n := c.u32(i), c.u32(i+1)
	if n > maxVectors {
		return v, inval
	}
	if !c.Check(at, 8*n, 1) {
		return v, success
	}
	for ; n > 0; n, at = n-1, at+8 {
		p, size := c.U32(at), c.U32(at+4)
		if !c.Check(p, size, 1) {
			return vectors{}, success
		}
		if size = min(size, uint32(maxTransfer-v.total)); size > 0 {
			v.list = append(v.list, [2]uint32{p, size})
			v.total += int(size)
		}
	}
	return v, success
}

// gather copies what is in the buffers, up to max bytes.
func (c *call) gather(v vectors, max int) []byte {
	p := make([]byte, 0, min(v.total, max))
	for _, x := range v.list {
		n := min(int(x[1]), cap(p)-len(p))
		p = append(p, c.Mem()[x[0]:x[0]+uint32(n)]...)
	}
	return p
}

// scatter copies p, which has at most the total length, into the buffers. The memory may have
// moved since they were checked, but it has not shrunk.
func (c *call) scatter(v vectors, p []byte) {
	for _, x := range v.list {
		if len(p) == 0 {
			return
		}
		n := copy(c.Mem()[x[0]:x[0]+x[1]], p)
		p = p[n:]
	}
}

// later answers with the errno of what done does with the result of work, which runs on a
// goroutine. The parameters are to be read before.
func (c *call) later(work func() error, done func(*call)) errno {
	p := c.p
	c.Call.Go(func(context.Context) func(*abi.Call) {
		err := work()
		return func(late *abi.Call) {
			x := &call{Call: late, p: p}
			e := errnoOf(err)
			if e == success && done != nil {
				done(x)
				e = x.fail
			}
			if !late.Failed() {
				late.Return(uint64(e))
			}
		}
	})
	return success
}
