package canon

import (
	"fmt"
	"strings"
	"testing"
)

// duo drives both ends of a stream<u8> or future<u8> from one task.
type duo struct {
	g        *guest
	ch       channelType
	r, w     uint64
	sent     byte // how many elements were offered so far
	from, to uint64
}

const duoRoom = 64

func newDuo(g *guest, ch channelType) *duo {
	d := &duo{g: g, ch: ch, from: g.new(duoRoom, 1), to: g.new(duoRoom, 1)}
	d.r, d.w = g.newChannel(ch)
	return d
}

// outcome is the text of what a copy answers.
func outcome(v uint64) string {
	if v == blocked {
		return "blocked"
	}
	return fmt.Sprintf("%s %d", [...]string{"completed", "dropped", "cancelled"}[v&15], v>>4)
}

// step does one thing and returns the answer.
func (d *duo) step(s string) string {
	var what string
	var n uint64
	fmt.Sscanf(s, "%s %d", &what, &n)
	g := d.g
	switch what {
	case "write":
		for i := range n {
			g.mem()[d.from+i] = 'a' + d.sent + byte(i)
		}
		return outcome(g.write(d.ch, d.w, d.from, n))
	case "read":
		g.fill(d.to, strings.Repeat("-", int(n)))
		return outcome(g.read(d.ch, d.r, d.to, n))
	case "cancel-read":
		return outcome(g.cancelRead(d.ch, n == 0, d.r))
	case "cancel-write":
		return outcome(g.cancelWrite(d.ch, n == 0, d.w))
	case "drop-reader":
		g.dropReader(d.ch, d.r)
	case "drop-writer":
		g.dropWriter(d.ch, d.w)
	case "sent":
		d.sent += byte(n)
	case "got":
		return g.text(d.to, n)
	case "event-of-reader":
		return d.event(d.r)
	case "event-of-writer":
		return d.event(d.w)
	default:
		panic("step " + s)
	}
	return ""
}

func (d *duo) event(h uint64) string {
	s := d.g.newSet()
	d.g.join(h, s)
	e := d.g.poll(s, false)
	d.g.join(h, 0)
	d.g.dropSet(s)
	if e.code == uint64(eventNone) {
		return "none"
	}
	kind := [...]string{"", "", "stream read", "stream write", "future read", "future write"}[e.code]
	d.g.want("handle of the event", e.p1, h)
	return kind + " " + outcome(e.p2)
}

// rendezvous are sequences of steps and answers, "step => answer"; a step without an answer
// has none to give.
var rendezvous = map[string]string{
	"write, read of less twice": `
		write 4 => blocked; read 2 => completed 2; got 2 => ab; read 2 => completed 2; got 2 => cd
		event-of-writer => stream write completed 4; event-of-writer => none`,
	"write, read of more": `
		write 2 => blocked; read 4 => completed 2; got 4 => ab--; event-of-writer => stream write completed 2`,
	"read, write of less twice": `
		read 4 => blocked; write 1 => completed 1; sent 1; write 2 => completed 2
		event-of-reader => stream read completed 3; got 4 => abc-`,
	"read, write of more": `read 1 => blocked; write 3 => completed 1; event-of-reader => stream read completed 1; got 1 => a`,
	"a full buffer whose event nobody has taken makes the next one wait": `
		read 1 => blocked; write 1 => completed 1; sent 1; write 2 => blocked; event-of-reader => stream read completed 1
		read 5 => completed 2; got 5 => bc---; event-of-writer => stream write completed 2`,
	"the event of a partial copy counts what came until it is delivered": `
		read 9 => blocked; write 1 => completed 1; sent 1; write 3 => completed 3; event-of-reader => stream read completed 4; got 9 => abcd-----`,
	"delivery of a partial copy's event ends the copy": `
		write 4 => blocked; read 1 => completed 1; event-of-writer => stream write completed 1; sent 1; read 2 => blocked
		write 4 => completed 2; event-of-reader => stream read completed 2; got 2 => bc`,
	"zero-length write to a waiting read":        `read 2 => blocked; write 0 => completed 0; event-of-reader => none; write 1 => completed 1; event-of-reader => stream read completed 1`,
	"zero-length read of a waiting write":        `write 2 => blocked; read 0 => completed 0; event-of-writer => none; read 2 => completed 2; event-of-writer => stream write completed 2`,
	"zero-length read waits for a write":         `read 0 => blocked; write 3 => blocked; event-of-reader => stream read completed 0; read 3 => completed 3; got 3 => abc; event-of-writer => stream write completed 3`,
	"zero-length write waits for a read":         `write 0 => blocked; read 3 => blocked; event-of-writer => stream write completed 0; write 3 => completed 3; event-of-reader => stream read completed 3`,
	"zero-length write, zero-length read":        `write 0 => blocked; read 0 => blocked; event-of-writer => stream write completed 0; write 0 => completed 0; event-of-reader => none`,
	"zero-length read, zero-length write":        `read 0 => blocked; write 0 => completed 0; event-of-reader => none; write 1 => blocked; event-of-reader => stream read completed 0`,
	"writer goes during a read":                  `read 3 => blocked; drop-writer; event-of-reader => stream read dropped 0`,
	"reader goes during a write":                 `write 3 => blocked; drop-reader; event-of-writer => stream write dropped 0`,
	"writer goes after a part":                   `read 3 => blocked; write 2 => completed 2; drop-writer; event-of-reader => stream read dropped 2; got 3 => ab-`,
	"reader goes after a part":                   `write 3 => blocked; read 2 => completed 2; drop-reader; event-of-writer => stream write dropped 2`,
	"writer goes after all, before the event":    `read 2 => blocked; write 2 => completed 2; drop-writer; event-of-reader => stream read dropped 2`,
	"read after the writer has gone":             `drop-writer; read 1 => dropped 0; drop-reader`,
	"write after the reader has gone":            `drop-reader; write 1 => dropped 0; drop-writer`,
	"zero-length read after the writer has gone": `drop-writer; read 0 => dropped 0`,
	"both go, writer first":                      `drop-writer; drop-reader`,
	"both go, reader first":                      `drop-reader; drop-writer`,
	"cancelled read":                             `read 3 => blocked; cancel-read => cancelled 0; read 1 => blocked; cancel-read 1 => cancelled 0; event-of-reader => none; drop-reader`,
	"cancelled write":                            `write 3 => blocked; cancel-write => cancelled 0; write 1 => blocked; cancel-write 1 => cancelled 0; drop-writer`,
	"cancelled read of nothing":                  `read 0 => blocked; cancel-read => cancelled 0`,
	"cancelled write of nothing":                 `write 0 => blocked; cancel-write => cancelled 0`,
	"read cancelled after a part":                `read 3 => blocked; write 2 => completed 2; cancel-read => cancelled 2; got 3 => ab-; sent 2; write 1 => blocked`,
	"write cancelled after a part":               `write 3 => blocked; read 2 => completed 2; cancel-write => cancelled 2; read 1 => blocked`,
	"read cancelled after all":                   `read 2 => blocked; write 2 => completed 2; cancel-read => completed 2; write 1 => blocked`,
	"write cancelled after all":                  `write 2 => blocked; read 2 => completed 2; cancel-write => completed 2; read 1 => blocked`,
	"read cancelled after the writer has gone":   `read 2 => blocked; drop-writer; cancel-read => dropped 0; drop-reader`,
	"write cancelled after the reader has gone":  `write 2 => blocked; drop-reader; cancel-write => dropped 0; drop-writer`,
	"the other side finds nothing after a cancelled read": `
		read 2 => blocked; cancel-read => cancelled 0; write 2 => blocked; read 1 => completed 1; event-of-writer => stream write completed 1`,
}

var futureRendezvous = map[string]string{
	"write, read":                     `write => blocked; read => completed 0; got 1 => a; event-of-writer => future write completed 0; drop-writer; drop-reader`,
	"read, write":                     `read => blocked; write => completed 0; drop-writer; event-of-reader => future read completed 0; got 1 => a; drop-reader`,
	"reader goes before the write":    `drop-reader; write => dropped 0; drop-writer`,
	"reader goes during the write":    `write => blocked; drop-reader; event-of-writer => future write dropped 0; drop-writer`,
	"reader goes, event is cancelled": `write => blocked; drop-reader; cancel-write => dropped 0; drop-writer`,
	"cancelled read":                  `read => blocked; cancel-read => cancelled 0; read => blocked; write => completed 0; event-of-reader => future read completed 0; drop-writer`,
	"cancelled write":                 `write => blocked; cancel-write 1 => cancelled 0; write => blocked; read => completed 0; drop-reader; event-of-writer => future write completed 0`,
	"read cancelled too late":         `read => blocked; write => completed 0; cancel-read => completed 0; drop-reader`,
	"write cancelled too late":        `write => blocked; read => completed 0; cancel-write => completed 0; drop-writer`,
	"cancelled read, then dropped":    `read => blocked; cancel-read => cancelled 0; drop-reader; write => dropped 0`,
}

func (d *duo) run(script string) {
	d.g.c.w.tb.Helper()
	for _, s := range strings.FieldsFunc(script, func(r rune) bool { return r == ';' || r == '\n' }) {
		step, want, _ := strings.Cut(strings.TrimSpace(s), " => ")
		if step == "" {
			continue
		}
		if got := d.step(step); got != want {
			d.g.c.w.tb.Errorf("%s: got %q, want %q", step, got, want)
			return
		}
	}
}

func TestRendezvous(t *testing.T) {
	for name, script := range rendezvous {
		t.Run("stream/"+name, func(t *testing.T) {
			guestTest(t, func(g *guest, _ *component) { newDuo(g, g.c.w.stream("u8")).run(script) })
		})
		t.Run("stream without elements/"+name, func(t *testing.T) {
			script := script
			for { // nothing arrives in memory
				i := strings.Index(script, "got ")
				if i < 0 {
					break
				}
				script = script[:i] + script[i+strings.IndexAny(script[i:]+";", ";\n"):]
			}
			guestTest(t, func(g *guest, _ *component) {
				d := newDuo(g, g.c.w.stream(""))
				from, to := d.from, d.to
				d.run(strings.ReplaceAll(script, "sent 1;", ""))
				d.from, d.to = from, to
			})
		})
	}
	for name, script := range futureRendezvous {
		t.Run("future/"+name, func(t *testing.T) {
			guestTest(t, func(g *guest, _ *component) {
				d := newDuo(g, g.c.w.future("u8"))
				g.fill(d.from, "a")
				d.run(script)
			})
		})
	}
}

// Buffers that are not touched are not checked.
func TestPointersThatNothingIsCopiedThrough(t *testing.T) {
	const nowhere = 0xdeadbeef
	guestTest(t, func(g *guest, _ *component) {
		none, u64 := g.c.w.stream(""), g.c.w.stream("u64")
		r, wr := g.newChannel(none)
		g.want("write", g.write(none, wr, nowhere, 1<<28-1), isBlocked)
		g.want("read", g.read(none, r, nowhere, 1<<28-1), completed(1<<28-1))
		r, wr = g.newChannel(u64)
		g.want("zero-length write", g.write(u64, wr, nowhere, 0), isBlocked)
		g.want("zero-length read", g.read(u64, r, nowhere, 0), isBlocked)
		fut := g.c.w.future("")
		r, wr = g.newChannel(fut)
		g.want("future write", g.write(fut, wr, nowhere, 0), isBlocked)
		g.want("future read", g.read(fut, r, nowhere, 0), completed(0))
	})
}

func TestChannelTraps(t *testing.T) {
	type test struct {
		why  string
		body func(g *guest, d *duo, fut *duo)
	}
	tests := map[string]test{
		"read of a writer":               {"not the readable end of a stream", func(g *guest, d, _ *duo) { g.read(d.ch, d.w, d.to, 1) }},
		"write to a reader":              {"not the writable end of a stream", func(g *guest, d, _ *duo) { g.write(d.ch, d.r, d.to, 1) }},
		"stream.read of a future":        {"not the readable end of a stream", func(g *guest, d, f *duo) { g.read(d.ch, f.r, d.to, 1) }},
		"future.read of a stream":        {"not the readable end of a future", func(g *guest, d, f *duo) { g.read(f.ch, d.r, d.to, 1) }},
		"read of no handle":              {"unknown handle index 77", func(g *guest, d, _ *duo) { g.read(d.ch, 77, d.to, 1) }},
		"other element type":             {"another element type", func(g *guest, d, _ *duo) { g.read(g.c.w.stream("s8"), d.r, d.to, 1) }},
		"element type instead of none":   {"another element type", func(g *guest, d, _ *duo) { g.read(g.c.w.stream(""), d.r, d.to, 1) }},
		"drop with other element type":   {"another element type", func(g *guest, d, _ *duo) { g.dropReader(g.c.w.stream("u16"), d.r) }},
		"cancel with other element type": {"another element type", func(g *guest, d, _ *duo) { d.run("read 1 => blocked"); g.cancelRead(g.c.w.stream("u16"), true, d.r) }},
		"second read":                    {"read or write in progress", func(g *guest, d, _ *duo) { d.run("read 1 => blocked"); d.step("read 1") }},
		"second write":                   {"read or write in progress", func(g *guest, d, _ *duo) { d.run("write 1 => blocked"); d.step("write 1") }},
		"read while an event waits":      {"read or write in progress", func(g *guest, d, _ *duo) { d.run("read 1 => blocked; write 1 => completed 1"); d.step("read 1") }},
		"drop during a read":             {"read or write in progress", func(g *guest, d, _ *duo) { d.run("read 1 => blocked"); d.step("drop-reader") }},
		"drop during a write":            {"read or write in progress", func(g *guest, d, _ *duo) { d.run("write 1 => blocked"); d.step("drop-writer") }},
		"drop while an event waits":      {"read or write in progress", func(g *guest, d, _ *duo) { d.run("read 1 => blocked; drop-writer"); d.step("drop-reader") }},
		"read after the end was seen":    {"after being notified that it has ended", func(g *guest, d, _ *duo) { d.run("drop-writer; read 1 => dropped 0"); d.step("read 1") }},
		"write after the end was seen":   {"after being notified that it has ended", func(g *guest, d, _ *duo) { d.run("drop-reader; write 1 => dropped 0"); d.step("write 1") }},
		"cancellation of nothing":        {"could be cancelled", func(g *guest, d, _ *duo) { d.step("cancel-read") }},
		"cancellation of a finished write": {"could be cancelled", func(g *guest, d, _ *duo) {
			d.run("write 1 => blocked; read 1 => completed 1; event-of-writer => stream write completed 1")
			d.step("cancel-write")
		}},
		"too many elements to read":   {"too long", func(g *guest, d, _ *duo) { g.read(d.ch, d.r, 0, 1<<28) }},
		"too many elements":           {"too long", func(g *guest, d, _ *duo) { g.write(d.ch, d.w, 0, 1<<28) }},
		"most elements":               {"too long", func(g *guest, d, _ *duo) { g.write(d.ch, d.w, 0, 0xffffffff) }},
		"buffer out of bounds":        {"out of bounds", func(g *guest, d, _ *duo) { g.write(d.ch, d.w, memorySize-3, 4) }},
		"buffer far out of bounds":    {"out of bounds", func(g *guest, d, _ *duo) { g.write(d.ch, d.w, 0xffffffff, 1) }},
		"future buffer out of bounds": {"out of bounds", func(g *guest, _, f *duo) { g.write(f.ch, f.w, memorySize, 0) }},
		"unaligned buffer": {"unaligned", func(g *guest, _, _ *duo) {
			ch := g.c.w.stream("u64")
			r, _ := g.newChannel(ch)
			g.read(ch, r, 4, 1)
		}},
		"buffer whose size wraps": {"out of bounds", func(g *guest, _, _ *duo) {
			ch := g.c.w.stream("tuple<u64,u64,u64,u64>")
			r, _ := g.newChannel(ch)
			g.read(ch, r, 0, 1<<27) // 2^32 bytes
		}},
		"future written twice": {"after being notified that it has ended", func(g *guest, _, f *duo) {
			f.run("write => blocked; read => completed 0; event-of-writer => future write completed 0")
			f.step("write")
		}},
		"future read twice": {"after being notified that it has ended", func(g *guest, _, f *duo) {
			f.run("write => blocked; read => completed 0")
			f.step("read")
		}},
		"drop of an unwritten future's writer": {"before it was written", func(g *guest, _, f *duo) { f.step("drop-writer") }},
		"drop of a future's writer whose write was cancelled": {"before it was written", func(g *guest, _, f *duo) {
			f.run("write => blocked; cancel-write => cancelled 0")
			f.step("drop-writer")
		}},
		"drop of a future's writer whose reader has gone": {"before it was written", func(g *guest, _, f *duo) {
			f.run("drop-reader")
			f.step("drop-writer")
		}},
		"drop of a future's writer during the write": {"read or write in progress", func(g *guest, _, f *duo) {
			f.run("write => blocked")
			f.step("drop-writer")
		}},
		"drop of a future's reader during the read": {"read or write in progress", func(g *guest, _, f *duo) {
			f.run("read => blocked")
			f.step("drop-reader")
		}},
		"read and write of strings in one instance": {"in one component instance", func(g *guest, _, _ *duo) {
			ch := g.c.w.stream("string")
			r, wr := g.newChannel(ch)
			g.write(ch, wr, 0, 1)
			g.read(ch, r, 8, 1)
		}},
		"read and write of a future bool in one instance": {"in one component instance", func(g *guest, _, _ *duo) {
			ch := g.c.w.future("bool")
			r, wr := g.newChannel(ch)
			g.read(ch, r, 8, 1)
			g.write(ch, wr, 0, 1)
		}},
	}
	for op, f := range map[string]func(g *guest, d *duo){
		"read":  func(g *guest, d *duo) { g.readSync(d.ch, d.r, d.to, 1) },
		"write": func(g *guest, d *duo) { g.writeSync(d.ch, d.w, d.from, 1) },
		"cancel-read": func(g *guest, d *duo) {
			d.run("read 1 => blocked")
			g.join(d.r, g.newSet())
			g.cancelRead(d.ch, false, d.r)
		},
		"cancel-write": func(g *guest, d *duo) {
			d.run("write 1 => blocked")
			g.join(d.w, g.newSet())
			g.cancelWrite(d.ch, false, d.w)
		},
	} {
		tests["synchronous "+op+" in a set"] = test{"in a waitable set", func(g *guest, d, _ *duo) {
			if !strings.HasPrefix(op, "cancel") {
				g.join(d.r, g.newSet())
				g.join(d.w, g.newSet())
			}
			f(g, d)
		}}
		tests["synchronous "+op+" in a set when the other side is there"] = test{"in a waitable set", func(g *guest, d, _ *duo) {
			if op == "read" {
				d.step("write 1")
				g.join(d.r, g.newSet())
			}
			if op == "write" {
				d.step("read 1")
				g.join(d.w, g.newSet())
			}
			f(g, d)
		}}
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			trapTest(t, c.why, func(g *guest, _ *component) { c.body(g, newDuo(g, g.c.w.stream("u8")), newDuo(g, g.c.w.future("u8"))) })
		})
	}
}
