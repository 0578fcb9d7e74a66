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
