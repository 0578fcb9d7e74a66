package canon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// elements are what a host gives as a stream; it notes how it is treated.
type elements[T any] struct {
	mu     sync.Mutex
	left   []T
	err    error // after the last, instead of io.EOF
	hangs  bool  // after the last: until the context ends
	closes int
	nexts  int
}

func (e *elements[T]) Next(ctx context.Context) (v T, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.nexts++
	switch {
	case len(e.left) > 0:
		v, e.left = e.left[0], e.left[1:]
		return v, nil
	case e.hangs:
		e.mu.Unlock()
		<-ctx.Done()
		e.mu.Lock()
		return v, ctx.Err()
	case e.err != nil:
		return v, e.err
	}
	return v, io.EOF
}

func (e *elements[T]) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closes++
	return nil
}

func (e *elements[T]) check(t *testing.T) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closes != 1 {
		t.Errorf("closed %d times", e.closes)
	}
}

// readTexts reads a stream<string> to its end, n elements at a time.
func (g *guest) readTexts(h uint64, n uint64) (got []string) {
	ch := g.c.w.stream("string")
	p := g.new(uint32(8*n), 4)
	for {
		v := g.readSync(ch, h, p, n)
		for i := range v >> 4 {
			got = append(got, g.text(g.u32(p+8*i), g.u32(p+8*i+4)))
		}
		if v&15 == uint64(copyDropped) {
			g.dropReader(ch, h)
			return got
		}
	}
}

func texts(n int) (s []string) {
	for i := range n {
		s = append(s, fmt.Sprint("text ", i))
	}
	return s
}

func TestHostElementsToGuest(t *testing.T) {
	give := func(e abi.Elements[string]) func(*abi.Call) {
		return func(c *abi.Call) { c.Return(uint64(abi.LowerStream(&c.Guest, e, 0, 8, storeText))) }
	}
	for _, n := range []int{0, 1, 63, 64, 65, 200} {
		for _, at := range []uint64{1, 10, 100} {
			t.Run(fmt.Sprintf("%d elements, %d at a time", n, at), func(t *testing.T) {
				e := &elements[string]{left: texts(n)}
				w, l := hostTest(t, "func()->stream<string>", false, give(e), func(g *guest, op int32) {
					if got := g.readTexts(g.call(op), at); strings.Join(got, "|") != strings.Join(texts(n), "|") {
						t.Errorf("guest read %v", got)
					}
				})
				w.must(l)
				e.check(t)
			})
		}
	}
	t.Run("nil is empty", func(t *testing.T) {
		w, l := hostTest(t, "func()->stream<string>", false, give(nil), func(g *guest, op int32) {
			if got := g.readTexts(g.call(op), 3); len(got) != 0 {
				t.Errorf("guest read %v", got)
			}
		})
		w.must(l)
	})
	t.Run("fails", func(t *testing.T) {
		e := &elements[string]{left: texts(3), err: errors.New("bad")}
		w, l := hostTest(t, "func()->stream<string>", false, give(e), func(g *guest, op int32) {
			if got := g.readTexts(g.call(op), 3); len(got) != 3 {
				t.Errorf("guest read %v", got)
			}
		})
		w.must(l)
		e.check(t)
	})
	t.Run("panics", func(t *testing.T) {
		w, l := hostTest(t, "func()->stream<string>", false, give(panicElements{}), func(g *guest, op int32) {
			if got := g.readTexts(g.call(op), 3); len(got) != 0 {
				t.Errorf("guest read %v", got)
			}
		})
		w.must(l)
	})
	t.Run("guest drops it unread", func(t *testing.T) {
		e := &elements[string]{left: texts(3)}
		w, l := hostTest(t, "func()->stream<string>", false, give(e), func(g *guest, op int32) {
			g.dropReader(g.c.w.stream("string"), g.call(op))
		})
		w.must(l)
		e.check(t)
	})
	t.Run("guest drops it during a read", func(t *testing.T) {
		e := &elements[string]{hangs: true}
		w, l := hostTest(t, "func()->stream<string>", false, give(e), func(g *guest, op int32) {
			ch, h := g.c.w.stream("string"), g.call(op)
			g.want("read", g.read(ch, h, 64, 1), isBlocked)
			g.want("cancel", g.cancelRead(ch, true, h), cancelled(0))
			g.dropReader(ch, h)
		})
		w.must(l)
		w.close()
		if left := leaked(); left != "" {
			t.Error(left)
		}
		e.check(t)
	})
	t.Run("tree ends during a read", func(t *testing.T) {
		e := &elements[string]{hangs: true}
		w, l := hostTest(t, "func()->stream<string>", false, give(e), func(g *guest, op int32) { g.readTexts(g.call(op), 1) })
		p := w.begin(l)
		w.close()
		if _, err := p.wait(); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v", err)
		}
		if left := leaked(); left != "" {
			t.Error(left)
		}
		e.check(t)
	})
	t.Run("the call has failed before", func(t *testing.T) {
		e := &elements[string]{left: texts(3)}
		w, l := hostTest(t, "func()->stream<string>", false, func(c *abi.Call) { c.Trapf("earlier"); give(e)(c) }, func(g *guest, op int32) { g.call(op) })
		w.traps("earlier", l)
		e.check(t)
	})
	t.Run("guest cannot allocate", func(t *testing.T) {
		e := &elements[string]{left: []string{strings.Repeat("x", memorySize)}}
		w, l := hostTest(t, "func()->stream<string>", false, give(e), func(g *guest, op int32) { g.readTexts(g.call(op), 1) })
		w.traps("out of memory", l)
	})
	t.Run("slices", func(t *testing.T) {
		w, l := hostTest(t, "func()->stream<string>", false, give(abi.Slice(texts(5))), func(g *guest, op int32) {
			if got := g.readTexts(g.call(op), 2); len(got) != 5 {
				t.Errorf("guest read %v", got)
			}
		})
		w.must(l)
	})
}

type panicElements struct{}

func (panicElements) Next(context.Context) (string, error) { panic("elements") }
func (panicElements) Close() error                         { return nil }

// Resources that a guest does not take out of a stream before it drops it are dropped.
func TestResourcesLeftInAStream(t *testing.T) {
	for _, read := range []int{0, 1, 2} {
		t.Run(fmt.Sprintf("guest takes %d", read), func(t *testing.T) {
			things := []*thing{{}, {}, {}}
			e := &elements[*thing]{left: things[:2:2], hangs: true}
			s := newShop(t)
			op := s.a.host("func()->stream<own<h>>", false, func(c *abi.Call) {
				c.Return(uint64(abi.LowerStream(&c.Guest, e, 0, 4, func(g *abi.Guest, p uint32, x *thing) { g.PutU32(p, g.LowerOwn(x, 1)) })))
			})
			s.must(s.run(func(g *guest) {
				ch, h := g.c.w.stream("own<h>"), g.call(op)
				g.want("zero-length read", g.readSync(ch, h, 0, 0), completed(0))
				if read > 0 {
					n := g.readSync(ch, h, 64, uint64(read)) >> 4
					for i := range n {
						g.drop(s.h, g.u32(64+4*i))
					}
				}
				g.dropReader(ch, h)
			}))
			s.close()
			if left := leaked(); left != "" {
				t.Error(left)
			}
			e.check(t)
			for i, x := range things[:2-len(e.left)] {
				if x.drops != 1 {
					t.Errorf("resource %d was dropped %d times", i, x.drops)
				}
			}
		})
	}
}

// late yields an element when its context has ended, after a while.
type late struct {
	x      *thing
	closes int
}

func (l *late) Next(ctx context.Context) (*thing, error) {
	<-ctx.Done()
	time.Sleep(20 * time.Millisecond)
	return l.x, nil
}

func (l *late) Close() error { l.closes++; return nil }

// What the host yields for a stream that has ended meanwhile is dropped, and the end of the tree
// waits for that.
func TestElementsThatComeLate(t *testing.T) {
	for _, drops := range []bool{true, false} {
		t.Run(fmt.Sprintf("guest drops the stream: %v", drops), func(t *testing.T) {
			e := &late{x: &thing{}}
			s := newShop(t)
			op := s.a.host("func()->stream<own<h>>", false, func(c *abi.Call) {
				c.Return(uint64(abi.LowerStream(&c.Guest, e, 0, 4, func(g *abi.Guest, p uint32, x *thing) { g.PutU32(p, g.LowerOwn(x, 1)) })))
			})
			_, err := s.call(s.run(func(g *guest) {
				ch, h := g.c.w.stream("own<h>"), g.call(op)
				if drops {
					readAndDrop(g, ch, h)
				} else {
					g.want("read", g.read(ch, h, 64, 1), blockedCopy)
				}
			}))
			if err != nil {
				t.Fatal(err)
			}
			s.close()
			if e.x.drops != 1 || e.closes != 1 {
				t.Errorf("dropped %d times, closed %d times", e.x.drops, e.closes)
			}
		})
	}
}

func TestGuestElementsToHost(t *testing.T) {
	writeTexts := func(g *guest, wr uint64, s []string, n int) {
		ch := g.c.w.stream("string")
		p := g.new(uint32(8*n), 4)
		for len(s) > 0 {
			k := min(n, len(s))
			for i, x := range s[:k] {
				a, n := g.str(x)
				g.putU32(p+uint64(8*i), int(a))
				g.putU32(p+uint64(8*i)+4, int(n))
			}
			v := g.writeSync(ch, wr, p, uint64(k))
			if s = s[v>>4:]; v&15 == uint64(copyDropped) {
				break
			}
		}
		g.dropWriter(ch, wr)
	}
	test := func(t *testing.T, host func(r *abi.Reader[string]), body func(g *guest, wr uint64)) (*world, *Lift, *sync.WaitGroup) {
		var wg sync.WaitGroup
		w, l := hostTest(t, "func(s:stream<string>)", false, func(c *abi.Call) {
			r := abi.LiftStream(&c.Guest, c.Args().U32(0), 0, 8, loadText)
			wg.Add(1)
			go func() {
				defer wg.Done()
				host(r)
			}()
		}, func(g *guest, op int32) {
			r, wr := g.newChannel(g.c.w.stream("string"))
			g.call(op, r)
			body(g, wr)
		})
		return w, l, &wg
	}
	all := func(r *abi.Reader[string]) (got []string, err error) {
		for {
			v, err := r.Next(context.Background())
			if err != nil {
				return got, err
			}
			got = append(got, v)
		}
	}
	for _, n := range []int{0, 1, 64, 65, 300} {
		t.Run(fmt.Sprint(n, " elements"), func(t *testing.T) {
			w, l, wg := test(t, func(r *abi.Reader[string]) {
				if got, err := all(r); err != io.EOF || strings.Join(got, "|") != strings.Join(texts(n), "|") {
					t.Errorf("host read %d elements, %v", len(got), err)
				}
			}, func(g *guest, wr uint64) { writeTexts(g, wr, texts(n), 7) })
			w.must(l)
			wg.Wait()
			if n := w.waits(); n != 0 {
				t.Errorf("the tree waits for %d operations", n)
			}
		})
	}
	t.Run("host closes", func(t *testing.T) {
		w, l, wg := test(t, func(r *abi.Reader[string]) {
			if _, err := r.Next(context.Background()); err != nil {
				t.Error(err)
			}
			for range 2 {
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
			if _, err := r.Next(context.Background()); err != io.ErrClosedPipe {
				t.Errorf("got %v", err)
			}
		}, func(g *guest, wr uint64) {
			for g.writeSync(g.c.w.stream("string"), wr, 4096, 8)&15 != uint64(copyDropped) {
			}
			g.dropWriter(g.c.w.stream("string"), wr)
		})
		w.must(l)
		wg.Wait()
	})
	t.Run("context ends", func(t *testing.T) {
		goOn := make(chan struct{})
		w, l, wg := test(t, func(r *abi.Reader[string]) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if _, err := r.Next(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			close(goOn)
			if got, err := all(r); len(got) != 2 || err != io.EOF {
				t.Errorf("got %v, %v", got, err)
			}
		}, func(g *guest, wr uint64) {
			g.call(g.c.host("async func()", false, onGoroutine(func(context.Context) { <-goOn }, func(*abi.Call) {})))
			writeTexts(g, wr, texts(2), 1)
		})
		w.must(l)
		wg.Wait()
	})
	t.Run("guest traps", func(t *testing.T) {
		w, l, wg := test(t, func(r *abi.Reader[string]) {
			got, err := all(r)
			if len(got) != 1 || err == nil || !strings.Contains(err.Error(), "oops") {
				t.Errorf("got %v, %v", got, err)
			}
		}, func(g *guest, wr uint64) {
			g.writeText2(wr, "one")
			g.trap("oops")
		})
		w.traps("oops", l)
		wg.Wait()
	})
	t.Run("bad element", func(t *testing.T) {
		w, l, wg := test(t, func(r *abi.Reader[string]) {
			if got, err := all(r); len(got) != 0 || err == nil {
				t.Errorf("got %v, %v", got, err)
			}
		}, func(g *guest, wr uint64) {
			g.putU32(64, -1)
			g.putU32(68, 1)
			g.write(g.c.w.stream("string"), wr, 64, 1)
		})
		w.traps("out of bounds", l)
		wg.Wait()
	})
	t.Run("the host's own", func(t *testing.T) {
		var r *abi.Reader[string]
		w := newWorld(t)
		a := w.component("a", nil)
		e := &elements[string]{left: texts(3)}
		give := a.host("func()->stream<string>", false, func(c *abi.Call) { c.Return(uint64(abi.LowerStream(&c.Guest, e, 0, 8, storeText))) })
		take := a.host("func(s:stream<string>)", false, func(c *abi.Call) { r = abi.LiftStream(&c.Guest, c.Args().U32(0), 0, 8, loadText) })
		l := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(take, g.call(give)) })
		w.start().must(l)
		if _, err := r.Next(context.Background()); !errors.Is(err, abi.ErrTrap) {
			t.Errorf("got %v", err)
		}
		e.check(t)
	})
}

func (g *guest) writeText2(wr uint64, s string) {
	p, n := g.str(s)
	at := g.new(8, 4)
	g.putU32(at, int(p))
	g.putU32(at+4, int(n))
	g.want("write", g.write(g.c.w.stream("string"), wr, at, 1), completed(1))
}

// Resources that the host has taken out of a stream and does not read are dropped with it.
func TestResourcesThatTheHostDoesNotRead(t *testing.T) {
	x := &thing{}
	s := newShop(t)
	op := s.a.host("func(s:stream<own<h>>)", false, func(c *abi.Call) {
		r := abi.LiftStream(&c.Guest, c.Args().U32(0), 0, 4, func(g *abi.Guest, p uint32) *thing { x, _ := g.LiftOwn(g.U32(p), 1).(*thing); return x })
		r.Close()
	})
	s.must(s.run(func(g *guest) {
		ch := g.c.w.stream("own<h>")
		r, wr := g.newChannel(ch)
		g.putU32(64, int(g.call(s.giveThing(s.a, x))))
		g.want("write", g.write(ch, wr, 64, 1), isBlocked)
		g.call(op, r)
	}))
	s.close()
	if x.drops != 1 {
		t.Errorf("dropped %d times", x.drops)
	}
}
