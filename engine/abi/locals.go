package abi

import (
	"context"
	"io"
	"sync"
)

// Locals is what host interfaces keep for one running instance of a component, with all that
// is inside it: a table of handles, or a count. It is safe for concurrent use.
type Locals struct {
	mu     sync.Mutex
	values map[any]any
	closed bool
}

// LocalsKey is the key of the *Locals in the context of a call: the engine's part.
type LocalsKey struct{}

// LocalsOf returns those of the instance that made the call of a host function that has ctx,
// or a context made of it. ok is false for other contexts.
func LocalsOf(ctx context.Context) (l *Locals, ok bool) {
	l, ok = ctx.Value(LocalsKey{}).(*Locals)
	return l, ok
}

// Get returns the value of a key, which make makes the first time. Keys should be of types
// that no other package has, such as the pointer to the implementation of an interface. When
// the instance ends, values that are an [io.Closer] are closed, once, on the goroutine that
// ends it: Close must not wait for anything. make is called with the locals locked; what it
// makes for an instance that has ended already is closed at once.
func (l *Locals) Get(key any, make func() any) any {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, ok := l.values[key]
	if ok {
		return v
	}
	v = make()
	if l.closed {
		closeLocal(v)
		return v
	}
	if l.values == nil {
		l.values = map[any]any{}
	}
	l.values[key] = v
	return v
}

// Lookup returns the value of a key; nil if none was made.
func (l *Locals) Lookup(key any) any {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.values[key]
}

// Close closes the values: the engine's part.
func (l *Locals) Close() {
	l.mu.Lock()
	values := l.values
	l.values, l.closed = nil, true
	l.mu.Unlock()
	for _, v := range values {
		closeLocal(v)
	}
}

func closeLocal(v any) {
	if c, ok := v.(io.Closer); ok {
		_ = c.Close() // the guest is gone: there is nobody to tell
	}
}
