package abitest

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wit"
)

// Env is a guest without code. It is not safe for concurrent use.
type Env struct {
	// New makes a host's value of a resource, such as "wasi:http/types@0.3.0#fields".
	New func(id string) any
	// Rand makes the model lower values with bits that do not count, where there are such;
	// nil leaves these 0.
	Rand *rand.Rand
	// Fault is the first failure to lift an element of a stream or future.
	Fault error
	// Limit is how large the memory may grow in bytes; 16 MiB by default.
	Limit uint32

	mem   []byte
	next  uint32 // where the allocator goes on
	table abi.Table
	types map[string]*abi.ResourceType
}

const (
	memory       = 0
	reallocFunc  = 1
	firstAddress = 64
	poison       = 0xA5
)

// Options bind functions to the memory and allocator of an Env.
var Options = abi.Options{Memory: memory, Realloc: reallocFunc}

// NewEnv returns an Env with 1 KiB of memory full of garbage, which grows as needed.
func NewEnv() *Env {
	e := &Env{next: firstAddress, Limit: 16 << 20, types: map[string]*abi.ResourceType{}}
	e.mem = garbage(1 << 10)
	return e
}

func garbage(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = poison
	}
	return b
}

// Clone returns an Env with the same memory and the same allocator, but without handles.
func (e *Env) Clone() *Env {
	c := NewEnv()
	c.New, c.Limit, c.next = e.New, e.Limit, e.next
	c.mem = append([]byte(nil), e.mem...)
	return c
}

// Bytes returns the memory that has been allocated so far.
func (e *Env) Bytes() []byte { return e.mem[:e.next] }

// Memory implements abi.Env.
func (e *Env) Memory(m int32) []byte {
	if m != memory {
		panic(fmt.Sprintf("abitest: no memory %d", m))
	}
	return e.mem
}

// Renew implements abi.Env.
func (e *Env) Renew(m int32) []byte { return e.Memory(m) }

// Handles implements abi.Env.
func (e *Env) Handles() *abi.Table { return &e.table }

// errOutOfMemory is what the allocator traps with.
var errOutOfMemory = errors.New("guest is out of memory")

// Realloc implements abi.Env. Every call moves the memory, so that nobody can get by with an
// old view of it.
func (e *Env) Realloc(fn int32, old, oldSize, align, newSize uint32) (uint32, error) {
	if fn != reallocFunc || old != 0 || oldSize != 0 {
		panic(fmt.Sprintf("abitest: realloc(%d, %d, %d)", fn, old, oldSize))
	}
	p := (uint64(e.next) + uint64(align) - 1) &^ (uint64(align) - 1)
	if p+uint64(newSize) > uint64(e.Limit) {
		e.Move()
		return 0, errOutOfMemory
	}
	e.next = uint32(p) + newSize
	e.Move()
	return uint32(p), nil
}

// Move gives the memory another address and spoils what was at the old one.
func (e *Env) Move() {
	size := len(e.mem)
	for uint32(size) < e.next {
		size *= 2
	}
	moved := garbage(size)
	copy(moved, e.mem)
	for i := range e.mem {
		e.mem[i] = 0xDD
	}
	e.mem = moved
}

// alloc is Realloc for the model.
func (e *Env) alloc(size, align uint32) uint32 {
	p, err := e.Realloc(reallocFunc, 0, 0, align, size)
	if err != nil {
		panic(err)
	}
	return p
}

// Write allocates memory for b and returns its address.
func (e *Env) Write(b []byte, align uint32) uint32 {
	p := e.alloc(uint32(len(b)), align)
	copy(e.mem[p:], b)
	return p
}

// AtEnd copies b, whose size is a multiple of its alignment, to the very end of the memory.
func (e *Env) AtEnd(b []byte) uint32 {
	e.alloc(uint32(len(b)), 1) // so that the end is not in use
	e.Move()
	p := len(e.mem) - len(b)
	copy(e.mem[p:], b)
	return uint32(p)
}

// Odd copies b to an address that has exactly the given alignment and no greater one.
func (e *Env) Odd(b []byte, align uint32) uint32 {
	p := e.alloc(uint32(len(b))+align, 2*align) + align
	copy(e.mem[p:], b)
	return p
}

// Type returns the resource type with an id.
func (e *Env) Type(id string) *abi.ResourceType {
	t := e.types[id]
	if t == nil {
		t = &abi.ResourceType{Name: id}
		e.types[id] = t
	}
	return t
}

// Handle gives the guest an owning handle for v.
func (e *Env) Handle(id string, v any) uint32 {
	i, err := e.table.Add(abi.Entry{Kind: abi.KindResource, Own: true, Type: e.Type(id), Obj: v})
	if err != nil {
		panic(err)
	}
	return i
}

// Refs lists the identities in a function's signature: each own, borrow, stream and future,
// an outer one before those inside it, parameters before the result.
func (e *Env) Refs(f *wit.Func) []abi.Ref {
	var refs []abi.Ref
	var visit func(t wit.Type)
	visit = func(t wit.Type) {
		switch t := resolve(t).(type) {
		case *wit.Own:
			refs = append(refs, abi.Ref{Resource: e.Type(t.Resource.ID())})
		case *wit.Borrow:
			refs = append(refs, abi.Ref{Resource: e.Type(t.Resource.ID())})
		case *wit.Stream:
			refs = append(refs, abi.Ref{Elem: identity(t.Elem)})
			visit(t.Elem)
		case *wit.Future:
			refs = append(refs, abi.Ref{Elem: identity(t.Elem), Future: true})
			visit(t.Elem)
		case *wit.List:
			visit(t.Elem)
		default:
			for _, f := range fields(t) {
				visit(f)
			}
			for _, c := range cases(t) {
				visit(c)
			}
		}
	}
	for _, p := range f.Params {
		visit(p.Type)
	}
	visit(f.Result)
	return refs
}

// identity stands for the element type of a stream or future.
func identity(t wit.Type) any {
	if t == nil {
		return nil
	}
	return wit.TypeSignature(t)
}
