package keyvalue

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"sync"
)

// MaxMemory is how many bytes the keys and values of a MemoryStore take at most: 1 GiB.
const MaxMemory = 1 << 30

// entrySize is what an entry takes beside its key and value, about.
const entrySize = 64

// ErrFull says that a store has no room for a value.
var ErrFull = errors.New("the key-value store is full")

// MemoryStore is a Store in memory, which is gone with the process. It is safe for concurrent use,
// and does all that a Store can in one step.
type MemoryStore struct {
	mu     sync.RWMutex
	values map[string][]byte
	size   int // of all keys and values, with entrySize for each
	max    int
}

var (
	_ Store       = (*MemoryStore)(nil)
	_ Batcher     = (*MemoryStore)(nil)
	_ Incrementer = (*MemoryStore)(nil)
	_ Swapper     = (*MemoryStore)(nil)
)

// Memory returns an empty store.
func Memory() *MemoryStore { return &MemoryStore{values: map[string][]byte{}, max: MaxMemory} }

// Get implements Store.
func (m *MemoryStore) Get(_ context.Context, key string) ([]byte, bool, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	v, ok := m.values[key]
	if len(v) > MaxResult {
		return nil, false, ErrTooLarge
	}
	return bytes.Clone(v), ok, nil
}

// Set implements Store. It returns ErrFull if there is no room.
func (m *MemoryStore) Set(_ context.Context, key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.set(key, value)
}

func (m *MemoryStore) set(key string, value []byte) error {
	grow := len(value)
	if old, ok := m.values[key]; ok {
		grow -= len(old)
	} else {
		grow += len(key) + entrySize
	}
	if grow > 0 && m.size > m.max-grow {
		return ErrFull
	}
	m.size += grow
	// Never nil: that an empty value is there must show.
	m.values[key] = append(make([]byte, 0, len(value)), value...)
	return nil
}

func (m *MemoryStore) remove(key string) {
	if old, ok := m.values[key]; ok {
		m.size -= len(key) + len(old) + entrySize
		delete(m.values, key)
	}
}

// Delete implements Store.
func (m *MemoryStore) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.remove(key)
	return nil
}

// Exists implements Store.
func (m *MemoryStore) Exists(_ context.Context, key string) (bool, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	_, ok := m.values[key]
	return ok, nil
}

// Keys implements Store, with the keys that are there when the loop begins.
func (m *MemoryStore) Keys(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		m.mu.RLock()
		keys := slices.Collect(maps.Keys(m.values))
		m.mu.RUnlock()
		for _, k := range keys {
			if err := ctx.Err(); err != nil {
				yield("", err)
				return
			}
			if !yield(k, nil) {
				return
			}
		}
	}
}

// GetMany implements Batcher.
func (m *MemoryStore) GetMany(_ context.Context, keys []string) (list []Pair, err error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	size := 0
	for _, k := range keys {
		if v, ok := m.values[k]; ok {
			if size += len(k) + len(v); size > MaxResult {
				return nil, ErrTooLarge
			}
			list = append(list, Pair{k, bytes.Clone(v)})
		}
	}
	return list, nil
}

// SetMany implements Batcher. It returns ErrFull, and has stored nothing, if there is no room.
func (m *MemoryStore) SetMany(_ context.Context, pairs []Pair) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	grow := 0
	for _, p := range pairs { // as if all were new and none the same, which is more than it can be
		grow += len(p.Key) + len(p.Value) + entrySize
	}
	if m.size > m.max-grow {
		return ErrFull
	}
	for _, p := range pairs {
		if err := m.set(p.Key, p.Value); err != nil {
			return err
		}
	}
	return nil
}

// DeleteMany implements Batcher.
func (m *MemoryStore) DeleteMany(_ context.Context, keys []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range keys {
		m.remove(k)
	}
	return nil
}

// Increment implements Incrementer. Numbers are stored as 8 bytes, the least first.
func (m *MemoryStore) Increment(_ context.Context, key string, delta int64) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, ok := m.values[key]
	sum, value, err := add(old, ok, delta)
	if err != nil {
		return 0, err
	}
	return sum, m.set(key, value)
}

// CompareAndSwap implements Swapper.
func (m *MemoryStore) CompareAndSwap(_ context.Context, key string, old []byte, exists bool, value []byte) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now, ok := m.values[key]; ok != exists || ok && !bytes.Equal(now, old) {
		return false, nil
	}
	if err := m.set(key, value); err != nil {
		return false, err
	}
	return true, nil
}
