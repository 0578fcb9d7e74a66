package canon

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/value"
)

// values is a world of three components: values go from a to b, c defines resource r.
type values struct {
	*world
	a, b    *component
	r       int32
	lenders abi.Lenders
	scope   abi.Scope
}

func newValues(tb testing.TB) *values {
	w := newWorld(tb)
	v := &values{world: w, a: w.component("a", nil), b: w.component("b", nil)}
	v.r = w.component("c", nil).resource("r", nil)
	w.start()
	for _, c := range []*component{v.a, v.b} {
		*w.mems[c.mem] = make([]byte, valuesMemory)
	}
	return v
}

// valuesMemory is how large the memories are: small, since they are compared often.
const valuesMemory = 4 << 10

// reset empties memories and tables.
func (v *values) reset() {
	for _, c := range []*component{v.a, v.b} {
		c.heap, c.calls = 1024, nil
		clear(*v.mems[c.mem])
		v.tree.insts[c.n].handles.Clear(func(*abi.Entry) {})
	}
	v.lenders, v.scope, v.dead, v.tree.messages = abi.Lenders{}, abi.Scope{}, nil, 0
}

// forms chooses the encodings and the kinds of memory.
func (v *values) forms(d *dice) {
	for _, c := range []*component{v.a, v.b} {
		c.form(pick(d, abi.UTF8, abi.UTF16, abi.Latin1UTF16), d.one(3))
	}
}

func (v *values) describe() string {
	return fmt.Sprintf("from %s, 64-bit %v to %s, 64-bit %v", v.a.enc, v.a.wide, v.b.enc, v.b.wide)
}

// model makes the model of a component, whose memory it shares.
func (v *values) model(c *component, d *dice) *model {
	inst := &v.tree.insts[c.n]
	return &model{
		mem: *v.mems[c.mem], heap: uint64(c.heap), wide: c.wide, enc: c.enc, dice: d, steps: 100_000,
		handle: func(t *types.Val, x any) uint32 {
			i, err := v.newHandle(inst, x)
			if err != nil {
				panic(err)
			}
			return i
		},
		rep: func(t *types.Val, h uint32) (any, error) { return v.takeHandle(inst, t, h) },
	}
}

func (v *values) newHandle(i *Instance, x any) (uint32, error) {
	switch x := x.(type) {
	case *value.ErrorContext:
		return i.addErrorContext(v.tree.newErrorContext(x.DebugMessage))
	case *channel:
		return i.addEnd(x, false)
	}
	return i.handles.Add(abi.Entry{Kind: abi.KindResource, Own: true, Rep: x.(abi.Resource).Rep, Type: v.tree.res[v.r]})
}

func (v *values) takeHandle(i *Instance, t *types.Val, h uint32) (any, error) {
	switch t.Kind {
	case types.ErrorContext:
		x, err := i.errorContext(h)
		if err != nil {
			return nil, err
		}
		return &value.ErrorContext{DebugMessage: x.message}, nil
	case types.Stream:
		return i.takeEnd(h, abi.KindStreamReader, t.Elem)
	case types.Future:
		return i.takeEnd(h, abi.KindFutureReader, t.Elem)
	}
	e, err := i.handles.Get(h, abi.KindResource)
	if err != nil {
		return nil, err
	}
	rep := abi.Resource{Rep: e.Rep}
	switch {
	case t.Kind == types.Borrow:
		e.Lends++
	case !e.Own || e.Lends > 0:
		return nil, errors.New("not to be passed on")
	default:
		i.handles.Remove(h)
	}
	return rep, nil
}

// placed is a value that a has made: where it lies, and the memory with it.
type placed struct {
	t     *types.Val
	x     any
	p     uint64
	f     abi.Flat // nil: in memory
	slots abi.Flat // a copy of f
	image []byte
	heap  uint32
}

// place puts x into a: the guest's part.
func (v *values) place(t *types.Val, x any, d *dice, inSlots bool) (s *placed, err error) {
	v.reset()
	m := v.model(v.a, d)
	s = &placed{t: t, x: x}
	err = catch(func() {
		if inSlots {
			bits := m.lowerFlat(t, x)
			s.f = make(abi.Flat, len(bits))
			for i, ft := range flatOf(t, m.wide) {
				put(s.f, i, ft, bits[i])
			}
			return
		}
		s.p = m.alloc(m.size(t), m.align(t))
		m.store(t, x, s.p)
	})
	v.a.heap = uint32(m.heap)
	s.keep(v)
	return s, err
}

// keep notes what a holds now.
func (s *placed) keep(v *values) {
	s.heap, s.image = v.a.heap, append(s.image[:0], *v.mems[v.a.mem]...)
	s.slots = append(s.slots[:0], s.f...)
}

// restore makes a hold again what it held when s was kept, handles included, and b nothing.
func (v *values) restore(s *placed) {
	v.reset()
	m := v.model(v.a, nil)
	m.mem = make([]byte, 4*len(m.mem)) // only the handles are wanted
	if err := catch(func() { m.store(s.t, s.x, m.alloc(m.size(s.t), m.align(s.t))) }); err != nil {
		panic(err)
	}
	copy(*v.mems[v.a.mem], s.image)
	copy(s.f, s.slots)
	v.a.heap = s.heap
}

// lifted is what the model lifts of s.
func (v *values) lifted(s *placed) (x any, err error) {
	m := v.model(v.a, nil)
	err = catch(func() {
		if s.f == nil {
			x = m.load(s.t, s.p)
			return
		}
		bits := make([]uint64, len(s.f))
		for i, ft := range flatOf(s.t, m.wide) {
			bits[i] = mask(ft, s.f[i][0])
		}
		x = m.liftFlat(s.t, &bits)
	})
	return x, err
}

func (v *values) source(s *placed) place {
	v.tree.between(&v.tree.insts[v.a.n], v.a.options().Options, &v.lenders, &v.tree.insts[v.b.n], v.b.options().Options, &v.scope)
	if s.f != nil {
		return inSlots(&v.tree.src, s.f)
	}
	return inMemory(&v.tree.src, s.p)
}

// target is where b takes a value.
func (v *values) target(t *types.Val, inSlot bool) (place, uint64, abi.Flat) {
	g := &v.tree.dst
	g.Reset(&v.tree.insts[v.b.n], v.b.options().Options, nil, nil, &v.scope)
	if inSlot {
		f := make(abi.Flat, t.FlatCount)
		for i := range f {
			f[i] = abi.Slot{junk | 5, junk}
		}
		return inSlots(g, f), 0, f
	}
	p := uint64(v.b.bump(uint32(sizeOf(t, v.b.wide)), uint32(alignOf(t, v.b.wide))))
	return inMemory(g, p), p, nil
}

// expected is what b is to hold after x was lowered into it, to the last byte.
type expected struct {
	*model
	flat []uint64
	err  error
}

// expect lowers x with the model, into a copy of b.
func (v *values) expect(t *types.Val, x any, flat bool) *expected {
	_, p, _ := v.target(t, flat)
	m := v.model(v.b, nil)
	m.mem = append([]byte(nil), m.mem...)
	e := &expected{model: m}
	e.err = catch(func() {
		if flat {
			e.flat = m.lowerFlat(t, x)
		} else {
			m.store(t, x, p)
		}
	})
	return e
}

// received checks that b holds what was expected, and that this is x, at p or in f.
func (v *values) received(t *types.Val, x any, e *expected, p uint64, f abi.Flat) error {
	if !slices.Equal(v.b.calls, e.calls) {
		return fmt.Errorf("calls of the allocator %v, want %v", v.b.calls, e.calls)
	}
	mem := append([]byte(nil), *v.mems[v.b.mem]...)
	for _, n := range e.nans {
		if bits := binary.LittleEndian.Uint64(append(mem[n.at:n.at+n.size:n.at+n.size], 0, 0, 0, 0)); n.size == 4 {
			if f := math.Float32frombits(uint32(bits)); f != f {
				copy(mem[n.at:], e.mem[n.at:n.at+4])
			}
		} else if f := math.Float64frombits(bits); f != f {
			copy(mem[n.at:], e.mem[n.at:n.at+8])
		}
	}
	if !bytes.Equal(mem, e.mem) {
		i := 0
		for mem[i] == e.mem[i] {
			i++
		}
		return fmt.Errorf("memory differs at %#x: % x, want % x", i, mem[i:min(i+16, len(mem))], e.mem[i:min(i+16, len(mem))])
	}
	ft := flatOf(t, v.b.wide)
	for i := range f {
		if mask(ft[i], f[i][0]) != e.flat[i] {
			return fmt.Errorf("core value %d is %#x, want %#x", i, f[i][0], e.flat[i])
		}
	}
	m := v.model(v.b, nil)
	var got any
	if err := catch(func() {
		if f == nil {
			got = m.load(t, p)
			return
		}
		bits := append([]uint64(nil), e.flat...)
		got = m.liftFlat(t, &bits)
	}); err != nil {
		return err
	}
	if !same(got, x) {
		return fmt.Errorf("got %v, want %v", got, x)
	}
	return nil
}

// check sends x of type t in every way and compares with the model.
func (v *values) check(t *types.Val, x any, d *dice) error {
	v.forms(d)
	forms := []bool{false}
	for _, wide := range []bool{false, true} {
		if t.Bytes(wide) != sizeOf(t, wide) || uint64(t.Alignment(wide)) != alignOf(t, wide) {
			return fmt.Errorf("size %d, alignment %d; want %d, %d", t.Bytes(wide), t.Alignment(wide), sizeOf(t, wide), alignOf(t, wide))
		}
		if want := flatOf(t, wide); len(want) <= types.MaxFlat && !slices.Equal(t.FlatParts(wide), want) {
			return fmt.Errorf("flat form %v, want %v", t.FlatParts(wide), want)
		}
	}
	if len(flatOf(t, false)) <= types.MaxFlat {
		forms = append(forms, true)
	}
	for _, srcFlat := range forms {
		s, err := v.place(t, x, d, srcFlat)
		if err != nil {
			return err
		}
		if err := v.checkLift(s); err != nil {
			return fmt.Errorf("%s: lift, flat %v: %w", v.describe(), srcFlat, err)
		}
		if err := v.checkLower(t, x, srcFlat); err != nil {
			return fmt.Errorf("%s: lower, flat %v: %w", v.describe(), srcFlat, err)
		}
		for _, dstFlat := range forms {
			if err := v.checkCopy(s, dstFlat); err != nil {
				return fmt.Errorf("%s: copy, flat %v to flat %v: %w", v.describe(), srcFlat, dstFlat, err)
			}
		}
	}
	return nil
}

// hasChannel reports whether values of type t have no dynamic form.
func hasChannel(t *types.Val) bool {
	if t == nil {
		return false
	}
	has := t.Kind == types.Stream || t.Kind == types.Future || hasChannel(t.Elem)
	for _, p := range append(parts(t), func() []*types.Val { _, ps := cases(t); return ps }()...) {
		has = has || hasChannel(p)
	}
	return has
}

func (v *values) checkLift(s *placed) error {
	if hasChannel(s.t) {
		return nil
	}
	v.restore(s)
	got, err := v.lift(s)
	if err == nil && !same(got, s.x) {
		err = fmt.Errorf("got %v, want %v", got, s.x)
	}
	return err
}

// lift brings s to the host, by way of the mirror if the memory is one of 64 bits.
func (v *values) lift(s *placed) (any, error) {
	t, from := v.tree, v.source(s)
	if v.a.wide {
		var to place
		if to = v.mirror(s.t, s.f != nil, &t.dst, v.a); t.dst.Failed() {
			return nil, t.dst.Err()
		}
		t.copyValue(s.t, from, to)
		if err := firstError(&t.src, &t.dst); err != nil {
			return nil, err
		}
		t.src.Reset(&t.insts[v.a.n], mirrorOptions, nil, &v.lenders, nil)
		to.g = &t.src
		from = to
	}
	x := t.liftAny(s.t, from)
	return x, t.src.Err()
}

// mirror binds g to the mirror of c and makes room for a value in it.
func (v *values) mirror(t *types.Val, flat bool, g *abi.Guest, c *component) place {
	v.tree.mirror.reset(maxMirror)
	g.Reset(&v.tree.insts[c.n], mirrorOptions, nil, nil, &v.scope)
	if flat {
		return inSlots(g, make(abi.Flat, t.FlatCount))
	}
	return inMemory(g, g.AllocAddr(uint64(t.Size), t.Align))
}

func (v *values) checkLower(t *types.Val, x any, flat bool) error {
	if hasChannel(t) {
		return nil
	}
	v.reset()
	e := v.expect(t, x, flat)
	v.reset()
	to, p, f := v.target(t, flat)
	tr := v.tree
	if v.b.wide {
		from := v.mirror(t, flat, &tr.src, v.b)
		tr.lowerAny(t, v.typed(x), from)
		tr.copied = 0
		tr.copyValue(t, from, to)
	} else {
		tr.src.Reset(&tr.insts[v.a.n], mirrorOptions, nil, nil, nil)
		tr.lowerAny(t, v.typed(x), to)
	}
	return v.outcome(t, x, e, p, f)
}

// outcome compares what has happened with what was expected: b may be out of memory.
func (v *values) outcome(t *types.Val, x any, e *expected, p uint64, f abi.Flat) error {
	if err := firstError(&v.tree.src, &v.tree.dst); (err != nil) != (e.err != nil) {
		return fmt.Errorf("error %v, want %v", err, e.err)
	} else if err != nil {
		return nil
	}
	return v.received(t, x, e, p, f)
}

// typed gives handles the type that hosts know them by.
func (v *values) typed(x any) any {
	return mapResources(x, func(r abi.Resource) abi.Resource { r.Type = v.tree.res[v.r]; return r })
}

func (v *values) checkCopy(s *placed, dstFlat bool) error {
	v.restore(s)
	x, err := v.lifted(s)
	if err != nil {
		return err
	}
	return v.copy(s, x, dstFlat)
}

// copy copies s to b, which is then to hold x.
func (v *values) copy(s *placed, x any, dstFlat bool) error {
	e := v.expect(s.t, x, dstFlat)
	v.restore(s)
	from := v.source(s)
	to, p, f := v.target(s.t, dstFlat)
	v.tree.copyValue(s.t, from, to)
	return v.outcome(s.t, x, e, p, f)
}

// TestValuesOfEveryKind sends the edges of every kind of type in every way.
func TestValuesOfEveryKind(t *testing.T) {
	v := newValues(t)
	for _, text := range []string{
		"bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string",
		"list<u8>", "list<bool>", "list<u16>", "list<string>", "list<list<u32>>", "list<tuple<u8,u64>>", "list<f32>", "list<char>",
		"list<u8,3>", "list<u16,1>", "list<string,2>", "list<option<u64>,3>", "tuple<list<u8,3>,u8>",
		"map<string,u32>", "map<u8,list<u8>>", "map<bool,tuple<u8,string>>",
		"tuple<u8>", "tuple<u8,u16,u32,u64>", "tuple<u64,u8>", "record{a:bool,b:f64,c:char}", "record{a:string,b:list<u8>}",
		"variant{a,b}", "variant{a(u8),b(u64),c(f32)}", "variant{a(f32),b(u32)}", "variant{a(f64),b(f32),c(string)}",
		"variant{a(tuple<f32,f64>),b(tuple<u64,f32>),c}", "enum{a}", "enum{a,b,c}", "option<u8>", "option<option<string>>",
		"option<f32>", "result", "result<u8>", "result<_,string>", "result<string,u64>", "flags{a}", "flags{a,b,c,d,e,f,g,h,i}",
		"error-context", "list<error-context>", "option<error-context>",
		"stream<u16>", "list<future<string>>", "tuple<stream,string>", "own<r>", "borrow<r>", "list<own<r>>", "option<borrow<r>>", "variant{a(own<r>),b(f64)}",
		"tuple<u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8>", "tuple<u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8>",
	} {
		t.Run(text, func(t *testing.T) {
			for seed := range 80 {
				d := seeded(int64(seed))
				vt := v.val(text)
				x := d.randomValue(vt)
				if err := v.check(vt, x, d); err != nil {
					t.Fatalf("%#v: %v", x, err)
				}
			}
		})
	}
}

// TestValuesOfRandomTypes does the same for generated types.
func TestValuesOfRandomTypes(t *testing.T) {
	v := newValues(t)
	for seed := range 1500 {
		checkRandom(t, v, seeded(int64(seed)))
		if seed%100 == 0 {
			v.arena = types.Arena{}
		}
	}
}

func checkRandom(t *testing.T, v *values, d *dice) {
	t.Helper()
	d.channels = true
	vt := d.randomType(v.world, 1+d.int(4))
	x := d.randomValue(vt)
	if err := v.check(vt, x, d); err != nil && !errors.As(err, new(modelTrap)) {
		t.Fatalf("%s: %#v: %v", vt, x, err)
	}
}

// FuzzValues is TestValuesOfRandomTypes for the fuzzer's types and values.
func FuzzValues(f *testing.F) {
	for i := range 20 {
		f.Add([]byte{byte(i)})
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v := newValues(t)
		checkRandom(t, v, newDice(data))
	})
}

// Results of NaN are canonical whatever the host gives.
func TestNaNsAreCanonical(t *testing.T) {
	v := newValues(t)
	v.reset()
	to, p, _ := v.target(v.val("tuple<f32,f64>"), false)
	v.tree.lowerAny(v.val("f32"), math.Float32frombits(0xffc12345), to)
	v.tree.lowerAny(v.val("f64"), math.Float64frombits(0x7ff8000000012345), inMemory(&v.tree.dst, uint64(p)+8))
	if a, b := v.tree.dst.U32(uint32(p)), v.tree.dst.U64(uint32(p)+8); a != 0x7fc00000 || b != 0x7ff8000000000000 {
		t.Errorf("got %#x and %#x", a, b)
	}
}
