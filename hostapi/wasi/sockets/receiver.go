package sockets

import (
	"io"
	"sync/atomic"

	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

// receiver is a wasiio.Source of what a connection brings.
type receiver struct {
	wasiio.Source
	link *link
	down atomic.Bool // nothing is to follow
}

func newReceiver(l *link) *receiver {
	r := &receiver{link: l}
	r.Source = wasiio.Reader(incoming{r})
	return r
}

// Read implements wasiio.Source. Once the direction is shut down, nothing more comes even of what
// has arrived.
func (r *receiver) Read(n int) ([]byte, error) {
	if r.down.Load() {
		return nil, io.EOF
	}
	return r.Source.Read(n)
}

// Ready implements abi.Pollable.
func (r *receiver) Ready() bool { return r.down.Load() || r.Source.Ready() }

// shutdown ends the direction.
func (r *receiver) shutdown() {
	r.down.Store(true)
	r.link.stopReading()
}

// incoming reads a connection.
type incoming struct{ *receiver }

func (r incoming) Read(p []byte) (int, error) {
	n, err := r.link.Read(p)
	if err != nil && r.down.Load() {
		err = io.EOF
	}
	return n, err
}

// Close implements io.Closer: the guest has dropped the stream, or there is nothing to read.
func (r incoming) Close() error { return r.link.SetReadDeadline(past) }
