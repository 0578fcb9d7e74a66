package canon

import (
	"fmt"
	"testing"
)

// give calls body in other with a readable end that the caller passes on.
func (g *guest) give(other *component, ch channelType, async bool, body func(g *guest, r uint64)) int32 {
	text := "stream"
	if ch.future {
		text = "future"
	}
	if ch.elem != nil {
		text += "<" + ch.elem.String() + ">"
	}
	return g.c.lower(other.stackful("async func(c:"+text+")", func(g *guest, a []uint64) uint64 {
		body(g, a[0])
		g.ret("")
		return 0
	}), async)
}

func TestElementsBetweenInstances(t *testing.T) {
	for name, body := range map[string]func(g *guest, other *component){
		"numbers, synchronous read": func(g *guest, other *component) {
			ch := g.c.w.stream("u16")
			r, wr := g.newChannel(ch)
			_, sub := status(g.call(g.give(other, ch, true, func(g *guest, r uint64) {
				p := g.new(8, 2)
				g.want("read", g.readSync(ch, r, p, 4), dropped(2)) // the drop came before the delivery
				g.want("elements", g.u32(p), 0x00020001)
				g.dropReader(ch, r)
			}), r))
			p := g.new(4, 2)
			g.putU32(p, 0x00020001)
			g.want("write", g.write(ch, wr, p, 2), completed(2))
			g.dropWriter(ch, wr)
			s := g.newSet()
			g.join(sub, s)
			g.wantEvent(g.wait(s, false), eventSubtask, sub, isReturned)
		},
		"synchronous write": func(g *guest, other *component) {
			ch := g.c.w.stream("u8")
			r, wr := g.newChannel(ch)
			_, sub := status(g.call(g.give(other, ch, true, func(g *guest, r uint64) {
				g.yield(false)
				p := g.new(8, 1)
				g.want("read", g.read(ch, r, p, 8), completed(5))
				if s := g.text(p, 5); s != "hello" {
					t.Errorf("got %q", s)
				}
				g.yield(false)
				g.want("read", g.read(ch, r, p, 8), dropped(0))
				g.dropReader(ch, r)
			}), r))
			p, n := g.str("hello")
			g.want("write", g.writeSync(ch, wr, p, n), completed(5))
			g.dropWriter(ch, wr)
			s := g.newSet()
			g.join(sub, s)
			g.wantEvent(g.wait(s, false), eventSubtask, sub, isReturned)
		},
		"strings": func(g *guest, other *component) {
			ch := g.c.w.stream("string")
			r, wr := g.newChannel(ch)
			list := g.new(24, 4)
			for i := range uint64(3) {
				p, n := g.str(fmt.Sprint("text ", i))
				g.putU32(list+8*i, int(p))
				g.putU32(list+8*i+4, int(n))
			}
			g.want("write", g.write(ch, wr, list, 3), isBlocked)
			g.want("status", g.call(g.give(other, ch, true, func(g *guest, r uint64) {
				for i, want := range []string{"text 0", "text 1", "text 2"} {
					p := g.new(8, 4)
					g.want("read", g.read(ch, r, p, 1), completed(1))
					if s := g.text(g.u32(p), g.u32(p+4)); s != want {
						t.Errorf("element %d: got %q", i, s)
					}
				}
				g.dropReader(ch, r)
			}), r), isReturned)
			g.want("cancel-write", g.cancelWrite(ch, true, wr), dropped(3))
			g.dropWriter(ch, wr)
		},
		"future of a list": func(g *guest, other *component) {
			ch := g.c.w.future("list<u32>")
			r, wr := g.newChannel(ch)
			list := g.new(8, 4)
			g.putU32(list, 0x11)
			g.putU32(list+4, 0x22)
			p := g.new(8, 4)
			g.putU32(p, int(list))
			g.putU32(p+4, 2)
			op := g.give(other, ch, false, func(g *guest, r uint64) {
				p := g.new(8, 4)
				g.want("read", g.readSync(ch, r, p, 0), completed(0))
				g.want("length", g.u32(p+4), 2)
				g.want("second", g.u32(g.u32(p)+4), 0x22)
				g.dropReader(ch, r)
			})
			g.want("write", g.write(ch, wr, p, 0), isBlocked)
			g.call(op, r)
			s := g.newSet()
			g.join(wr, s)
			g.wantEvent(g.wait(s, false), eventFutureWrite, wr, completed(0))
			g.dropWriter(ch, wr)
		},
		"streams of streams": func(g *guest, other *component) {
			inner := g.c.w.stream("u8")
			outer := g.c.w.stream("stream<u8>")
			ri, wi := g.newChannel(inner)
			ro, wo := g.newChannel(outer)
			p := g.new(4, 4)
			g.putU32(p, int(ri))
			g.want("write", g.write(outer, wo, p, 1), isBlocked)
			g.want("status", g.call(g.give(other, outer, true, func(g *guest, r uint64) {
				p := g.new(4, 4)
				g.want("read", g.read(outer, r, p, 1), completed(1))
				g.dropReader(inner, g.u32(p))
				g.dropReader(outer, r)
			}), ro), isReturned)
			g.want("write to the passed stream", g.write(inner, wi, p, 1), dropped(0))
			g.dropWriter(inner, wi)
		},
		"back and forth": func(g *guest, other *component) {
			ch := g.c.w.stream("u8")
			echo := g.c.lower(other.lift("func(c:stream<u8>)->stream<u8>", func(g *guest, a []uint64) uint64 { return a[0] }), false)
			r, wr := g.newChannel(ch)
			p, _ := g.str("abc")
			g.want("write", g.write(ch, wr, p, 3), isBlocked)
			for range 3 {
				r = g.call(echo, r)
			}
			to := g.new(3, 1)
			g.want("read", g.read(ch, r, to, 3), completed(3))
			g.dropReader(ch, r)
		},
		"a part is read before the end is passed on": func(g *guest, other *component) {
			ch := g.c.w.stream("u8")
			r, wr := g.newChannel(ch)
			p, _ := g.str("abcdef")
			g.want("write", g.write(ch, wr, p, 6), isBlocked)
			to := g.new(6, 1)
			g.want("read", g.read(ch, r, to, 2), completed(2))
			g.call(g.give(other, ch, false, func(g *guest, r uint64) {
				to := g.new(6, 1)
				g.want("read", g.read(ch, r, to, 6), completed(4))
				if s := g.text(to, 4); s != "cdef" {
					t.Errorf("got %q", s)
				}
				g.dropReader(ch, r)
			}), r)
			g.want("cancel-write", g.cancelWrite(ch, true, wr), dropped(6))
			g.dropWriter(ch, wr)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, l := stackfulTest(t, body)
			w.must(l)
			for _, c := range w.comps {
				if n := w.handles(c); name != "numbers, synchronous read" && n > 2 {
					t.Errorf("%d handles are left in component %d", n, c.n)
				}
			}
		})
	}
}

func TestTransferTraps(t *testing.T) {
	for name, c := range map[string]struct {
		why  string
		body func(g *guest, d *duo) (h uint64)
	}{
		"a writer":  {"not the readable end", func(g *guest, d *duo) uint64 { return d.w }},
		"no handle": {"unknown handle index 99", func(g *guest, d *duo) uint64 { return 99 }},
		"a set":     {"not the readable end", func(g *guest, d *duo) uint64 { return g.newSet() }},
		"other element type": {"another element type", func(g *guest, d *duo) uint64 {
			r, _ := g.newChannel(channelType{g.c.w.val("s64"), d.ch.future})
			return r
		}},
		"in a set":            {"in a waitable set", func(g *guest, d *duo) uint64 { g.join(d.r, g.newSet()); return d.r }},
		"read in progress":    {"read in progress", func(g *guest, d *duo) uint64 { d.step("read 1"); return d.r }},
		"event not delivered": {"read in progress", func(g *guest, d *duo) uint64 { d.step("read 1"); d.step("write 1"); return d.r }},
		"twice": {"unknown handle index", func(g *guest, d *duo) uint64 {
			g.call(g.give(g.c.w.comps[1], d.ch, true, func(*guest, uint64) {}), d.r)
			return d.r
		}},
		"end seen, not a drop": {"other end is gone or whose value was read", func(g *guest, d *duo) uint64 { d.finish(); return d.r }},
	} {
		for _, kind := range []string{"stream<u8>", "future<u8>"} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				trapTest(t, c.why, func(g *guest, other *component) {
					ch := g.c.w.stream("u8")
					if kind == "future<u8>" {
						ch = g.c.w.future("u8")
					}
					d := newDuo(g, ch)
					g.call(g.give(other, ch, false, func(g *guest, r uint64) {}), c.body(g, d))
				})
			})
		}
	}
}

// finish brings the reader to its end.
func (d *duo) finish() {
	if d.ch.future {
		d.run("write => blocked; read => completed 0")
	} else {
		d.run("drop-writer; read 1 => dropped 0")
	}
}

// An end whose other side has gone, but which has not been told, can be passed on.
func TestTransferOfAnEndThatHasNotSeenItsEnd(t *testing.T) {
	guestTest(t, func(g *guest, other *component) {
		d := newDuo(g, g.c.w.stream("u8"))
		d.run("drop-writer")
		g.call(g.give(other, d.ch, false, func(g *guest, r uint64) {
			g.want("read", g.read(d.ch, r, 0, 1), dropped(0))
			g.dropReader(d.ch, r)
		}), d.r)
	})
}

// Elements are lifted when the copy happens: what is wrong with them is the writer's fault
// then, whoever completes the copy.
func TestBadElementsTrap(t *testing.T) {
	for name, c := range map[string]struct {
		why, elem string
		fill      func(g *guest, p uint64)
	}{
		"string out of bounds": {"out of bounds", "string", func(g *guest, p uint64) { g.putU32(p, -1); g.putU32(p+4, 10) }},
		"string too long":      {"too long", "string", func(g *guest, p uint64) { g.putU32(p, 0); g.putU32(p+4, 1<<28) }},
		"not UTF-8":            {"not valid UTF-8", "string", func(g *guest, p uint64) { g.fill(p+8, "\xff"); g.putU32(p, int(p+8)); g.putU32(p+4, 1) }},
		"list unaligned":       {"unaligned", "list<u32>", func(g *guest, p uint64) { g.putU32(p, 2); g.putU32(p+4, 1) }},
		"surrogate":            {"invalid char", "char", func(g *guest, p uint64) { g.putU32(p, 0xd800) }},
		"case":                 {"invalid variant case 3 of 3", "enum{a,b,c}", func(g *guest, p uint64) { g.mem()[p] = 3 }},
		"handle":               {"unknown handle index 5000", "stream<u8>", func(g *guest, p uint64) { g.putU32(p, 5000) }},
	} {
		for _, readerFirst := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, reader first %v", name, readerFirst), func(t *testing.T) {
				if c.elem == "char" {
					c.elem = "option<char>" // stream<char> does not exist
					fill := c.fill
					c.fill = func(g *guest, p uint64) { g.mem()[p] = 1; fill(g, p+4) }
				}
				trapTest(t, c.why, func(g *guest, other *component) {
					ch := g.c.w.stream(c.elem)
					r, wr := g.newChannel(ch)
					p := g.new(64, 8)
					c.fill(g, p)
					if !readerFirst {
						g.write(ch, wr, p, 1)
					}
					_, _ = status(g.call(g.give(other, ch, true, func(g *guest, r uint64) { g.readSync(ch, r, g.new(64, 8), 1) }), r))
					if readerFirst {
						g.write(ch, wr, p, 1)
					}
				})
			})
		}
	}
}
