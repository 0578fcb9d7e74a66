package types

import (
	"encoding/binary"
	"sync"
)

// Arena makes value and function types and interns them. The zero Arena is
// ready for use; all methods may be called concurrently. A type keeps its
// arena alive, and an arena all of its types.
//
// Constructors take types of other arenas too and make them over. They fail
// with an [*Error] for types that the component model does not have or that
// exceed the limits of this package. They keep the slices they are given.
type Arena struct {
	// MaxTypeSize bounds the parts of a value type below the constant of that name;
	// 0 does not. It must not change once there are types.
	MaxTypeSize int

	mu        sync.Mutex
	vals      map[string]*Val
	funcs     map[string]*Func
	resources map[*Resource]uint32
	next      uint32
	key       []byte
}

// Limits of a value type. MaxSize bounds elem_size with 64-bit pointers, which
// the component model demands (Binary format, defvaltype); the others keep
// hostile types from costing more than their own length.
const (
	MaxSize     = 1<<28 - 1 // bytes
	MaxDepth    = 100
	MaxTypeSize = 1_000_000 // nodes of the type as a tree
	MaxFlags    = 32
)

// Primitive returns the type of a primitive kind and nil for other kinds.
func (a *Arena) Primitive(k Kind) *Val {
	if !k.Primitive() {
		return nil
	}
	return &prims[k]
}

var prims = makePrims()

func makePrims() (ps [numPrims]Val) {
	for k := Bool; k < numPrims; k++ {
		v := &ps[k]
		v.Kind, v.id = k, uint32(k)
		if err := v.measure(MaxSize); err != nil {
			panic(err)
		}
	}
	return ps
}

// make interns a type of which there can be values: they are not too large.
func (a *Arena) make(v *Val) (*Val, error) { return a.intern(v, MaxSize) }

// intern returns the arena's type that equals v, which is v itself the first
// time. Its values have no more than maxSize bytes.
func (a *Arena) intern(v *Val, maxSize uint64) (*Val, error) {
	a.adopt(v)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.key = a.appendKey(a.key[:0], v)
	if old := a.vals[string(a.key)]; old != nil {
		return old, old.checkSize(maxSize)
	}
	if err := v.measure(maxSize); err != nil {
		return nil, err
	}
	if a.MaxTypeSize > 0 && v.TypeSize > a.MaxTypeSize {
		return nil, tooManyParts(v.TypeSize, a.MaxTypeSize)
	}
	if a.vals == nil {
		a.vals = map[string]*Val{}
	}
	v.arena, v.id = a, a.nextID()
	a.vals[string(a.key)] = v
	return v, nil
}

func (a *Arena) nextID() uint32 {
	if a.next == 0 {
		a.next = uint32(numPrims)
	}
	a.next++
	return a.next
}

// adopt makes over what v refers to in other arenas.
func (a *Arena) adopt(v *Val) {
	v.Elem = a.own(v.Elem)
	for i := range v.Fields {
		v.Fields[i].Type = a.own(v.Fields[i].Type)
	}
	for i := range v.Cases {
		v.Cases[i].Type = a.own(v.Cases[i].Type)
	}
}

func (a *Arena) own(v *Val) *Val {
	if v == nil || v.arena == nil || v.arena == a {
		return v
	}
	return (&Subst{Arena: a}).Val(v)
}

func (a *Arena) appendKey(b []byte, v *Val) []byte {
	b = append(b, byte(v.Kind))
	b = binary.AppendUvarint(b, uint64(v.Len))
	b = appendID(b, v.Elem)
	b = binary.AppendUvarint(b, uint64(len(v.Fields)))
	for _, f := range v.Fields {
		b = appendID(appendLabel(b, f.Label), f.Type)
	}
	b = binary.AppendUvarint(b, uint64(len(v.Cases)))
	for _, c := range v.Cases {
		b = appendID(appendLabel(b, c.Label), c.Type)
	}
	for _, l := range v.Labels {
		b = appendLabel(b, l)
	}
	if v.Resource != nil {
		b = binary.AppendUvarint(b, uint64(a.resourceID(v.Resource)))
	}
	return b
}

func (a *Arena) resourceID(r *Resource) uint32 {
	id, ok := a.resources[r]
	if !ok {
		if a.resources == nil {
			a.resources = map[*Resource]uint32{}
		}
		id = uint32(len(a.resources))
		a.resources[r] = id
	}
	return id
}

func appendID(b []byte, v *Val) []byte {
	if v == nil {
		return append(b, 0)
	}
	return binary.AppendUvarint(b, uint64(v.id))
}

func appendLabel(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
