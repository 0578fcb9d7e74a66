package keyvalue

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/spinhost/spin/engine/abi"
)

var errDropped = errors.New("the stream of keys was dropped before its end")

// ahead is how many elements of a stream are waiting for the guest at most.
const ahead = 64

// keyStream is a listing that goes on as the guest reads it. Nothing of the store is locked
// while it waits.
type keyStream struct {
	b    *bucket
	done func(error) // called once

	next func() (string, error, bool)
	stop func()
	// sizes are those of the last keys that were asked for. All but these the guest has read.
	sizes [ahead]int
	n     int
	over  bool
}

var _ abi.Elements[string] = (*keyStream)(nil)

// Next implements abi.Elements.
func (s *keyStream) Next(ctx context.Context) (string, error) {
	if s.over {
		return "", io.EOF
	}
	key, err := do(ctx, s.b.limit, func() (string, error) {
		if s.next == nil {
			s.next, s.stop = iter.Pull2(valid(s.b.store.Keys(ctx)))
		}
		k, err, ok := s.next()
		if !ok {
			err = io.EOF
		}
		return k, err
	})
	if err == nil {
		err = s.count(len(key))
	}
	switch {
	case err == nil:
		return key, nil
	case err == io.EOF:
		s.finish(nil)
	case ctx.Err() != nil:
		s.finish(errDropped)
	default:
		s.finish(err)
	}
	return "", io.EOF
}

// count replaces the size of a key that the guest has read with that of another one.
func (s *keyStream) count(size int) error {
	i := s.n % ahead
	s.b.held.drop(s.sizes[i])
	s.sizes[i] = 0
	if !s.b.held.hold(size) {
		return errTooMuchHeld
	}
	s.sizes[i] = size
	s.n++
	return nil
}

func (s *keyStream) finish(err error) {
	if !s.over {
		s.over = true
		s.done(err)
	}
}

// Close implements abi.Elements.
func (s *keyStream) Close() error {
	if s.stop != nil {
		s.stop()
	}
	for _, n := range s.sizes {
		s.b.held.drop(n)
	}
	clear(s.sizes[:])
	s.finish(errDropped)
	return nil
}
