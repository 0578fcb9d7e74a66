package canon

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
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
	return v
}

// reset empties memories and tables.
func (v *values) reset() {
	for _, c := range []*component{v.a, v.b} {
		c.heap = 1024
		clear(*v.mems[c.mem])
		v.tree.insts[c.n].handles.Clear(func(*abi.Entry) {})
	}
	v.lenders, v.scope, v.dead = abi.Lenders{}, abi.Scope{}, nil
}

func (v *values) table(c *component) *abi.Table { return &v.tree.insts[c.n].handles }

// model makes the model of a component, whose memory it shares.
func (v *values) model(c *component, d *dice) *model {
	return &model{
		mem: *v.mems[c.mem], heap: c.heap, dice: d, steps: 100_000,
		handle: func(t *types.Val, rep uint32) uint32 {
			i, err := v.table(c).Add(abi.Entry{Kind: abi.KindResource, Own: true, Rep: rep, Type: v.tree.res[v.r]})
			if err != nil {
				panic(err)
			}
			return i
		},
		rep: func(t *types.Val, h uint32) (uint32, error) {
			e, err := v.table(c).Get(h, abi.KindResource)
			if err != nil {
				return 0, err
			}
			switch {
			case t.Kind == types.Borrow:
				e.Lends++
			case !e.Own || e.Lends > 0:
				return 0, errors.New("not to be passed on")
			default:
				rep := e.Rep
				v.table(c).Remove(h)
				return rep, nil
			}
			return e.Rep, nil
		},
	}
}

// received checks that x has arrived in b, at p or in f.
func (v *values) received(t *types.Val, x any, p uint32, f abi.Flat) error {
	m := v.model(v.b, nil)
	var got any
	if err := catch(func() {
		if f == nil {
			got = m.load(t, p)
			return
		}
		bits := make([]uint64, len(f))
		for i := range f {
			bits[i] = f[i][0]
		}
		got = m.liftFlat(t, &bits)
	}); err != nil {
		return err
	}
	if !same(got, x) {
		return fmt.Errorf("got %v, want %v", got, x)
	}
	return nil
}

// from binds the tree's source guest to a, to its destination to b.
func (v *values) from() *abi.Guest {
	v.tree.src.Reset(&v.tree.insts[v.a.n], v.a.options().Options, nil, &v.lenders, nil)
	return &v.tree.src
}

func (v *values) to() *abi.Guest {
	v.tree.dst.Reset(&v.tree.insts[v.b.n], v.b.options().Options, nil, nil, &v.scope)
	return &v.tree.dst
}

// flat makes slots of core values, with what else may lie in them.
func flat(t *types.Val, bits []uint64) abi.Flat {
	f := make(abi.Flat, len(bits))
	for i, ft := range flatOf(t) {
		put(f, i, ft, bits[i])
	}
	return f
}

// check sends x of type t in every way and compares with the model.
func (v *values) check(t *types.Val, x any, d *dice) error {
	if t.Size != sizeOf(t) || t.Align != alignOf(t) {
		return fmt.Errorf("size %d, alignment %d; want %d, %d", t.Size, t.Align, sizeOf(t), alignOf(t))
	}
	forms := []bool{false}
	if n := len(flatOf(t)); n <= types.MaxFlat {
		if t.FlatCount != n {
			return fmt.Errorf("%d core values, want %d", t.FlatCount, n)
		}
		forms = append(forms, true)
	}
	for _, srcFlat := range forms {
		if err := v.lift(t, x, d, srcFlat); err != nil {
			return fmt.Errorf("lift, flat %v: %w", srcFlat, err)
		}
		if err := v.lower(t, x, srcFlat); err != nil {
			return fmt.Errorf("lower, flat %v: %w", srcFlat, err)
		}
		for _, dstFlat := range forms {
			if err := v.copy(t, x, d, srcFlat, dstFlat); err != nil {
				return fmt.Errorf("copy, flat %v to flat %v: %w", srcFlat, dstFlat, err)
			}
		}
	}
	return nil
}

// place puts x into a: the guest's part.
func (v *values) place(t *types.Val, x any, d *dice, inSlots bool) (p uint32, f abi.Flat, err error) {
	m := v.model(v.a, d)
	err = catch(func() {
		if inSlots {
			f = flat(t, m.lowerFlat(t, x))
			return
		}
		p = m.alloc(sizeOf(t), alignOf(t))
		m.store(t, x, p)
	})
	v.a.heap = m.heap
	return p, f, err
}

func (v *values) source(p uint32, f abi.Flat) place {
	if f != nil {
		return inSlots(v.from(), f)
	}
	return inMemory(v.from(), uint64(p))
}

// target is where b takes x.
func (v *values) target(t *types.Val, inSlot bool) (place, uint32, abi.Flat) {
	if inSlot {
		f := make(abi.Flat, len(flatOf(t)))
		for i := range f {
			f[i] = abi.Slot{junk | 5, junk}
		}
		return inSlots(v.to(), f), 0, f
	}
	p := v.b.bump(sizeOf(t), alignOf(t))
	return inMemory(v.to(), uint64(p)), p, nil
}

func (v *values) lift(t *types.Val, x any, d *dice, flat bool) error {
	v.reset()
	p, f, err := v.place(t, x, d, flat)
	if err != nil {
		return err
	}
	got := v.tree.liftAny(t, v.source(p, f))
	if err := v.tree.src.Err(); err != nil {
		return err
	}
	if !same(got, x) {
		return fmt.Errorf("got %v, want %v", got, x)
	}
	return nil
}

func (v *values) lower(t *types.Val, x any, flat bool) error {
	v.reset()
	to, p, f := v.target(t, flat)
	v.tree.lowerAny(t, v.typed(x), to)
	if err := v.tree.dst.Err(); err != nil {
		return err
	}
	return v.received(t, x, p, f)
}

// typed gives handles the type that hosts know them by.
func (v *values) typed(x any) any {
	return mapResources(x, func(r abi.Resource) abi.Resource { r.Type = v.tree.res[v.r]; return r })
}

func (v *values) copy(t *types.Val, x any, d *dice, srcFlat, dstFlat bool) error {
	v.reset()
	p, f, err := v.place(t, x, d, srcFlat)
	if err != nil {
		return err
	}
	from := v.source(p, f)
	to, q, g := v.target(t, dstFlat)
	v.tree.copyValue(t, from, to)
	if err := firstError(&v.tree.src, &v.tree.dst); err != nil {
		return err
	}
	return v.received(t, x, q, g)
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
		"own<r>", "borrow<r>", "list<own<r>>", "option<borrow<r>>", "variant{a(own<r>),b(f64)}",
		"tuple<u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8>", "tuple<u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8,u8>",
	} {
		t.Run(text, func(t *testing.T) {
			for seed := range 200 {
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
	for seed := range 3000 {
		checkRandom(t, v, seeded(int64(seed)))
		if seed%100 == 0 {
			v.arena = types.Arena{}
		}
	}
}

func checkRandom(t *testing.T, v *values, d *dice) {
	t.Helper()
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
	if a, b := v.tree.dst.U32(p), v.tree.dst.U64(p+8); a != 0x7fc00000 || b != 0x7ff8000000000000 {
		t.Errorf("got %#x and %#x", a, b)
	}
}
