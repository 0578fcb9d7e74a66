package io

import (
	"bytes"
	"context"

	"github.com/spinhost/spin/engine/abi"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

var _ p2io.Forwarder = (*OutputStream)(nil)

// Forward implements p2io.Forwarder. It is called again like the blocking functions, also now and
// then while there is something to move, so that nobody else waits for the end of a stream that has
// none.
func (s *OutputStream) Forward(_ context.Context, src p2io.InputStream) (uint64, error) {
	in, err := inputStream(src)
	if err != nil {
		return 0, err
	}
	for moved := 0; moved < MaxWrite; {
		room, err := s.room()
		switch {
		case err != nil:
			return 0, err
		case room == 0:
			return 0, abi.WaitFor(writable{s})
		}
		p, err := in.take(uint64(room))
		switch {
		case err == errClosed:
			n := s.done // which the end of the flush forgets
			return uint64(n), s.blockingFlush()
		case err != nil:
			s.done = 0
			return 0, err
		case len(p) == 0:
			return 0, abi.WaitFor(readable{in})
		}
		s.budget = 0
		if err := s.put(bytes.Clone(p)); err != nil {
			return 0, err
		}
		s.done, moved = s.done+len(p), moved+len(p)
	}
	return 0, abi.WaitFor(readable{in})
}
