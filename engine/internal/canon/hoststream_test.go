package canon

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// source is what a host gives as a stream: a reader that notes how it is treated.
type source struct {
	io.Reader
	mu     sync.Mutex
	closes int
	closed chan struct{}
	over   []error // what done was called with
}

func newSource(r io.Reader) *source { return &source{Reader: r, closed: make(chan struct{})} }

func (s *source) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closes++; s.closes == 1 {
		close(s.closed)
	}
	return nil
}

func (s *source) done(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = append(s.over, err)
}

// check reports a source that was not closed and done with err, each once.
func (s *source) check(t *testing.T, err error) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closes != 1 {
		t.Errorf("reader was closed %d times", s.closes)
	}
	if len(s.over) != 1 || !errors.Is(s.over[0], err) || (err == nil) != (s.over[0] == nil) {
		t.Errorf("done was called with %v, want %v", s.over, err)
	}
}

// stuck is a reader that delivers nothing until it is closed.
type stuck struct{ s *source }

func (r stuck) Read([]byte) (int, error) {
	<-r.s.closed
	return 0, io.ErrClosedPipe
}

// readAll reads a stream<u8> to its end and returns what it got.
func (g *guest) readAll(h uint64, n uint64) string {
	ch := g.c.w.stream("u8")
	p := g.new(uint32(n), 1)
	var b strings.Builder
	for {
		v := g.readSync(ch, h, p, n)
		b.WriteString(g.text(p, v>>4))
		if v&15 == uint64(copyDropped) {
			g.dropReader(ch, h)
			return b.String()
		}
	}
}

// writeAll writes s in pieces of n bytes and then drops the end.
func (g *guest) writeAll(h uint64, s string, n int) {
	ch := g.c.w.stream("u8")
	p := g.new(uint32(n), 1)
	for len(s) > 0 {
		k := min(n, len(s))
		g.fill(p, s[:k])
		v := g.writeSync(ch, h, p, uint64(k))
		if s = s[v>>4:]; v&15 == uint64(copyDropped) {
			break
		}
	}
	g.dropWriter(ch, h)
}

// hostStream makes a world whose component gets a stream<u8> of r from the host.
func hostStream(t *testing.T, r io.ReadCloser, done func(error), body func(g *guest, h uint64)) (*world, *Lift) {
	return hostTest(t, "func()->stream<u8>", false, func(c *abi.Call) {
		c.Return(uint64(c.LowerByteStream(r, 0, done)))
	}, func(g *guest, op int32) { body(g, g.call(op)) })
}

func TestHostStreamToGuest(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 20_000) // 320,000 bytes
	for name, text := range map[string]string{"empty": "", "short": "hello", "long": long} {
		for _, n := range []uint64{1, 7, 4096} {
			if n < 7 && len(text) > 100 {
				continue
			}
			t.Run(fmt.Sprintf("%s, %d at a time", name, n), func(t *testing.T) {
				s := newSource(strings.NewReader(text))
				w, l := hostStream(t, s, s.done, func(g *guest, h uint64) {
					if got := g.readAll(h, n); got != text {
						t.Errorf("guest read %d bytes, want %d", len(got), len(text))
					}
				})
				w.must(l)
				s.check(t, nil)
				if n := w.waits(); n != 0 {
					t.Errorf("the tree waits for %d operations", n)
				}
			})
		}
	}
	t.Run("nil is empty", func(t *testing.T) {
		s := newSource(nil)
		w, l := hostStream(t, nil, s.done, func(g *guest, h uint64) {
			if got := g.readAll(h, 8); got != "" {
				t.Errorf("guest read %q", got)
			}
		})
		w.must(l)
		if len(s.over) != 1 || s.over[0] != nil {
			t.Errorf("done was called with %v", s.over)
		}
	})
	t.Run("reader fails", func(t *testing.T) {
		bad := errors.New("bad")
		s := newSource(io.MultiReader(strings.NewReader("abc"), iotestErr{bad}))
		w, l := hostStream(t, s, s.done, func(g *guest, h uint64) {
			if got := g.readAll(h, 8); got != "abc" {
				t.Errorf("guest read %q", got)
			}
		})
		w.must(l)
		s.check(t, bad)
	})
	t.Run("reader panics", func(t *testing.T) {
		s := newSource(panicReader{})
		w, l := hostStream(t, s, s.done, func(g *guest, h uint64) { g.readAll(h, 8) })
		w.must(l)
		if s.closes != 1 || len(s.over) != 1 || s.over[0] == nil {
			t.Errorf("closed %d times, done with %v", s.closes, s.over)
		}
	})
	t.Run("guest drops it unread", func(t *testing.T) {
		s := newSource(strings.NewReader("abc"))
		w, l := hostStream(t, s, s.done, func(g *guest, h uint64) { g.dropReader(g.c.w.stream("u8"), h) })
		w.must(l)
		s.check(t, io.ErrClosedPipe)
	})
	t.Run("guest drops it during a read", func(t *testing.T) {
		s := newSource(nil)
		s.Reader = stuck{s}
		w, l := hostStream(t, s, s.done, func(g *guest, h uint64) {
			ch := g.c.w.stream("u8")
			g.want("read", g.read(ch, h, 64, 8), isBlocked)
			g.want("cancel", g.cancelRead(ch, true, h), cancelled(0))
			g.dropReader(ch, h)
		})
		w.must(l)
		s.check(t, io.ErrClosedPipe)
	})
	t.Run("guest reads on after a cancelled read", func(t *testing.T) {
		s := newSource(strings.NewReader("hello"))
		w, l := hostStream(t, s, s.done, func(g *guest, h uint64) {
			ch := g.c.w.stream("u8")
			got := ""
			if v := g.read(ch, h, 64, 2); v == blocked {
				v = g.cancelRead(ch, false, h)
				got = g.text(64, v>>4)
			}
			if got += g.readAll(h, 8); got != "hello" {
				t.Errorf("guest read %q", got)
			}
		})
		w.must(l)
		s.check(t, nil)
	})
	t.Run("tree ends during a read", func(t *testing.T) {
		s := newSource(nil)
		s.Reader = stuck{s}
		w, l := hostStream(t, s, s.done, func(g *guest, h uint64) { g.readAll(h, 8) })
		p := w.begin(l)
		w.close()
		if _, err := p.wait(); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v", err)
		}
		s.check(t, io.ErrClosedPipe)
	})
	t.Run("no handle can be made", func(t *testing.T) {
		s := newSource(strings.NewReader("abc"))
		w, l := hostStream(t, s, s.done, func(g *guest, h uint64) {})
		w.tree.insts[0].handles.Limit(1, nil)
		w.do(func(t *Tree) {
			_, _ = t.insts[0].handles.Add(abi.Entry{Kind: abi.KindWaitableSet, Obj: new(WaitableSet)})
		})
		w.traps("handle table is full", l)
		if s.closes != 1 || len(s.over) != 1 || s.over[0] == nil {
			t.Errorf("closed %d times, done with %v", s.closes, s.over)
		}
	})
	t.Run("the call has failed before", func(t *testing.T) {
		s := newSource(strings.NewReader("abc"))
		w, l := hostTest(t, "func()->stream<u8>", false, func(c *abi.Call) {
			c.Trapf("earlier")
			c.Return(uint64(c.LowerByteStream(s, 0, s.done)))
		}, func(g *guest, op int32) { g.call(op) })
		w.traps("earlier", l)
		if s.closes != 1 || len(s.over) != 1 || s.over[0] == nil {
			t.Errorf("closed %d times, done with %v", s.closes, s.over)
		}
	})
	t.Run("zero-length reads ask for readiness", func(t *testing.T) {
		s := newSource(strings.NewReader("x"))
		w, l := hostStream(t, s, s.done, func(g *guest, h uint64) {
			ch := g.c.w.stream("u8")
			g.want("zero-length read", g.readSync(ch, h, 0xdeadbeef, 0), completed(0))
			g.want("read", g.read(ch, h, 64, 5), completed(1))
			g.want("zero-length read at the end", g.readSync(ch, h, 0, 0), dropped(0))
			g.dropReader(ch, h)
		})
		w.must(l)
		s.check(t, nil)
	})
}

type iotestErr struct{ err error }

func (r iotestErr) Read([]byte) (int, error) { return 0, r.err }

type panicReader struct{}

func (panicReader) Read([]byte) (int, error) { panic("reader") }
