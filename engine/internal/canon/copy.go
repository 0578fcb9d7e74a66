package canon

import (
	"unicode/utf8"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// copyValue lifts a value from one guest and lowers it into another without making a Go
// value of it. Failures stick to either guest.
func (t *Tree) copyValue(v *types.Val, src, dst place) {
	if src.g.Failed() || dst.g.Failed() {
		return
	}
	if v.Copyable && src.flat == nil && dst.flat == nil { // numbers: the same in every memory
		copy(dst.g.Mem()[dst.at:dst.at+uint64(v.Size)], src.g.Mem()[src.at:])
		return
	}
	switch v.Kind {
	case types.String:
		t.copyString(src, dst)
	case types.List, types.Map:
		t.copyList(v.Elem, src, dst)
	case types.FixedList:
		t.copyFixedList(v, src, dst)
	case types.Record, types.Tuple:
		flat := 0
		for i := range v.Fields {
			f := &v.Fields[i]
			t.copyValue(f.Type, src.step(flat, f.At(src.wide())), dst.step(flat, f.At(dst.wide())))
			flat += f.Type.FlatCount
		}
	case types.Variant, types.Enum, types.Option, types.Result:
		t.copyVariant(v, src, dst)
	case types.Own, types.Borrow:
		t.copyHandle(v, src, dst)
	case types.Stream, types.Future:
		t.copyEndHandle(v, src, dst)
	case types.ErrorContext:
		t.copyErrorContext(src, dst)
	default:
		dst.putRaw(v.Size, src.scalar(v))
	}
}

func (t *Tree) copyVariant(v *types.Val, src, dst place) {
	d := src.disc(v)
	if src.g.Failed() {
		return
	}
	dst.putRaw(v.DiscSize, uint64(d))
	if dst.flat != nil { // cases may leave values unused, which are then zero
		for i := 1; i < v.FlatCount; i++ {
			dst.flat.Set(int(dst.at)+i, 0)
		}
	}
	if c := v.Cases[d].Type; c != nil {
		t.copyValue(c, src.payload(v), dst.payload(v))
	}
}

// between binds t.src and t.dst to the two sides of a copy.
func (t *Tree) between(src *Instance, from abi.Options, lenders *abi.Lenders, dst *Instance, to abi.Options, scope *abi.Scope) {
	t.src.Reset(src, from, nil, lenders, nil)
	t.dst.Reset(dst, to, nil, nil, scope)
	t.copied = 0
}

// spend counts n bytes that are copied to memory which the receiver allocates. In all they
// are no more than its memory can hold, unless its allocator gives a place out twice: lists
// that share their elements could else keep the host busy without end.
func (t *Tree) spend(dst place, n uint64) bool {
	if k := t.killed.Load(); k != nil {
		dst.g.Fail(k.err)
		return false
	}
	if t.copied += n; t.copied > roomFor(dst.g) && !dst.g.Reaches(t.copied) {
		tooMuch(dst.g)
		return false
	}
	return true
}

// roomFor is how many bytes the values of one call may take in a receiver's memory.
func roomFor(g *abi.Guest) uint64 { return max(uint64(len(g.Mem())), abi.DefaultBudget) }

func tooMuch(g *abi.Guest) {
	g.Trapf("values of one call take more than %d bytes of the receiver's memory", roomFor(g))
}

func notUTF8(g *abi.Guest) { g.Trapf("string is not valid UTF-8") }

func (t *Tree) copyString(src, dst place) {
	if src.g.Options().Encoding != abi.UTF8 || dst.g.Options().Encoding != abi.UTF8 {
		t.transcode(src, dst)
		return
	}
	p, n := src.ptr(), src.length().ptr()
	if !src.g.RangeAddr(p, n, 1, 1) || !t.spend(dst, n) {
		return
	}
	s := src.g.Mem()[p : p+n]
	if !utf8.Valid(s) {
		notUTF8(src.g)
		return
	}
	to := dst.g.AllocAddr(n, 1)
	if dst.g.Failed() {
		return
	}
	copy(dst.g.Mem()[to:], s)
	dst.putList(to, n)
}

// transcode copies a string into another encoding.
func (t *Tree) transcode(src, dst place) {
	s, ok := src.g.LiftText(src.ptr(), src.length().ptr())
	if !ok || !t.spend(dst, uint64(len(s.Bytes))) {
		return
	}
	if p, n := dst.g.LowerText(s); !dst.g.Failed() {
		dst.putList(p, n)
	}
}

func (t *Tree) copyList(elem *types.Val, src, dst place) {
	from, n := src.list(elem)
	w := dst.wide()
	if src.g.Failed() || !t.spend(dst, n*elem.Bytes(w)) {
		return
	}
	to := dst.g.AllocAddr(n*elem.Bytes(w), elem.Alignment(w))
	if dst.g.Failed() {
		return
	}
	src.g.Refresh()
	dst.putList(to, n)
	t.copyElements(elem, inMemory(src.g, from), inMemory(dst.g, to), uint32(n))
}

// respite is how many elements are copied between two looks at whether the tree has to end.
const respite = 1 << 14

// copyElements copies n elements that lie one after the other, in checked ranges.
func (t *Tree) copyElements(elem *types.Val, src, dst place, n uint32) {
	if elem.Copyable {
		size := uint64(n) * uint64(elem.Size)
		copy(dst.g.Mem()[dst.at:dst.at+size], src.g.Mem()[src.at:])
		return
	}
	for i := range n {
		t.copyValue(elem, src.element(elem, i), dst.element(elem, i))
		if src.g.Failed() || dst.g.Failed() || i%respite == respite-1 && !t.spend(dst, 0) {
			return
		}
	}
}

// copyFixedList copies a list of fixed length, in memory or in core values.
func (t *Tree) copyFixedList(v *types.Val, src, dst place) {
	if src.flat == nil && dst.flat == nil {
		t.copyElements(v.Elem, src, dst, v.Len)
		return
	}
	for i := range v.Len {
		t.copyValue(v.Elem, src.element(v.Elem, i), dst.element(v.Elem, i))
	}
}

func (t *Tree) copyHandle(v *types.Val, src, dst place) {
	if copiedRaw(src, dst) {
		return
	}
	rt := t.res[v.Resource.Index]
	if v.Kind == types.Own {
		if x := src.g.TakeOwn(src.u32(), rt); !src.g.Failed() {
			dst.putU32(dst.g.GiveOwn(x, rt))
		}
		return
	}
	if x := src.g.Lend(src.u32(), rt); !src.g.Failed() {
		dst.putU32(dst.g.GiveBorrow(x, rt))
	}
}
