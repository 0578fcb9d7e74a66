package canon

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// guestStream makes a world whose component gives a stream<u8> to the host, which runs host
// on a goroutine with it.
func guestStream(t *testing.T, host func(r *abi.ByteReader), body func(g *guest, h uint64)) (*world, *Lift, *sync.WaitGroup) {
	var wg sync.WaitGroup
	w, l := hostTest(t, "func(s:stream<u8>)", false, func(c *abi.Call) {
		r := c.ByteStream(c.Args().U32(0), 0)
		if c.Failed() {
			return
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			host(r)
		}()
	}, func(g *guest, op int32) {
		r, wr := g.newChannel(g.c.w.stream("u8"))
		g.call(op, r)
		body(g, wr)
	})
	return w, l, &wg
}

func TestGuestStreamToHost(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 40_000)
	read := map[string]func(r *abi.ByteReader) (string, error){
		"Read": func(r *abi.ByteReader) (string, error) {
			b, err := io.ReadAll(struct{ io.Reader }{r})
			return string(b), err
		},
		"WriteTo": func(r *abi.ByteReader) (string, error) {
			var b bytes.Buffer
			_, err := r.WriteTo(&b)
			return b.String(), err
		},
		"small Reads": func(r *abi.ByteReader) (string, error) {
			var b strings.Builder
			p := make([]byte, 1000)
			for {
				n, err := r.Read(p)
				if b.Write(p[:n]); err == io.EOF {
					return b.String(), nil
				} else if err != nil {
					return b.String(), err
				}
			}
		},
	}
	for how, f := range read {
		for name, text := range map[string]string{"empty": "", "short": "hello", "long": long} {
			t.Run(how+"/"+name, func(t *testing.T) {
				w, l, wg := guestStream(t, func(r *abi.ByteReader) {
					defer r.Close()
					if got, err := f(r); got != text || err != nil {
						t.Errorf("host read %d bytes, %v; want %d", len(got), err, len(text))
					}
				}, func(g *guest, h uint64) { g.writeAll(h, text, 5000) })
				w.must(l)
				wg.Wait()
				if n := w.waits(); n != 0 {
					t.Errorf("the tree waits for %d operations", n)
				}
			})
		}
	}
	t.Run("a guest that writes more than the buffers waits", func(t *testing.T) {
		goOn := make(chan struct{})
		w, l, wg := guestStream(t, func(r *abi.ByteReader) {
			<-goOn
			if n, err := io.Copy(io.Discard, r); n != 4096*40 || err != nil {
				t.Errorf("host read %d bytes, %v", n, err)
			}
		}, func(g *guest, h uint64) {
			ch := g.c.w.stream("u8")
			sum := uint64(0)
			for {
				v := g.write(ch, h, 0, 4096)
				if v == blocked {
					break
				}
				sum += v >> 4
			}
			if sum > 128<<10 {
				t.Errorf("the host took %d bytes ahead", sum)
			}
			close(goOn)
			s := g.newSet()
			g.join(h, s)
			sum += g.wait(s, false).p2 >> 4
			g.join(h, 0)
			for sum < 4096*40 {
				sum += g.writeSync(ch, h, 0, min(4096, 4096*40-sum)) >> 4
			}
			g.dropWriter(ch, h)
		})
		w.must(l)
		wg.Wait()
	})
	t.Run("host closes", func(t *testing.T) {
		w, l, wg := guestStream(t, func(r *abi.ByteReader) {
			p := make([]byte, 3)
			if n, err := io.ReadFull(r, p); n != 3 || err != nil {
				t.Errorf("host read %d bytes, %v", n, err)
			}
			for range 2 {
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
			if n, err := r.Read(p); n != 0 || err != io.ErrClosedPipe {
				t.Errorf("after Close: %d, %v", n, err)
			}
		}, func(g *guest, h uint64) {
			ch := g.c.w.stream("u8")
			for g.writeSync(ch, h, 0, 4096)&15 != uint64(copyDropped) {
			}
			g.dropWriter(ch, h)
		})
		w.must(l)
		wg.Wait()
	})
	t.Run("zero-length writes ask for room", func(t *testing.T) {
		w, l, wg := guestStream(t, func(r *abi.ByteReader) {
			if b, err := io.ReadAll(r); len(b) != 5 || err != nil {
				t.Errorf("host read %q, %v", b, err)
			}
		}, func(g *guest, h uint64) {
			ch := g.c.w.stream("u8")
			g.want("zero-length write", g.writeSync(ch, h, 0xdeadbeef, 0), completed(0))
			g.want("write", g.write(ch, h, 0, 5), completed(5))
			g.dropWriter(ch, h)
		})
		w.must(l)
		wg.Wait()
	})
	t.Run("cancelled write", func(t *testing.T) {
		goOn := make(chan struct{})
		w, l, wg := guestStream(t, func(r *abi.ByteReader) {
			<-goOn
			_, _ = io.Copy(io.Discard, r)
		}, func(g *guest, h uint64) {
			ch := g.c.w.stream("u8")
			for g.write(ch, h, 0, 4096) != blocked {
			}
			g.want("cancel", g.cancelWrite(ch, false, h), cancelled(0))
			close(goOn)
			g.dropWriter(ch, h)
		})
		w.must(l)
		wg.Wait()
		if n := w.waits(); n != 0 {
			t.Errorf("the tree waits for %d operations", n)
		}
	})
	t.Run("guest traps", func(t *testing.T) {
		w, l, wg := guestStream(t, func(r *abi.ByteReader) {
			b, err := io.ReadAll(r)
			if len(b) != 5 || err == nil || !strings.Contains(err.Error(), "oops") {
				t.Errorf("host read %q, %v", b, err)
			}
		}, func(g *guest, h uint64) {
			g.write(g.c.w.stream("u8"), h, 0, 5)
			g.trap("oops")
		})
		w.traps("oops", l)
		wg.Wait()
	})
	t.Run("a write that was under way when the host came", func(t *testing.T) {
		got := make(chan string, 1)
		w, l := hostTest(t, "func(s:stream<u8>)", false, func(c *abi.Call) {
			r := c.ByteStream(c.Args().U32(0), 0)
			go func() { b, _ := io.ReadAll(r); got <- string(b) }()
		}, func(g *guest, op int32) {
			ch := g.c.w.stream("u8")
			r, wr := g.newChannel(ch)
			p, n := g.str("abcdef")
			g.want("write", g.write(ch, wr, p, n), isBlocked)
			g.call(op, r)
			s := g.newSet()
			g.join(wr, s)
			g.wantEvent(g.wait(s, false), eventStreamWrite, wr, completed(6))
			g.dropWriter(ch, wr)
		})
		w.must(l)
		if s := <-got; s != "abcdef" {
			t.Errorf("host read %q", s)
		}
	})
	// The write's event, of what a guest has read, is not delivered yet.
	for read, want := range map[uint64]string{2: "cdef", 6: ""} {
		t.Run(fmt.Sprintf("a write of which a guest has read %d", read), func(t *testing.T) {
			got := make(chan string, 1)
			w, l := hostTest(t, "func(s:stream<u8>)", false, func(c *abi.Call) {
				r := c.ByteStream(c.Args().U32(0), 0)
				go func() { b, _ := io.ReadAll(r); got <- string(b) }()
			}, func(g *guest, op int32) {
				ch := g.c.w.stream("u8")
				r, wr := g.newChannel(ch)
				p, n := g.str("abcdef")
				g.want("write", g.write(ch, wr, p, n), isBlocked)
				g.want("read", g.read(ch, r, 64, read), completed(read))
				g.call(op, r)
				s := g.newSet()
				g.join(wr, s)
				g.wantEvent(g.wait(s, false), eventStreamWrite, wr, completed(6))
				g.join(wr, 0)
				g.dropWriter(ch, wr)
			})
			w.must(l)
			if s := <-got; s != want {
				t.Errorf("host read %q, want %q", s, want)
			}
		})
	}
	t.Run("dropped by the host unread", func(t *testing.T) {
		w, l := hostTest(t, "func(s:stream<u8>)", false, func(c *abi.Call) {
			e, err := c.Env().LiftEnd(c.Args().U32(0), &c.Refs()[0])
			if err != nil {
				t.Error(err)
				return
			}
			e.Drop()
		}, func(g *guest, op int32) {
			ch := g.c.w.stream("u8")
			r, wr := g.newChannel(ch)
			g.want("write", g.write(ch, wr, 64, 3), isBlocked)
			g.call(op, r)
			g.want("cancel", g.cancelWrite(ch, true, wr), dropped(0))
			g.dropWriter(ch, wr)
		})
		w.must(l)
	})
	t.Run("whose writer has gone", func(t *testing.T) {
		got := make(chan error, 1)
		w, l := hostTest(t, "func(s:stream<u8>)", false, func(c *abi.Call) {
			r := c.ByteStream(c.Args().U32(0), 0)
			_, err := r.Read(make([]byte, 1))
			got <- err
		}, func(g *guest, op int32) {
			ch := g.c.w.stream("u8")
			r, wr := g.newChannel(ch)
			g.dropWriter(ch, wr)
			g.call(op, r)
		})
		w.must(l)
		if err := <-got; err != io.EOF {
			t.Errorf("got %v", err)
		}
	})
	t.Run("bad handles", func(t *testing.T) {
		w, l := hostTest(t, "func(s:stream<u8>)", false, func(c *abi.Call) { c.ByteStream(c.Args().U32(0), 0) },
			func(g *guest, op int32) { g.call(op, 55) })
		w.traps("unknown handle index 55", l)
	})
}

// The host's reader drives the guest itself when nobody else does.
func TestReaderDrivesTheGuest(t *testing.T) {
	var r *abi.ByteReader
	w, l := hostTest(t, "func(s:stream<u8>)", false, func(c *abi.Call) { r = c.ByteStream(c.Args().U32(0), 0) },
		func(g *guest, op int32) {
			rd, wr := g.newChannel(g.c.w.stream("u8"))
			g.call(op, rd)
			g.writeAll(wr, strings.Repeat("x", 300_000), 4096)
		})
	p := w.begin(l)
	if n, err := io.Copy(io.Discard, r); n != 300_000 || err != nil {
		t.Errorf("read %d, %v", n, err)
	}
	if _, err := p.wait(); err != nil {
		t.Error(err)
	}
}
