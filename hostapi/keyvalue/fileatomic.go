package keyvalue

import (
	"bytes"
	"context"
)

// in runs do in a transaction, which it undoes if do fails.
func (s *FileStore) in(ctx context.Context, kind query, do func(*conn) error) error {
	from := s.f.write
	if kind == beginRead {
		from = s.f.read
	}
	return s.f.with(ctx, from, func(c *conn) error {
		if err := c.exec(kind); err != nil {
			return err
		}
		err := do(c)
		if err == nil {
			err = c.exec(commit)
		}
		if err != nil && !c.db.AutoCommit() { // some errors have undone it already
			_ = c.exec(rollback)
		}
		return err
	})
}

// GetMany implements Batcher. All values are of one moment.
func (s *FileStore) GetMany(ctx context.Context, keys []string) (list []Pair, err error) {
	err = s.in(ctx, beginRead, func(c *conn) error {
		list = nil
		size := 0
		for _, k := range keys {
			v, ok, err := s.get(c, k)
			if err != nil {
				return err
			}
			if ok {
				if size += len(k) + len(v); size > MaxResult {
					return ErrTooLarge
				}
				list = append(list, Pair{k, v})
			}
		}
		return ctx.Err()
	})
	return list, err
}

// SetMany implements Batcher: all are stored, or none.
func (s *FileStore) SetMany(ctx context.Context, pairs []Pair) error {
	return s.in(ctx, begin, func(c *conn) error {
		for _, p := range pairs {
			if err := s.set(c, p.Key, p.Value); err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteMany implements Batcher: all are removed, or none.
func (s *FileStore) DeleteMany(ctx context.Context, keys []string) error {
	return s.in(ctx, begin, func(c *conn) error {
		for _, k := range keys {
			if err := c.exec(remove, s.label, k); err != nil {
				return err
			}
		}
		return nil
	})
}

// Increment implements Incrementer. Numbers are stored as 8 bytes, the least first, as Spin
// does.
func (s *FileStore) Increment(ctx context.Context, key string, delta int64) (sum int64, err error) {
	err = s.in(ctx, begin, func(c *conn) error {
		old, ok, err := s.get(c, key)
		if err == ErrTooLarge {
			return ErrNotNumber
		}
		if err != nil {
			return err
		}
		var value []byte
		if sum, value, err = add(old, ok, delta); err != nil {
			return err
		}
		return s.set(c, key, value)
	})
	if err != nil {
		return 0, err
	}
	return sum, nil
}

// CompareAndSwap implements Swapper.
func (s *FileStore) CompareAndSwap(ctx context.Context, key string, old []byte, exists bool, value []byte) (swapped bool, err error) {
	err = s.in(ctx, begin, func(c *conn) error {
		swapped = false
		now, ok, err := s.get(c, key)
		if err != nil && err != ErrTooLarge || ok != exists && err == nil {
			return err
		}
		if err == ErrTooLarge || ok && !bytes.Equal(now, old) {
			return nil // nobody can have seen it
		}
		if err := s.set(c, key, value); err != nil {
			return err
		}
		swapped = true
		return nil
	})
	return swapped && err == nil, err
}
