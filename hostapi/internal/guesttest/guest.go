// Package guesttest stands in for an engine and a guest in tests of host interfaces: it calls
// host functions by their names in WIT, with core values, as a guest does.
package guesttest

import (
	"context"
	"regexp"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

// Guest is a guest with a memory, an allocator and a handle table. It is used by one goroutine.
type Guest struct {
	t     testing.TB
	ctx   context.Context
	funcs map[string]*abi.Func
	types map[string]*abi.ResourceType
	mem   []byte
	next  uint32
	table abi.Table
	ends  []any // *Reader or *Writer by handle, which is the index plus endBase
}

// endBase is the first handle of a stream or future, far from those of resources.
const endBase = 1 << 16

// New returns a guest that imports all interfaces of list.
func New(t testing.TB, scope *hostapi.Scope, list []hostapi.Interface) *Guest {
	t.Helper()
	g := &Guest{
		t: t, ctx: context.Background(), mem: make([]byte, 1<<16), next: firstFree,
		funcs: map[string]*abi.Func{}, types: map[string]*abi.ResourceType{},
	}
	for _, i := range list {
		if i.Bind == nil {
			continue
		}
		b, err := i.Bind(scope)
		if err != nil {
			t.Fatalf("%s: %v", i.ID, err)
		}
		if b.ID != i.ID {
			t.Fatalf("%s is bound to %s", i.ID, b.ID)
		}
		for k := range b.Funcs {
			g.funcs[i.ID+"#"+b.Funcs[k].Name] = &b.Funcs[k]
		}
	}
	return g
}

// SetContext sets the context in which functions are called from now on.
func (g *Guest) SetContext(ctx context.Context) { g.ctx = ctx }

// Has reports whether the guest could import a function, such as "wasi:io/poll@0.2.12#poll".
func (g *Guest) Has(name string) bool { return g.funcs[name] != nil }

// Names lists all functions.
func (g *Guest) Names() (names []string) {
	for n := range g.funcs {
		names = append(names, n)
	}
	return names
}

// Call calls a function whose result, if any, is one core value.
func (g *Guest) Call(name string, args ...uint64) (uint64, error) {
	g.t.Helper()
	slots := g.slots(args)
	if len(slots) == 0 {
		slots = make(abi.Flat, 1)
	}
	err := g.call(name, slots, -1)
	return slots[0][0], err
}

// Load calls a function whose result goes to memory and returns its address.
func (g *Guest) Load(name string, args ...uint64) (ptr uint32, err error) {
	g.t.Helper()
	ptr = g.Alloc(64, 8)
	return ptr, g.call(name, append(g.slots(args), abi.Slot{uint64(ptr)}), len(args))
}

func (g *Guest) slots(args []uint64) abi.Flat {
	f := make(abi.Flat, len(args))
	for i, v := range args {
		f[i][0] = v
	}
	return f
}

// call serves a call until it is answered.
func (g *Guest) call(name string, slots abi.Flat, ret int) error {
	g.t.Helper()
	f := g.funcs[name]
	if f == nil {
		g.t.Fatalf("no function %s", name)
	}
	for {
		var c abi.Call
		var lenders abi.Lenders
		c.Reset(g, abi.Options{}, g.refs(f.Type), &lenders, nil)
		c.Setup(g.ctx, slots, false, ret)
		f.Serve(&c)
		run, wait := c.Outcome()
		if run != nil {
			finish := run(g.ctx)
			c.Resume(slots)
			finish(&c)
		}
		lenders.Release(&g.table)
		if err := c.Err(); err != nil || wait == nil {
			return err
		}
		Await(wait)
	}
}

// Await waits until p is ready, as an engine does.
func Await(p abi.Pollable) {
	woken := make(chan struct{}, 1)
	disarm := p.Arm(func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	})
	for !p.Ready() {
		<-woken
	}
	if disarm != nil {
		disarm()
	}
}

// In a signature, identities are counted in the order of the text.
var identity = regexp.MustCompile(`(own|borrow)<([^>]*)>|(stream|future)[<,)>]`)

func (g *Guest) refs(signature string) (refs []abi.Ref) {
	for _, m := range identity.FindAllStringSubmatch(signature, -1) {
		if m[3] != "" {
			refs = append(refs, abi.Ref{Future: m[3] == "future"})
		} else {
			refs = append(refs, abi.Ref{Resource: g.resource(m[2])})
		}
	}
	return refs
}

// resource returns the type of a name such as "wasi:io/error@0.2.12#error".
func (g *Guest) resource(name string) *abi.ResourceType {
	t := g.types[name]
	if t == nil {
		t = &abi.ResourceType{Name: name}
		g.types[name] = t
	}
	return t
}

// Add gives the guest an owning handle for v, a resource of the given type.
func (g *Guest) Add(v any, typ string) uint64 {
	i, err := g.table.Add(abi.Entry{Kind: abi.KindResource, Own: true, Type: g.resource(typ), Obj: v})
	if err != nil {
		g.t.Fatal(err)
	}
	return uint64(i)
}

// Get returns what a handle stands for.
func (g *Guest) Get(handle uint64) any {
	g.t.Helper()
	e, err := g.table.Get(uint32(handle), abi.KindResource)
	if err != nil {
		g.t.Fatal(err)
	}
	return e.Obj
}

// Owns reports whether the guest has a handle.
func (g *Guest) Owns(handle uint64) bool {
	_, err := g.table.Get(uint32(handle), abi.KindResource)
	return err == nil
}

// Drop drops a handle.
func (g *Guest) Drop(handle uint64) error {
	g.t.Helper()
	v := g.Get(handle)
	g.table.Remove(uint32(handle))
	if d, ok := v.(abi.Dropper); ok {
		return d.Drop()
	}
	return nil
}

// Live returns how many handles of resources the guest has.
func (g *Guest) Live() int { return g.table.Live() }

// Close drops all handles, in the order of their numbers, as the end of an instance does.
func (g *Guest) Close() {
	g.table.Clear(func(e *abi.Entry) {
		if d, ok := e.Obj.(abi.Dropper); ok {
			_ = d.Drop()
		}
	})
}
