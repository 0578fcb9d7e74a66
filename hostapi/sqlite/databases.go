package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
)

// Databases are those of an app, by label. It is safe for concurrent use. Whoever made it
// closes it, after the app's instances have ended.
type Databases struct {
	list map[string]Database
	life context.Context
	end  context.CancelCauseFunc

	mu     sync.Mutex
	conns  int
	idle   chan struct{} // closed when there are no connections and closed is set
	closed bool
}

// NewDatabases makes Databases of those in the map, which they belong to from then on.
func NewDatabases(list map[string]Database) *Databases {
	d := &Databases{list: maps.Clone(list), idle: make(chan struct{})}
	d.life, d.end = context.WithCancelCause(context.Background())
	return d
}

// Labels lists the labels, sorted.
func (d *Databases) Labels() []string {
	if d == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(d.list))
}

// Has reports whether there is a database of that label.
func (d *Databases) Has(label string) bool { return d.lookup(label) != nil }

func (d *Databases) lookup(label string) Database {
	if d == nil {
		return nil
	}
	return d.list[label]
}

// Start runs the initial statements of those that have any. It is called once, before guests
// run. Databases of other kinds take part if they have a method Start(context.Context) error.
func (d *Databases) Start(ctx context.Context) error {
	var errs []error
	for _, label := range d.Labels() {
		s, ok := d.list[label].(interface{ Start(context.Context) error })
		if !ok {
			continue
		}
		if err := s.Start(ctx); err != nil {
			errs = append(errs, fmt.Errorf("SQLite database %q: %w", label, err))
		}
	}
	return errors.Join(errs...)
}

// enter counts a connection that is about to be opened.
func (d *Databases) enter() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return errEnded
	}
	d.conns++
	return nil
}

// leave counts a connection that is closed.
func (d *Databases) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.conns--; d.conns == 0 && d.closed {
		close(d.idle)
	}
}

// Close stops what runs, waits within ctx for the connections to be closed, and closes the
// databases; when ctx ends first it returns the cause, and they are closed when that is
// possible. A second call does nothing.
func (d *Databases) Close(ctx context.Context) error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	first := !d.closed
	if d.closed = true; first && d.conns == 0 {
		close(d.idle)
	}
	d.mu.Unlock()
	if !first {
		return nil
	}
	d.end(errEnded)
	select {
	case <-d.idle:
		return d.closeAll()
	case <-ctx.Done():
		go func() {
			<-d.idle
			_ = d.closeAll()
		}()
		return context.Cause(ctx)
	}
}

func (d *Databases) closeAll() error {
	var errs []error
	for _, label := range d.Labels() {
		if c, ok := d.list[label].(io.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}
