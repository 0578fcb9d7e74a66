package abi

import "io"

// A Source is the host's writable end of a stream or future that a guest reads. Its methods
// are called on the driver of the guest's tree and must not block.
type Source interface {
	// Bind is called once, before any other method, with the way to the reader.
	Bind(Waker)
	// Read stores up to n elements at ptr, which is checked, and returns how many. With end
	// it says that no more will follow. With neither, the reader waits until the Waker is
	// woken. n may be 0 to ask whether a read would end at once: Read then returns end, or
	// a count above 0 if elements are there, and takes none.
	Read(g *Guest, ptr, n uint32) (count uint32, end bool)
	// End is called once: the reader has dropped its end, or the tree has ended. It is not
	// called after Drop or after Read has returned end.
	End()
}

// A Sink is the host's readable end of a stream or future that a guest writes. Its methods
// are called on the driver of the guest's tree and must not block.
type Sink interface {
	// Write takes up to n elements at ptr, which is checked, and returns how many. With end
	// it says that it takes no more. With neither, the writer waits until the Waker is
	// woken. n may be 0 to ask whether a write would end at once: Write then returns end,
	// or a count above 0 if there is room.
	Write(g *Guest, ptr, n uint32) (count uint32, end bool)
	// End is called once: the writer has dropped its end (err is nil) or is gone because of
	// a trap or the end of its tree (err says why). It is not called after Drop.
	End(err error)
}

// A Waker is how a host end reaches the driver. Its methods may be called from any goroutine.
// It may also have a method Go(f func()), which runs f on a goroutine that the end of the
// guest's tree waits for.
type Waker interface {
	// Wake makes the engine call Read or Write again if the guest is waiting for it.
	Wake()
	// Drive does the same, running the guest on this goroutine, if nobody else runs it,
	// until done returns true or the guest waits for something.
	Drive(done func() bool)
	// Drop gives the host's end up. A guest at the other end sees it as dropped.
	Drop()
}

// End is the readable end of a stream or future that the host took from a guest. Its
// methods may be called only on the driver, that is in the call that lifted it.
type End interface {
	// Attach makes s read from the end. refs are the identities for elements with handles.
	Attach(refs []Ref, s Sink) Waker
	// Drop drops the end.
	Drop()
	// Source returns what feeds the end if that is the host, else nil.
	Source() Source
	// Take uses up an end that has a Source, from which the host will read directly.
	Take()
}

// DropEnd drops an end of a stream or future that a guest has given away when nobody takes it:
// a *ByteReader, *Reader or *Future, which may be nil.
func DropEnd[E interface {
	comparable
	Close() error
}](end E) {
	var none E
	if end != none {
		quietly(func() { _ = end.Close() })
	}
}

// DropSource closes what a guest should have got as a stream when it does not: on a goroutine
// that the end of the guest's tree waits for. c may be nil.
func (g *Guest) DropSource(c io.Closer) {
	if c != nil {
		background(g.env, func() { quietly(func() { _ = c.Close() }) })
	}
}
