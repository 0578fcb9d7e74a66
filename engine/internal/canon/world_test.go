package canon

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// memorySize is the size of each component's memory.
const memorySize = 16 << 10

// world is a program of scripted components and the tree that runs it.
type world struct {
	script
	tb    testing.TB
	prog  Program
	cfg   Config
	arena types.Arena
	comps []*component
	res   map[string]*types.Resource
	own   []func() *abi.ResourceType // of resource types of guests, by number
	over  chan struct{}              // closed when the tree has been buried
	why   error
	// mayPanic says that code of the host will panic in this test.
	mayPanic bool
}

func newWorld(tb testing.TB) *world {
	w := &world{tb: tb, res: map[string]*types.Resource{}, over: make(chan struct{})}
	w.args = make(abi.Flat, slots)
	w.cfg.Context = context.Background()
	return w
}

// start makes the tree. Trampolines may be added later.
func (w *world) start() *world {
	w.cfg.Buried = func(err error, _ bool, fibers []Fiber) {
		for _, f := range fibers {
			if err := f.Close(); err != nil {
				w.tb.Error(err)
			}
		}
		w.why = err
		close(w.over)
	}
	w.tree = NewTree(w, &w.prog, w.cfg)
	res := append([]*abi.ResourceType(nil), w.prog.Resources...)
	for i, f := range w.own {
		if f != nil {
			res[i] = f()
		}
	}
	w.tree.SetResources(res)
	w.tb.Cleanup(w.close)
	return w
}

// close ends the tree and checks that nothing is left of it.
func (w *world) close() {
	if w.tree == nil {
		return
	}
	w.tree.Kill(ErrClosed)
	testDeadline(w.tb, "end of the tree", w.over)
	if err := w.tree.Join(context.Background()); err != nil {
		w.tb.Error(err)
	}
	var p *HostPanic
	if errors.As(w.why, &p) && len(p.Stack) > 0 {
		w.panics = append(w.panics, fmt.Sprintf("%v\n%s", p.Value, p.Stack))
	}
	if (len(w.panics) > 0) != w.mayPanic {
		w.tb.Errorf("panics: %v", w.panics)
	}
	w.tree.Do(func(t *Tree) {
		if w.fibers != 0 || len(t.fibers) != 0 || len(t.idle) != 0 {
			w.tb.Errorf("%d fibers are left open", w.fibers)
		}
		if len(t.hostOps) != 0 || len(t.backlog) != 0 || t.calls != nil {
			w.tb.Errorf("left: %d host operations, %d waiting ones, calls: %v", len(t.hostOps), len(t.backlog), t.calls != nil)
		}
		if t.handles != 0 {
			w.tb.Errorf("%d handles are left", t.handles)
		}
	})
	w.tree = nil
}

// thread adds a function with which threads of the component may begin, and returns its place
// in the table. The component's threads have indices.
func (c *component) thread(b body) uint64 {
	c.w.prog.Instances[c.n].Threads = true
	fn := c.core(corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32}}, b)
	c.w.table = append(c.w.table, fn)
	return uint64(len(c.w.table) - 1)
}

// component is one component instance with a memory and an allocator of its own.
type component struct {
	w      *world
	n      int32
	mem    int32
	alloc  int32 // core function
	heap   uint32
	ops    map[opKey]int32
	allocs int // calls of the allocator by the host
	calls  []realloc
	enc    abi.Encoding
	wide   bool // the memory is one of 64 bits
	// realloc replaces the allocator's bump.
	realloc func(g *guest, old, oldSize, align, size uint32) uint32
}

// component adds a component instance, within parent if that is not nil.
func (w *world) component(name string, parent *component) *component {
	c := &component{w: w, n: int32(len(w.comps)), heap: 1024, ops: map[opKey]int32{}}
	p := None
	if parent != nil {
		p = parent.n
	}
	w.prog.Instances = append(w.prog.Instances, InstanceDef{Name: name, Parent: p})
	w.comps = append(w.comps, c)
	mem := make([]byte, memorySize)
	w.mems = append(w.mems, &mem)
	c.mem = int32(len(w.mems) - 1)
	i32 := corewasm.I32
	c.alloc = c.core(corewasm.FuncType{Params: []corewasm.ValType{i32, i32, i32, i32}, Results: []corewasm.ValType{i32}},
		func(g *guest, a []uint64) uint64 {
			c.allocs++
			c.calls = append(c.calls, realloc{a[0], a[1], a[2], a[3]})
			if c.realloc != nil {
				return uint64(c.realloc(g, uint32(a[0]), uint32(a[1]), uint32(a[2]), uint32(a[3])))
			}
			p := c.bump(uint32(a[3]), uint32(a[2]))
			mem := *w.mems[c.mem]
			copy(mem[p:uint64(p)+a[3]], mem[a[0]:a[0]+min(a[1], a[3])])
			return uint64(p)
		})
	return c
}

// form sets the encoding of the component's strings, and the kind of its memory.
func (c *component) form(enc abi.Encoding, wide bool) {
	c.enc, c.wide = enc, wide
	p := ptrType(wide)
	c.w.funcs[c.alloc].sig = corewasm.FuncType{Params: []corewasm.ValType{p, p, p, p}, Results: []corewasm.ValType{p}}
}

// bump allocates memory within the guest.
func (c *component) bump(size, align uint32) uint32 {
	p := (c.heap + align - 1) &^ (align - 1)
	if uint64(p)+uint64(size) > uint64(len(*c.w.mems[c.mem])) {
		panic(guestTrap{fmt.Errorf("guest is out of memory")})
	}
	c.heap = p + size
	return p
}

func (c *component) core(sig corewasm.FuncType, b body) int32 {
	c.w.funcs = append(c.w.funcs, coreFunc{sig, c, b})
	return int32(len(c.w.funcs) - 1)
}

func (c *component) options() Options {
	return Options{Options: abi.Options{Memory: c.mem, Realloc: c.alloc, Encoding: c.enc, Memory64: c.wide}, PostReturn: None, Callback: None}
}

// val parses a type.
func (w *world) val(text string) *types.Val {
	if text == "" {
		return nil
	}
	v, err := w.arena.ParseVal(text, w.resource)
	if err != nil {
		w.tb.Fatal(err)
	}
	return v
}

func (w *world) fn(text string) *types.Func {
	f, err := w.arena.ParseFunc(text, w.resource)
	if err != nil {
		w.tb.Fatal(err)
	}
	return f
}

func (w *world) resource(name string) (*types.Resource, error) {
	if r := w.res[name]; r != nil {
		return r, nil
	}
	return nil, fmt.Errorf("no resource %q", name)
}

// hostResource adds a resource type of the host.
func (w *world) hostResource(name string) int32 {
	return w.addResource(name, &abi.ResourceType{Name: name}, nil)
}

func (w *world) addResource(name string, rt *abi.ResourceType, own func() *abi.ResourceType) int32 {
	n := int32(len(w.prog.Resources))
	w.res[name] = &types.Resource{Name: name, Index: n}
	w.prog.Resources = append(w.prog.Resources, rt)
	w.own = append(w.own, own)
	return n
}

// resource adds a resource type that the component defines; dtor may be nil.
func (c *component) resource(name string, dtor body) int32 {
	var l *Lift
	if dtor != nil {
		l = &Lift{Name: "destructor of " + name, Instance: c.n, Type: DtorType, Opts: c.options()}
		l.Core = c.core(corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32}}, dtor)
	}
	return c.w.addResource(name, nil, func() *abi.ResourceType {
		rt := &abi.ResourceType{Name: name, Guest: c.w.tree.Instance(c.n)}
		if l != nil {
			rt.Dtor = l
		}
		return rt
	})
}

// lift adds a function that is lifted synchronously.
func (c *component) lift(sig string, b body) *Lift { return c.lifted(sig, c.options(), b, nil) }

// stackful adds a function that is lifted with the async option and no callback.
func (c *component) stackful(sig string, b body) *Lift {
	o := c.options()
	o.Async = true
	return c.lifted(sig, o, b, nil)
}

// callback adds a function that is lifted with a callback.
func (c *component) callback(sig string, b, callback body) *Lift {
	o := c.options()
	o.Async = true
	return c.lifted(sig, o, b, callback)
}

func (c *component) lifted(sig string, o Options, b, callback body) *Lift {
	l := &Lift{Name: sig, Instance: c.n, Type: c.w.fn(sig), Opts: o}
	if callback != nil {
		i32 := corewasm.I32
		l.Opts.Callback = c.core(corewasm.FuncType{Params: []corewasm.ValType{i32, i32, i32}, Results: []corewasm.ValType{i32}}, callback)
	}
	l.Core = c.core(l.Type.LiftSignature(types.SignatureOptions{Async: o.Async, Callback: callback != nil, Memory64: o.Memory64}), b)
	return l
}

// post gives l a post-return function.
func (c *component) post(l *Lift, b body) *Lift {
	l.Opts.PostReturn = c.core(corewasm.FuncType{Params: l.Type.LiftSignature(types.SignatureOptions{}).Results}, b)
	return l
}

// lower makes l callable by the component; its number is for guest.call.
func (c *component) lower(l *Lift, async bool) int32 {
	return c.lowered(Trampoline{Op: LowerGuest, Callee: l, Type: l.Type, Name: l.Name}, async)
}

// host makes a function of the host callable by the component.
func (c *component) host(sig string, async bool, serve func(*abi.Call)) int32 {
	tr := Trampoline{Op: LowerHost, Type: c.w.fn(sig), Name: sig, Host: &abi.Func{Name: sig, Type: sig, Serve: serve}}
	guest := c.w.refs(&tr)
	if guest {
		return c.lowered(tr, async)
	}
	tr.GuestRefs = nil
	return c.lowered(tr, async)
}

func (c *component) lowered(tr Trampoline, async bool) int32 {
	tr.Async, tr.Instance, tr.Opts = async, c.n, c.options()
	tr.Opts.Async = async
	return c.w.trampoline(tr, tr.Type.LowerSignature(types.SignatureOptions{Async: async, Memory64: c.wide}))
}

func (w *world) trampoline(tr Trampoline, sig corewasm.FuncType) int32 {
	tr.Prepare()
	w.prog.Trampolines = append(w.prog.Trampolines, tr)
	w.calls = append(w.calls, sig)
	return int32(len(w.calls) - 1)
}

// refs lists the identities in a signature, depth first; it reports whether types of guests
// are among them.
func (w *world) refs(tr *Trampoline) (guest bool) {
	var walk func(v *types.Val)
	walk = func(v *types.Val) {
		if v == nil {
			return
		}
		switch v.Kind {
		case types.Own, types.Borrow:
			n := v.Resource.Index
			rt := w.prog.Resources[n]
			if rt == nil {
				guest = true
			} else {
				n = None
			}
			tr.Refs, tr.GuestRefs = append(tr.Refs, abi.Ref{Resource: rt}), append(tr.GuestRefs, n)
		case types.Stream, types.Future:
			ref := abi.Ref{Future: v.Kind == types.Future}
			if v.Elem != nil {
				ref.Elem = v.Elem
			}
			tr.Refs, tr.GuestRefs = append(tr.Refs, ref), append(tr.GuestRefs, None)
		}
		walk(v.Elem)
		for i := range v.Fields {
			walk(v.Fields[i].Type)
		}
		for i := range v.Cases {
			walk(v.Cases[i].Type)
		}
	}
	for i := range tr.Type.Params {
		walk(tr.Type.Params[i].Type)
	}
	walk(tr.Type.Result)
	return guest
}
