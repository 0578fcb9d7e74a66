package canon

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/spinhost/spin/engine/abi"
)

// A stream of the host's that comes back to it is read from its source, after what a guest
// was offered and has not read.
func TestHostStreamThatComesBack(t *testing.T) {
	long := strings.Repeat("0123456789", 20_000)
	for name, c := range map[string]struct {
		text    string
		between func(g *guest, h uint64, other *component) (read int, passed uint64)
	}{
		"at once": {long, func(g *guest, h uint64, _ *component) (int, uint64) { return 0, h }},
		"empty":   {"", func(g *guest, h uint64, _ *component) (int, uint64) { return 0, h }},
		"after a guest has read some": {long, func(g *guest, h uint64, _ *component) (int, uint64) {
			return int(g.readSync(g.c.w.stream("u8"), h, 64, 5) >> 4), h
		}},
		"after a guest has read a whole buffer": {long, func(g *guest, h uint64, _ *component) (n int, _ uint64) {
			for n < 64<<10 {
				n += int(g.readSync(g.c.w.stream("u8"), h, 1024, 8<<10) >> 4)
			}
			return n, h
		}},
		"after a cancelled read": {long, func(g *guest, h uint64, _ *component) (int, uint64) {
			ch := g.c.w.stream("u8")
			v := g.read(ch, h, 64, 5)
			if v == blocked {
				v = g.cancelRead(ch, true, h)
			}
			return int(v >> 4), h
		}},
		"through another component": {long, func(g *guest, h uint64, other *component) (int, uint64) {
			echo := g.c.lower(other.lift("func(c:stream<u8>)->stream<u8>", func(g *guest, a []uint64) uint64 { return a[0] }), false)
			return 0, g.call(echo, h)
		}},
	} {
		for how, read := range map[string]func(r *abi.ByteReader) ([]byte, error){
			"Read": func(r *abi.ByteReader) ([]byte, error) {
				return io.ReadAll(iotest.OneByteReader(io.LimitReader(r, 100)))
			},
			"WriteTo": func(r *abi.ByteReader) ([]byte, error) {
				var b strings.Builder
				_, err := io.Copy(&b, r)
				return []byte(b.String()), err
			},
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				s := newSource(strings.NewReader(c.text))
				var r *abi.ByteReader
				w := newWorld(t)
				a, b := w.component("a", nil), w.component("b", nil)
				give := a.host("func()->stream<u8>", false, func(c *abi.Call) { c.Return(uint64(c.LowerByteStream(s, 0, s.done))) })
				take := a.host("func(s:stream<u8>)", false, func(c *abi.Call) { r = c.ByteStream(c.Args().U32(0), 0) })
				seen := 0
				l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
					n, h := c.between(g, g.call(give), b)
					seen = n
					g.call(take, h)
					g.ret("")
					return 0
				})
				w.start().must(l)
				got, err := read(r)
				want := c.text[seen:]
				if how == "Read" {
					want = want[:min(100, len(want))]
				}
				if string(got) != want || err != nil {
					t.Errorf("host read %d bytes, %v; want %d", len(got), err, len(want))
				}
				if err := r.Close(); err != nil {
					t.Error(err)
				}
				if n := w.handles(a) + w.handles(b) + w.waits(); n != 0 {
					t.Errorf("handles and waits: %d are left", n)
				}
				s.mu.Lock()
				defer s.mu.Unlock()
				if s.closes != 1 || len(s.over) != 1 {
					t.Errorf("closed %d times, done with %v", s.closes, s.over)
				}
			})
		}
	}
	t.Run("that fails", func(t *testing.T) {
		bad := errors.New("bad")
		s := newSource(io.MultiReader(strings.NewReader("abc"), iotestErr{bad}))
		var r *abi.ByteReader
		w := newWorld(t)
		a := w.component("a", nil)
		give := a.host("func()->stream<u8>", false, func(c *abi.Call) { c.Return(uint64(c.LowerByteStream(s, 0, s.done))) })
		take := a.host("func(s:stream<u8>)", false, func(c *abi.Call) { r = c.ByteStream(c.Args().U32(0), 0) })
		l := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(take, g.call(give)) })
		w.start().must(l)
		if b, err := io.ReadAll(r); string(b) != "abc" || !errors.Is(err, bad) {
			t.Errorf("host read %q, %v", b, err)
		}
		r.Close()
		s.check(t, bad)
	})
	t.Run("closed during a read", func(t *testing.T) {
		s := newSource(nil)
		s.Reader = stuck{s}
		var r *abi.ByteReader
		w := newWorld(t)
		a := w.component("a", nil)
		give := a.host("func()->stream<u8>", false, func(c *abi.Call) { c.Return(uint64(c.LowerByteStream(s, 0, s.done))) })
		take := a.host("func(s:stream<u8>)", false, func(c *abi.Call) { r = c.ByteStream(c.Args().U32(0), 0) })
		l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
			h, ch := g.call(give), g.c.w.stream("u8")
			g.want("read", g.read(ch, h, 64, 8), isBlocked) // starts a goroutine that reads
			g.want("cancel", g.cancelRead(ch, true, h), cancelled(0))
			g.call(take, h)
			g.ret("")
			return 0
		})
		w.start().must(l)
		ended := make(chan error)
		go func() { _, err := r.Read(make([]byte, 1)); ended <- err }()
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != io.ErrClosedPipe && err != io.EOF {
			t.Errorf("got %v", err)
		}
		s.check(t, io.ErrClosedPipe)
	})
	t.Run("outlives its tree", func(t *testing.T) {
		s := newSource(strings.NewReader(long))
		var r *abi.ByteReader
		w := newWorld(t)
		a := w.component("a", nil)
		give := a.host("func()->stream<u8>", false, func(c *abi.Call) { c.Return(uint64(c.LowerByteStream(s, 0, s.done))) })
		take := a.host("func(s:stream<u8>)", false, func(c *abi.Call) { r = c.ByteStream(c.Args().U32(0), 0) })
		l := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(take, g.call(give)) })
		w.start().must(l)
		w.close()
		if b, err := io.ReadAll(r); len(b) != len(long) || err != nil {
			t.Errorf("host read %d bytes, %v", len(b), err)
		}
		s.check(t, nil)
	})
}
