package httpguest

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

// Instance is a component instance. Tasks of it run one at a time, but for when they wait.
type Instance struct {
	// Slice is how long Start stays with a guest that computes; 0 means until it waits. An
	// engine lets another goroutine go on when the time slice of a guest is over.
	Slice time.Duration

	funcs map[string]*abi.Func

	drive sync.Mutex // held by who runs guest code or calls ends: the driver
	mem   []byte
	next  uint32   // in the part of mem that is used in turn
	spots []uint32 // free places for results
	table abi.Table
	types map[string]*abi.ResourceType
	refs  map[string][]abi.Ref
	ends  map[uint32]any
	last  uint32 // handle of an end
	dead  error

	wakes sync.Mutex
	woken sync.Cond
	seq   uint64
}

// New makes an instance that imports the interfaces of list.
func New(list []hostapi.Interface, scope *hostapi.Scope) *Instance {
	in := &Instance{
		funcs: map[string]*abi.Func{}, types: map[string]*abi.ResourceType{}, refs: map[string][]abi.Ref{},
		ends: map[uint32]any{}, last: 1 << 20, mem: make([]byte, turnover), next: 8,
	}
	in.woken.L = &in.wakes
	for _, i := range list {
		if i.Bind == nil {
			continue
		}
		b, err := i.Bind(scope)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", i.ID, err))
		}
		for k := range b.Funcs {
			in.funcs[i.ID+"#"+b.Funcs[k].Name] = &b.Funcs[k]
		}
	}
	return in
}

// wake makes tasks look again at what they wait for.
func (in *Instance) wake() {
	in.wakes.Lock()
	in.seq++
	in.wakes.Unlock()
	in.woken.Broadcast()
}

// Wake makes tasks that wait look again. It may be called from any goroutine.
func (in *Instance) Wake() { in.wake() }

// End ends the instance with everything that it holds, as a trap does.
func (in *Instance) End(err error) {
	in.drive.Lock()
	defer in.drive.Unlock()
	in.end(err)
}

func (in *Instance) end(err error) {
	if in.dead != nil {
		return
	}
	in.dead = err
	for _, e := range in.ends {
		switch e := e.(type) {
		case *Writer:
			if e.sink != nil && !e.gone {
				e.sink.End(err)
			}
		case *Reader:
			if !e.ended {
				e.src.End()
			}
		}
	}
	in.table.Clear(func(e *abi.Entry) {
		if d, ok := e.Obj.(abi.Dropper); ok && e.Own {
			_ = d.Drop()
		}
	})
	in.wake()
}

// Live returns how many handles of resources the guest holds.
func (in *Instance) Live() int {
	in.drive.Lock()
	defer in.drive.Unlock()
	return in.table.Live()
}

// Memory implements abi.Env.
func (in *Instance) Memory(int32) []byte { return in.mem }

// Renew implements abi.Env.
func (in *Instance) Renew(int32) []byte { return in.mem }

// turnover is the part of memory that is used again when it has been filled once.
const turnover = 1 << 20

// Realloc implements abi.Env. Values of tests do not live long: small ones go to memory that is
// used again.
func (in *Instance) Realloc(_ int32, _, _, align, size uint32) (uint32, error) {
	ptr := (in.next + align - 1) &^ (align - 1)
	if uint64(ptr)+uint64(size) > turnover {
		if ptr = 8; uint64(size) > turnover-8 {
			return in.keep(size), nil
		}
	}
	in.next = ptr + size
	return ptr, nil
}

// keep allocates memory that is not used again.
func (in *Instance) keep(size uint32) uint32 {
	ptr := (len(in.mem) + 7) &^ 7
	in.mem = append(in.mem, make([]byte, ptr+int(size)-len(in.mem))...)
	return uint32(ptr)
}

// spot allocates a place for a result, for which a task may wait while others use much memory.
func (in *Instance) spot() uint32 {
	if len(in.spots) < 64 {
		return in.keep(resultSize)
	}
	p := in.spots[0]
	in.spots = in.spots[1:]
	return p
}

// Handles implements abi.Env.
func (in *Instance) Handles() *abi.Table { return &in.table }

// In a signature, identities are counted in the order of the text.
var identity = regexp.MustCompile(`(own|borrow)<([^>]*)>|(stream|future)[<,)>]`)

// identities returns those of a signature.
func (in *Instance) identities(signature string) []abi.Ref {
	refs, ok := in.refs[signature]
	if ok {
		return refs
	}
	for _, m := range identity.FindAllStringSubmatch(signature, -1) {
		if m[3] != "" {
			refs = append(refs, abi.Ref{Future: m[3] == "future"})
		} else {
			refs = append(refs, abi.Ref{Resource: in.resource(m[2])})
		}
	}
	in.refs[signature] = refs
	return refs
}

func (in *Instance) resource(name string) *abi.ResourceType {
	t := in.types[name]
	if t == nil {
		t = &abi.ResourceType{Name: name}
		in.types[name] = t
	}
	return t
}

// U32 loads a number, which may be a handle or an address.
func (in *Instance) U32(p uint32) uint32 { return binary.LittleEndian.Uint32(in.mem[p:]) }

// U64 loads a number.
func (in *Instance) U64(p uint32) uint64 { return binary.LittleEndian.Uint64(in.mem[p:]) }

// U8 loads a byte.
func (in *Instance) U8(p uint32) uint8 { return in.mem[p] }

// Text loads the string or list of bytes whose address and length lie at p.
func (in *Instance) Text(p uint32) string {
	ptr, n := in.U32(p), in.U32(p+4)
	return string(in.mem[ptr : ptr+n])
}

// Put stores a text and returns its address and length.
func (in *Instance) Put(s string) (ptr, n uint64) {
	at, _ := in.Realloc(0, 0, 0, 1, uint32(len(s)))
	copy(in.mem[at:], s)
	return uint64(at), uint64(len(s))
}
