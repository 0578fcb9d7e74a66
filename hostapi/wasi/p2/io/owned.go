package io

import (
	"context"
	"errors"

	"github.com/spinhost/spin/engine/abi"
)

// A Forwarder is an OutputStream that can take all that an InputStream has.
type Forwarder interface {
	// Forward moves all bytes of src, waits until they are flushed, and returns how many they were.
	Forward(ctx context.Context, src InputStream) (uint64, error)
}

// ServeSpliceOwned serves [method]output-stream.splice as it was in the snapshot of October 2023,
// where it takes the input stream away from the guest. Its type is
//
//	func(self:borrow<output-stream>,src:own<input-stream>,len:u64)->result<u64,stream-error>
func ServeSpliceOwned(c *abi.Call) {
	f := c.Args()
	serveOwned(c, f, func(self OutputStream, src InputStream) (uint64, error) {
		return self.Splice(c.Context(), src, f.U64(2))
	})
}

// ServeBlockingSpliceOwned is ServeSpliceOwned for [method]output-stream.blocking-splice.
func ServeBlockingSpliceOwned(c *abi.Call) {
	f := c.Args()
	serveOwned(c, f, func(self OutputStream, src InputStream) (uint64, error) {
		return self.BlockingSplice(c.Context(), src, f.U64(2))
	})
}

// ServeForward serves [method]output-stream.forward, which only that snapshot had, of streams that
// are a Forwarder. Its type is
//
//	func(self:borrow<output-stream>,src:own<input-stream>)->result<u64,stream-error>
func ServeForward(c *abi.Call) {
	serveOwned(c, c.Args(), func(self OutputStream, src InputStream) (uint64, error) {
		f, ok := self.(Forwarder)
		if !ok {
			return 0, abi.Trapf("output-stream %T does not forward", self)
		}
		return f.Forward(c.Context(), src)
	})
}

// serveOwned has move called with both streams. What waits is called again, so that the guest has
// its handle of the source until there is an answer.
func serveOwned(c *abi.Call, f abi.Flat, move func(OutputStream, InputStream) (uint64, error)) {
	g := &c.Guest
	self := borrowOutputStream(g, f.U32(0), 0)
	if c.Failed() {
		return
	}
	i, typ := f.U32(1), g.Refs()[1].Resource
	e, err := g.Env().Handles().Resource(i, typ)
	if err != nil {
		c.Fail(err)
		return
	}
	src, ok := e.Obj.(InputStream)
	if !ok || !e.Own || e.Lends > 0 {
		if g.TakeOwn(i, typ); !c.Failed() { // else it has told what is wrong
			c.Trapf("handle is not a host input-stream")
		}
		return
	}
	n, err := move(self, src)
	if wait := new(abi.Wait); errors.As(err, &wait) {
		c.Fail(err)
		return
	}
	if d, ok := g.TakeOwn(i, typ).(abi.Dropper); ok {
		if err := d.Drop(); err != nil {
			c.Fail(err)
			return
		}
	}
	returnOutputStreamSplice(c, n, err)
}
