package canon

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

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
			for seed := range 40 {
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
