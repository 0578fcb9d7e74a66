package abi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

var errGone = errors.New("guest is gone")

func loadU32(g *abi.Guest, p uint32) uint32     { return g.U32(p) }
func storeU32(g *abi.Guest, p uint32, v uint32) { g.PutU32(p, v) }

// lift gives the host the readable end of what a guest writes and returns the host's side as
// the guest's writes see it.
func lift[R any](t *testing.T, take func(g *abi.Guest) R) (*env, *abi.Guest, R, abi.Sink) {
	t.Helper()
	e := newEnv(1 << 20)
	e.end = &end{e: e}
	g := e.guest(nil)
	r := take(g)
	if g.Failed() {
		t.Fatal(g.Err())
	}
	return e, g, r, e.end.sink
}

func TestByteReader(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(g *abi.Guest, r *abi.ByteReader, s abi.Sink)
		want string
		err  error // at the end
	}{
		"some, then the end": {func(g *abi.Guest, _ *abi.ByteReader, s abi.Sink) { s.Write(g, 16, 3); s.Write(g, 19, 2); s.End(nil) }, "abcde", nil},
		"nothing":            {func(_ *abi.Guest, _ *abi.ByteReader, s abi.Sink) { s.End(nil) }, "", nil},
		"some, then a trap":  {func(g *abi.Guest, _ *abi.ByteReader, s abi.Sink) { s.Write(g, 16, 3); s.End(errGone) }, "abc", errGone},
		"closed by the host": {func(g *abi.Guest, r *abi.ByteReader, s abi.Sink) { s.Write(g, 16, 3); r.Close() }, "", io.ErrClosedPipe},
	} {
		for how, read := range map[string]func(r *abi.ByteReader) (string, error){
			"Read": func(r *abi.ByteReader) (string, error) { b, err := io.ReadAll(r); return string(b), err },
			"WriteTo": func(r *abi.ByteReader) (string, error) {
				var b strings.Builder
				_, err := r.WriteTo(&b)
				return b.String(), err
			},
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				e, g, r, s := lift(t, func(g *abi.Guest) *abi.ByteReader { return g.ByteStream(1, 1) })
				copy(e.mem[16:], "abcde")
				g.Refresh()
				if r.Buffered() {
					t.Error("something is there before the guest has written")
				}
				c.do(g, r, s)
				if got, err := read(r); got != c.want || !errors.Is(err, c.err) {
					t.Errorf("got %q, %v, want %q, %v", got, err, c.want, c.err)
				}
				r.Close()
				if n, end := s.Write(g, 16, 1); n != 0 || !end {
					t.Errorf("a write after Close took %d, end %v", n, end)
				}
			})
		}
	}
	t.Run("back-pressure", func(t *testing.T) {
		e, g, r, s := lift(t, func(g *abi.Guest) *abi.ByteReader { return g.ByteStream(1, 1) })
		total := uint32(0)
		for {
			n, _ := s.Write(g, 0, 10_000)
			if total += n; n == 0 {
				break
			}
		}
		if room, end := s.Write(g, 0, 0); total != 64<<10 || room != 0 || end {
			t.Errorf("took %d bytes, then says that it has room for %d, end %v", total, room, end)
		}
		if n, err := r.Read(make([]byte, 1)); n != 1 || err != nil || <-e.wakes != "wake" {
			t.Errorf("the guest is not woken when the host has read %d, %v", n, err)
		}
		if n, _ := s.Write(g, 0, 10_000); n != 10_000 {
			t.Errorf("took %d bytes then", n)
		}
	})
	t.Run("no handle", func(t *testing.T) {
		g := newEnv(64).guest(nil)
		if r := g.ByteStream(1, 1); r != nil || !errors.Is(g.Err(), abi.ErrTrap) {
			t.Errorf("got %v, %v", r, g.Err())
		}
	})
}

func TestReader(t *testing.T) {
	ctx := context.Background()
	gone, cancel := context.WithCancelCause(ctx)
	cancel(errGone)
	for name, c := range map[string]struct {
		do   func(g *abi.Guest, r *abi.Reader[uint32], s abi.Sink)
		ctx  context.Context
		want []uint32
		err  error
	}{
		"elements":              {func(g *abi.Guest, _ *abi.Reader[uint32], s abi.Sink) { s.Write(g, 16, 2); s.End(nil) }, ctx, []uint32{5, 6}, io.EOF},
		"none":                  {func(_ *abi.Guest, _ *abi.Reader[uint32], s abi.Sink) { s.End(nil) }, ctx, nil, io.EOF},
		"elements, then a trap": {func(g *abi.Guest, _ *abi.Reader[uint32], s abi.Sink) { s.Write(g, 16, 1); s.End(errGone) }, ctx, []uint32{5}, errGone},
		"closed":                {func(g *abi.Guest, r *abi.Reader[uint32], s abi.Sink) { s.Write(g, 16, 1); r.Close() }, ctx, nil, io.ErrClosedPipe},
		"context ends":          {func(g *abi.Guest, _ *abi.Reader[uint32], s abi.Sink) { s.Write(g, 16, 1) }, gone, []uint32{5}, errGone},
	} {
		t.Run(name, func(t *testing.T) {
			e, g, r, s := lift(t, func(g *abi.Guest) *abi.Reader[uint32] { return abi.LiftStream(g, 1, 1, 4, loadU32) })
			e.mem[16], e.mem[20] = 5, 6
			g.Refresh()
			c.do(g, r, s)
			var got []uint32
			for {
				v, err := r.Next(c.ctx)
				if err == nil {
					got = append(got, v)
					continue
				}
				// An ended context is only looked at when there is nothing to read.
				if more, _ := r.Next(c.ctx); !errors.Is(err, c.err) || fmt.Sprint(got) != fmt.Sprint(c.want) || more != 0 {
					t.Errorf("got %v, then %v, want %v, %v", got, err, c.want, c.err)
				}
				break
			}
			r.Close()
			if n, end := s.Write(g, 16, 1); n != 0 || !end {
				t.Errorf("a write after Close took %d, end %v", n, end)
			}
		})
	}
	t.Run("back-pressure", func(t *testing.T) {
		e, g, r, s := lift(t, func(g *abi.Guest) *abi.Reader[uint32] { return abi.LiftStream(g, 1, 1, 4, loadU32) })
		first, _ := s.Write(g, 0, 1000)
		second, end := s.Write(g, 0, 1000)
		if first == 0 || first == 1000 || second != 0 || end {
			t.Errorf("took %d elements, then %d, end %v", first, second, end)
		}
		if _, err := r.Next(ctx); err != nil || <-e.wakes != "wake" {
			t.Errorf("the guest is not woken: %v", err)
		}
	})
	t.Run("element that cannot be lifted", func(t *testing.T) {
		_, g, _, s := lift(t, func(g *abi.Guest) *abi.Reader[string] {
			return abi.LiftStream(g, 1, 1, 8, func(g *abi.Guest, _ uint32) string { return g.String(1<<31, 1) })
		})
		if n, _ := s.Write(g, 0, 1); n != 0 || !g.Failed() {
			t.Errorf("took %d elements, failed %v", n, g.Failed())
		}
	})
}

// What the host does not read of a closed stream is dropped.
func TestReaderDropsWhatIsLeft(t *testing.T) {
	var dropped []int
	_, g, r, s := lift(t, func(g *abi.Guest) *abi.Reader[dropper] {
		return abi.LiftStream(g, 1, 1, 4, func(*abi.Guest, uint32) dropper { return dropper{&dropped, len(dropped)} })
	})
	s.Write(g, 0, 3)
	if _, err := r.Next(context.Background()); err != nil {
		t.Fatal(err)
	}
	r.Close()
	r.Close()
	if len(dropped) != 2 {
		t.Errorf("dropped %v", dropped)
	}
}

type dropper struct {
	dropped *[]int
	n       int
}

func (d dropper) Drop() error {
	*d.dropped = append(*d.dropped, d.n)
	return nil
}

func TestFuture(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(g *abi.Guest, f *abi.Future[uint32], s abi.Sink)
		want uint32
		err  error
	}{
		"value":              {func(g *abi.Guest, _ *abi.Future[uint32], s abi.Sink) { s.Write(g, 16, 1) }, 5, nil},
		"dropped":            {func(_ *abi.Guest, _ *abi.Future[uint32], s abi.Sink) { s.End(nil) }, 0, abi.ErrDropped},
		"trap":               {func(_ *abi.Guest, _ *abi.Future[uint32], s abi.Sink) { s.End(errGone) }, 0, errGone},
		"closed by the host": {func(_ *abi.Guest, f *abi.Future[uint32], _ abi.Sink) { f.Close() }, 0, abi.ErrDropped},
		"closed too late":    {func(g *abi.Guest, f *abi.Future[uint32], s abi.Sink) { s.Write(g, 16, 1); f.Close() }, 5, nil},
	} {
		t.Run(name, func(t *testing.T) {
			e, g, f, s := lift(t, func(g *abi.Guest) *abi.Future[uint32] { return abi.LiftFuture(g, 1, 1, loadU32) })
			e.mem[16] = 5
			g.Refresh()
			if _, _, ok := f.Poll(); ok {
				t.Error("known too early")
			}
			var then []string
			f.Then(func(v uint32, err error) { then = append(then, fmt.Sprint(v, err)) })
			c.do(g, f, s)
			v, err := f.Get(context.Background())
			if v != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %d, %v, want %d, %v", v, err, c.want, c.err)
			}
			f.Then(func(v uint32, err error) { then = append(then, fmt.Sprint(v, err)) })
			if want := fmt.Sprint(v, err); len(then) != 2 || then[0] != want || then[1] != want {
				t.Errorf("Then got %q, want %q twice", then, want)
			}
		})
	}
	t.Run("context ends", func(t *testing.T) {
		_, _, f, _ := lift(t, func(g *abi.Guest) *abi.Future[uint32] { return abi.LiftFuture(g, 1, 1, loadU32) })
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(errGone)
		if _, err := f.Get(ctx); !errors.Is(err, errGone) {
			t.Errorf("got %v", err)
		}
	})
}

func TestPromise(t *testing.T) {
	for name, c := range map[string]struct {
		before, after []uint32 // what it is resolved with, before and after the guest has it
		asked         bool     // the guest has asked in between
	}{
		"before":       {before: []uint32{5}},
		"after":        {after: []uint32{5}},
		"when waiting": {after: []uint32{5}, asked: true},
		"twice":        {before: []uint32{5}, after: []uint32{6, 7}},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnv(64)
			g := e.guest(nil)
			p := abi.NewPromise[uint32]()
			for _, v := range c.before {
				p.Resolve(v)
			}
			abi.LowerPromise(g, p, 1, storeU32)
			if c.asked {
				if n, end := e.source.Read(g, 16, 1); n != 0 || end {
					t.Errorf("read %d, end %v before there is a value", n, end)
				}
			}
			for _, v := range c.after {
				p.Resolve(v)
			}
			if len(c.before) == 0 && <-e.wakes != "wake" {
				t.Error("the guest is not woken")
			}
			if n, end := e.source.Read(g, 16, 0); n != 1 || end {
				t.Errorf("asked whether there is a value: %d, end %v", n, end)
			}
			if n, end := e.source.Read(g, 16, 1); n != 1 || !end || g.U32(16) != 5 {
				t.Errorf("read %d, end %v, value %d", n, end, g.U32(16))
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		g := newEnv(64).guest(nil)
		if abi.LowerPromise[uint32](g, nil, 1, storeU32); !g.Failed() {
			t.Error("no promise was accepted")
		}
	})
}

// pump reads all that a source of u32 gives, as a guest does that waits to be woken.
func pump(e *env, g *abi.Guest, each func(p, n uint32)) {
	for {
		n, end := e.source.Read(g, 16, 2)
		each(16, n)
		if end {
			return
		}
		if n == 0 {
			<-e.wakes
		}
	}
}

func TestLowerStream(t *testing.T) {
	for _, n := range []int{0, 1, 3, 200} {
		var elems []uint32
		for i := range n {
			elems = append(elems, uint32(i))
		}
		e := newEnv(64)
		g := e.guest(nil)
		abi.LowerStream(g, abi.Slice(elems), 1, 4, storeU32)
		var got []uint32
		pump(e, g, func(p, n uint32) {
			for i := range n {
				got = append(got, g.U32(p+4*i))
			}
		})
		if fmt.Sprint(got) != fmt.Sprint(elems) {
			t.Errorf("got %v, want %v", got, elems)
		}
	}
}

func TestLowerByteStream(t *testing.T) {
	boom := errors.New("boom")
	for name, c := range map[string]struct {
		r    io.ReadCloser
		want string
		err  error
	}{
		"text":     {io.NopCloser(strings.NewReader("hello")), "hello", nil},
		"nothing":  {nil, "", nil},
		"an error": {io.NopCloser(io.MultiReader(strings.NewReader("he"), failing{boom})), "he", boom},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnv(64)
			g := e.guest(nil)
			done := make(chan error, 2)
			g.LowerByteStream(c.r, 1, func(err error) { done <- err })
			got := ""
			pump(e, g, func(p, n uint32) { got += string(g.Mem()[p : p+n]) })
			if err := <-done; got != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %q, done with %v, want %q, %v", got, err, c.want, c.err)
			}
		})
	}
	t.Run("no handle", func(t *testing.T) {
		e := newEnv(64)
		e.full = true
		g := e.guest(nil)
		done := make(chan error, 2)
		g.LowerByteStream(io.NopCloser(strings.NewReader("hello")), 1, func(err error) { done <- err })
		if err := <-done; err == nil || !g.Failed() {
			t.Errorf("done with %v, failed %v", err, g.Failed())
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
