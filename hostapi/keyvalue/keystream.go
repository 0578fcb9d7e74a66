package keyvalue

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/spinhost/spin/engine/abi"
)

var errDropped = errors.New("the stream of keys was dropped before its end")

// keyStream is a listing that goes on as the guest reads it. Nothing of the store is locked
// while it waits.
type keyStream struct {
	b    *bucket
	done func(error) // called once

	next func() (string, error, bool)
	stop func()
	over bool
}

var (
	_ abi.Elements[string] = (*keyStream)(nil)
	_ abi.Sizer[string]    = (*keyStream)(nil)
)

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

// Size implements abi.Sizer, so that long keys do not pile up.
func (s *keyStream) Size(key string) int { return len(key) }

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
	s.finish(errDropped)
	return nil
}
