package abi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// env is a guest without code: a memory with a bump allocator, a handle table, and one stream
// or future in each direction.
type env struct {
	mem    []byte
	next   uint32
	table  abi.Table
	source abi.Source // of the last LowerEnd
	end    *end       // what LiftEnd returns
	full   bool       // LowerEnd fails
	wakes  chan string
}

func newEnv(size int) *env {
	return &env{mem: make([]byte, size), next: 8, wakes: make(chan string, 100)}
}

func (e *env) Memory(int32) []byte { return e.mem }
func (e *env) Renew(int32) []byte  { return e.mem }
func (e *env) Handles() *abi.Table { return &e.table }

var errNoMemory = errors.New("out of memory")

func (e *env) Realloc(_ int32, _, _, align, size uint32) (uint32, error) {
	p := (uint64(e.next) + uint64(align) - 1) &^ (uint64(align) - 1)
	if p+uint64(size) > uint64(len(e.mem)) {
		return 0, errNoMemory
	}
	e.next = uint32(p) + size
	e.mem = append([]byte(nil), e.mem...) // it may move
	return uint32(p), nil
}

func (e *env) LowerEnd(_ *abi.Ref, _ []abi.Ref, s abi.Source) (uint32, error) {
	if e.full {
		return 0, errors.New("table is full")
	}
	s.Bind(e)
	e.source = s
	return 1, nil
}

func (e *env) LiftEnd(i uint32, _ *abi.Ref) (abi.End, error) {
	if e.end == nil {
		return nil, abi.Trapf("unknown handle index %d", i)
	}
	return e.end, nil
}

func (e *env) Forward(abi.End) (uint32, error) { return 0, errors.New("nothing to forward") }

// Wake, Drive and Drop implement abi.Waker; they note that they were called.
func (e *env) Wake()             { e.wakes <- "wake" }
func (e *env) Drive(func() bool) { e.wakes <- "drive" }
func (e *env) Drop()             { e.wakes <- "drop" }

// end is a readable end that a guest gives to its host.
type end struct {
	e    *env
	sink abi.Sink
	from abi.Source
}

func (x *end) Attach(_ []abi.Ref, s abi.Sink) abi.Waker {
	x.sink = s
	return x.e
}
func (x *end) Drop()              {}
func (x *end) Source() abi.Source { return x.from }
func (x *end) Take()              {}

// guest returns a guest in e with one resource type and one stream or future in its signature.
func (e *env) guest(rt *abi.ResourceType) *abi.Guest {
	g := new(abi.Guest)
	g.Reset(e, abi.Options{}, []abi.Ref{{Resource: rt}, {}}, new(abi.Lenders), new(abi.Scope))
	return g
}

// What a guest says about its memory is checked; the first failure sticks.
func TestMemoryIsChecked(t *testing.T) {
	const size = 256
	for name, c := range map[string]struct {
		do  func(g *abi.Guest) any
		is  any
		why string
	}{
		"bytes":                     {func(g *abi.Guest) any { return string(g.Bytes(16, 3)) }, "abc", ""},
		"bytes at the very end":     {func(g *abi.Guest) any { return len(g.Bytes(size-4, 4)) }, 4, ""},
		"nothing at the very end":   {func(g *abi.Guest) any { return len(g.Bytes(size, 0)) }, 0, ""},
		"bytes past the end":        {func(g *abi.Guest) any { return len(g.Bytes(size-3, 4)) }, 0, "out of bounds"},
		"nothing past the end":      {func(g *abi.Guest) any { return len(g.Bytes(size+1, 0)) }, 0, "out of bounds"},
		"bytes that wrap around":    {func(g *abi.Guest) any { return len(g.Bytes(0xffffffff, 2)) }, 0, "out of bounds"},
		"bytes without end":         {func(g *abi.Guest) any { return len(g.Bytes(0, 0xffffffff)) }, 0, "too long"},
		"string":                    {func(g *abi.Guest) any { return g.String(16, 3) }, "abc", ""},
		"string that is not UTF-8":  {func(g *abi.Guest) any { return g.String(32, 2) }, "", "not valid UTF-8"},
		"string at an address":      {func(g *abi.Guest) any { return g.LoadString(48) }, "abc", ""},
		"list":                      {func(g *abi.Guest) any { return g.List(16, 4, 8, 8, 8) }, 4, ""},
		"list that is not aligned":  {func(g *abi.Guest) any { return g.List(17, 4, 8, 8, 8) }, 0, "unaligned"},
		"list too long to multiply": {func(g *abi.Guest) any { return g.List(0, 0xffffffff, 0xffff, 1, 8) }, 0, "too long"},
		"list that takes all of the host's memory": {
			func(g *abi.Guest) any { return g.List(0, 0xffffffff, 0, 1, 1<<10) }, 0, "bytes of host memory",
		},
		"character":                 {func(g *abi.Guest) any { return g.ToChar('é') }, 'é', ""},
		"surrogate":                 {func(g *abi.Guest) any { return g.ToChar(0xd800) }, rune(0), "char"},
		"no character":              {func(g *abi.Guest) any { return g.ToChar(0x110000) }, rune(0), "char"},
		"case":                      {func(g *abi.Guest) any { return g.Case(1, 2) }, uint32(1), ""},
		"no case":                   {func(g *abi.Guest) any { return g.Case(2, 2) }, uint32(0), "invalid variant case 2 of 2"},
		"allocation":                {func(g *abi.Guest) any { return g.Alloc(8, 8) }, uint32(8), ""},
		"allocation without room":   {func(g *abi.Guest) any { return g.Alloc(size, 8) }, uint32(0), "out of memory"},
		"allocation beyond a guest": {func(g *abi.Guest) any { return g.Alloc(1<<32, 8) }, uint32(0), "too large"},
		"lowered string": {func(g *abi.Guest) any {
			p, n := g.LowerString("x\xffy")
			return g.String(p, n)
		}, "x\uFFFDy", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnv(size)
			copy(e.mem[16:], "abc")
			e.mem[32], e.mem[33] = 0xc3, 0x28
			e.mem[48], e.mem[52] = 16, 3
			g := e.guest(nil)
			if got := c.do(g); got != c.is {
				t.Errorf("got %v, want %v", got, c.is)
			}
			if err := g.Err(); (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
				t.Errorf("got error %v, want one with %q", err, c.why)
			}
			if first := g.Err(); first != nil {
				g.Trapf("later")
				if g.Bytes(0, 1); g.Err() != first || g.Check(0, 0, 1) || g.Alloc(0, 1) != 0 || len(g.View(0, 1)) != 0 {
					t.Error("something worked after the first failure, or another took its place")
				}
			}
		})
	}
}

// FuzzGuestMemory lifts from any memory at any address; nothing may panic, and what is lifted
// lies in the memory.
func FuzzGuestMemory(f *testing.F) {
	f.Add([]byte("memory"), uint32(2), uint32(3), uint32(4))
	f.Add([]byte{}, uint32(0), uint32(0), uint32(8))
	f.Add([]byte("x"), uint32(1<<32-1), uint32(1<<32-1), uint32(1))
	f.Fuzz(func(t *testing.T, mem []byte, p, n, size uint32) {
		e := newEnv(0)
		e.mem = mem
		align := uint32(1) << (size % 4)
		for _, do := range []func(g *abi.Guest){
			func(g *abi.Guest) { g.Bytes(p, n) },
			func(g *abi.Guest) { _ = g.String(p, n) },
			func(g *abi.Guest) {
				if k := g.List(p, n, size, align, 8); k > 0 && !g.Failed() && uint64(p)+uint64(k)*uint64(size) > uint64(len(e.mem)) {
					t.Errorf("list of %d elements of %d bytes at %d in %d bytes", k, size, p, len(e.mem))
				}
			},
			func(g *abi.Guest) {
				if g.Check(p, 8, 4) {
					g.LoadString(p)
					g.LoadBytes(p)
				}
			},
			func(g *abi.Guest) { g.LiftOwn(p, 0) },
			func(g *abi.Guest) { g.LiftBorrow(n, 0) },
			func(g *abi.Guest) { g.ByteStream(p, 1) },
			func(g *abi.Guest) { g.StoreList(p&7, int(n), size, align) },
		} {
			g := e.guest(&abi.ResourceType{Name: "r"})
			if uint64(len(mem)) < 16 {
				e.mem = append(mem[:len(mem):len(mem)], make([]byte, 16)...)
				g.Refresh()
			}
			do(g)
		}
	})
}

func TestHandles(t *testing.T) {
	rt, other := &abi.ResourceType{Name: "r"}, &abi.ResourceType{Name: "other"}
	for name, c := range map[string]struct {
		do  func(e *env, g *abi.Guest)
		why string
	}{
		"own":        {func(_ *env, g *abi.Guest) { g.LiftOwn(g.LowerOwn("v", 0), 0) }, ""},
		"own, twice": {func(_ *env, g *abi.Guest) { i := g.LowerOwn("v", 0); g.LiftOwn(i, 0); g.LiftOwn(i, 0) }, "unknown handle"},
		"borrow, then own": {func(e *env, g *abi.Guest) {
			i := g.LowerOwn("v", 0)
			g.LiftBorrow(i, 0)
			g.LiftOwn(i, 0)
		}, "while it is lent"},
		"own of a borrowed handle": {func(_ *env, g *abi.Guest) { g.LiftOwn(g.LowerBorrow("v", 0), 0) }, "borrowed, not owned"},
		"another type":             {func(_ *env, g *abi.Guest) { g.LiftOwn(g.GiveOwn("v", other), 0) }, "is a other, not a r"},
		"nothing":                  {func(_ *env, g *abi.Guest) { g.LowerOwn(nil, 0) }, "host gave <nil>"},
		"a guest's for a host's":   {func(_ *env, g *abi.Guest) { g.LiftOwn(0, 0) }, "unknown handle index 0"},
		"another kind": {func(e *env, g *abi.Guest) {
			i, _ := e.table.Add(abi.Entry{Kind: abi.KindSubtask})
			g.LiftBorrow(i, 0)
		}, "is a subtask, not a resource"},
		"full table": {func(e *env, g *abi.Guest) { e.table.Limit(1, nil); g.LowerOwn(1, 0); g.LowerOwn(2, 0) }, "table is full"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnv(64)
			g := e.guest(rt)
			c.do(e, g)
			if err := g.Err(); (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
				t.Errorf("got error %v, want one with %q", err, c.why)
			}
		})
	}
}
