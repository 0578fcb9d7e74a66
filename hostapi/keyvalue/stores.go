package keyvalue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
)

// Stores are the stores of an app, by label. It is safe for concurrent use. Who makes it closes
// it, when no guest uses it any more.
type Stores struct {
	mu     sync.Mutex
	labels map[string]*entry
	closed bool
	limit  *limiter

	maxOpen, maxHeld int64 // in place of MaxOpen and MaxResult, in tests
}

// entry is a store, or how it is opened.
type entry struct {
	lock  chan struct{} // held by who opens or closes it, or looks
	open  func(context.Context) (Store, error)
	store Store
	owned bool
}

// Add keeps a store under a label, in place of one that was there. The store stays the
// caller's, who closes it after the Stores.
func (s *Stores) Add(label string, store Store) { s.add(label, &entry{store: store}) }

// AddFunc keeps under a label how a store is opened. That is done when a guest first asks for
// it, and again after it has failed. If the store is an [io.Closer] it is closed by Close.
func (s *Stores) AddFunc(label string, open func(context.Context) (Store, error)) {
	s.add(label, &entry{open: open, owned: true})
}

func (s *Stores) add(label string, e *entry) {
	e.lock = make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.labels == nil {
		s.labels = map[string]*entry{}
	}
	s.labels[label] = e
}

// Labels lists the labels, sorted.
func (s *Stores) Labels() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.labels))
}

// Open returns the store with that label. Errors are ErrNoStore, ErrClosed, and those of the
// function that opens it.
func (s *Stores) Open(ctx context.Context, label string) (Store, error) {
	s.mu.Lock()
	e, closed := s.labels[label], s.closed
	s.mu.Unlock()
	switch {
	case closed:
		return nil, ErrClosed
	case e == nil:
		return nil, fmt.Errorf("%w: %q", ErrNoStore, label)
	}
	return e.get(ctx)
}

func (e *entry) get(ctx context.Context) (Store, error) {
	select { // opening can take long
	case e.lock <- struct{}{}:
		defer func() { <-e.lock }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	switch {
	case e.store != nil:
		return e.store, nil
	case e.open == nil:
		return nil, ErrClosed
	}
	store, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	if store == nil {
		return nil, errors.New("the function that opens it returned no store")
	}
	e.store = store
	return store, nil
}

// Close closes the stores that it has opened, and lets none be opened any more. Closing twice
// is harmless.
func (s *Stores) Close() error {
	s.mu.Lock()
	s.closed = true
	labels := s.labels
	s.labels = nil
	s.mu.Unlock()
	var errs []error
	for _, label := range slices.Sorted(maps.Keys(labels)) {
		if err := labels[label].close(); err != nil {
			errs = append(errs, fmt.Errorf("closing key-value store %q: %w", label, err))
		}
	}
	return errors.Join(errs...)
}

func (e *entry) close() error {
	e.lock <- struct{}{}
	defer func() { <-e.lock }()
	c, ok := e.store.(io.Closer)
	e.open, e.store = nil, nil
	if !ok || !e.owned {
		return nil
	}
	return c.Close()
}
