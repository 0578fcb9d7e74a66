package keyvalue

import (
	"context"
	"database/sql/driver"
	"iter"
)

// FileStore is the store of one label in a File.
type FileStore struct {
	f     *File
	label string
}

var (
	_ Store       = (*FileStore)(nil)
	_ Batcher     = (*FileStore)(nil)
	_ Incrementer = (*FileStore)(nil)
	_ Swapper     = (*FileStore)(nil)
)

// Get implements Store.
func (s *FileStore) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	err = s.f.with(ctx, s.f.read, func(c *conn) (err error) {
		value, ok, err = s.get(c, key)
		return err
	})
	return value, ok, err
}

func (s *FileStore) get(c *conn, key string) ([]byte, bool, error) {
	v, ok, err := c.row(selectValue, s.label, key)
	if err != nil || !ok {
		return nil, false, err
	}
	value, fits := v.([]byte)
	if !fits {
		return nil, false, ErrTooLarge
	}
	return value, true, nil
}

// Set implements Store.
func (s *FileStore) Set(ctx context.Context, key string, value []byte) error {
	return s.f.with(ctx, s.f.write, func(c *conn) error { return s.set(c, key, value) })
}

func (s *FileStore) set(c *conn, key string, value []byte) error {
	if value == nil {
		value = []byte{} // nil would be NULL
	}
	return c.exec(upsert, s.label, key, value)
}

// Delete implements Store.
func (s *FileStore) Delete(ctx context.Context, key string) error {
	return s.f.with(ctx, s.f.write, func(c *conn) error { return c.exec(remove, s.label, key) })
}

// Exists implements Store.
func (s *FileStore) Exists(ctx context.Context, key string) (ok bool, err error) {
	err = s.f.with(ctx, s.f.read, func(c *conn) (err error) {
		_, ok, err = c.row(selectKey, s.label, key)
		return err
	})
	return ok, err
}

// Keys are read in pages of so many, and fewer if they are long.
const (
	pageKeys  = 256
	pageBytes = 1 << 20
)

// Keys implements Store. It reads one page of keys after the other, in their order.
func (s *FileStore) Keys(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		q, args := selectFirst, []driver.Value{s.label, int64(pageKeys)}
		for {
			page, more, err := s.page(ctx, q, args)
			if err != nil {
				yield("", err)
				return
			}
			for _, k := range page {
				if !yield(k, nil) {
					return
				}
			}
			if !more {
				return
			}
			q, args = selectNext, []driver.Value{s.label, page[len(page)-1], int64(pageKeys)}
		}
	}
}

// page returns some keys, and whether there may be more.
func (s *FileStore) page(ctx context.Context, q query, args []driver.Value) (keys []string, more bool, err error) {
	err = s.f.with(ctx, s.f.read, func(c *conn) error {
		keys, more = nil, false
		size := 0
		return c.rows(q, func(v driver.Value) bool {
			k, _ := v.(string)
			keys = append(keys, k)
			size += len(k)
			more = len(keys) == pageKeys || size >= pageBytes
			return !more
		}, args...)
	})
	return keys, more, err
}
