package canon

import (
	"encoding/binary"
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// guest is what the code of a core function has in its hands.
type guest struct {
	s       *script
	c       *component
	fiber   *scriptFiber // nil on the driver's own stack
	context *[2]uint64
}

// call calls a trampoline.
func (g *guest) call(op int32, args ...uint64) uint64 {
	sig := g.s.calls[op]
	if len(args) != len(sig.Params) {
		panic(fmt.Sprintf("%s takes %d values, not %d", g.c.w.prog.Trampolines[op].Name, len(sig.Params), len(args)))
	}
	f := make(abi.Flat, max(len(sig.Params), len(sig.Results)))
	for i, t := range sig.Params {
		put(f, i, t, args[i])
	}
	if g.s.step != nil {
		g.s.step()
	}
	if g.fiber != nil {
		g.fiber.hostCall(op, f)
	} else if _, trap := g.s.serve(g, op, f); trap != nil {
		panic(guestTrap{trap})
	}
	if len(sig.Results) == 0 {
		return 0
	}
	return mask(sig.Results[0], f[0][0])
}

// trap traps, as unreachable does.
func (g *guest) trap(why string) { panic(guestTrap{fmt.Errorf("guest: %s", why)}) }

// want reports got if it is not want.
func (g *guest) want(what string, got, want uint64) {
	if got != want {
		g.c.w.tb.Helper()
		g.c.w.tb.Errorf("%s: got %#x, want %#x", what, got, want)
	}
}

// The guest's memory.

func (g *guest) mem() []byte               { return *g.s.mems[g.c.mem] }
func (g *guest) u32(p uint64) uint64       { return uint64(binary.LittleEndian.Uint32(g.mem()[p:])) }
func (g *guest) putU32(p uint64, v int)    { binary.LittleEndian.PutUint32(g.mem()[p:], uint32(v)) }
func (g *guest) text(p, n uint64) string   { return string(g.mem()[p : p+n]) }
func (g *guest) fill(p uint64, s string)   { copy(g.mem()[p:], s) }
func (g *guest) new(size, a uint32) uint64 { return uint64(g.c.bump(size, a)) }

// str puts a string into memory.
func (g *guest) str(s string) (p, n uint64) {
	p = g.new(uint32(len(s)), 1)
	g.fill(p, s)
	return p, uint64(len(s))
}

// opKey names a built-in of a component.
type opKey struct {
	op          Builtin
	async       bool
	cancellable bool
	elem        *types.Val
	resource    int32
}

// builtin finds or makes the trampoline for a built-in.
func (c *component) builtin(k opKey) int32 {
	if n, ok := c.ops[k]; ok {
		return n
	}
	tr := Trampoline{
		Op: k.op, Async: k.async, Cancellable: k.cancellable, Instance: c.n, Resource: k.resource,
		Opts: c.options(), Name: fmt.Sprintf("built-in %d", k.op),
	}
	tr.Opts.Async = k.async
	if k.op == TaskReturn {
		tr.Result = k.elem
	} else {
		tr.Elem = k.elem
	}
	n := c.w.trampoline(tr, builtinType(k))
	c.ops[k] = n
	return n
}

// builtinType is the core type of a built-in (Canonical ABI, Canonical Definitions).
func builtinType(k opKey) corewasm.FuncType {
	i32, i64 := corewasm.I32, corewasm.I64
	of := func(params int, results ...corewasm.ValType) corewasm.FuncType {
		f := corewasm.FuncType{Results: results}
		for range params {
			f.Params = append(f.Params, i32)
		}
		return f
	}
	switch k.op {
	case StreamNew, FutureNew:
		return of(0, i64)
	case StreamRead, StreamWrite:
		return of(3, i32)
	case FutureRead, FutureWrite, WaitableSetWait, WaitableSetPoll:
		return of(2, i32)
	case StreamCancelRead, StreamCancelWrite, FutureCancelRead, FutureCancelWrite, SubtaskCancel, ResourceNew, ResourceRep:
		return of(1, i32)
	case StreamDropReadable, StreamDropWritable, FutureDropReadable, FutureDropWritable, WaitableSetDrop, SubtaskDrop, ResourceDrop:
		return of(1)
	case WaitableSetNew, ThreadYield, ThreadIndex, ThreadSuspend:
		return of(0, i32)
	case ThreadNewIndirect:
		return of(2, i32)
	case ThreadSuspendThenResume, ThreadYieldThenResume, ThreadSuspendThenPromote, ThreadYieldThenPromote:
		return of(1, i32)
	case ThreadResumeLater:
		return of(1)
	case WaitableJoin:
		return of(2)
	case TaskReturn:
		var a types.Arena
		f, err := a.Func(taskReturnParams(k.elem), nil, false)
		if err != nil {
			panic(err)
		}
		return f.LowerSignature(types.SignatureOptions{})
	}
	return of(0) // task.cancel, backpressure.inc, backpressure.dec
}

func taskReturnParams(result *types.Val) []types.Param {
	if result == nil {
		return nil
	}
	return []types.Param{{Name: "v", Type: result}}
}

// The built-ins.

func (g *guest) builtin(k opKey, args ...uint64) uint64 { return g.call(g.c.builtin(k), args...) }

// channel names the element type of a stream or future and its built-ins.
type channelType struct {
	elem   *types.Val
	future bool
}

func (w *world) stream(elem string) channelType { return channelType{w.val(elem), false} }
func (w *world) future(elem string) channelType { return channelType{w.val(elem), true} }

func (t channelType) op(stream, future Builtin) Builtin {
	if t.future {
		return future
	}
	return stream
}

func (g *guest) newChannel(t channelType) (r, w uint64) {
	v := g.builtin(opKey{op: t.op(StreamNew, FutureNew), elem: t.elem})
	return v & 0xffffffff, v >> 32
}

func (g *guest) copy(t channelType, op Builtin, async bool, h, p, n uint64) uint64 {
	if t.future {
		return g.builtin(opKey{op: op, async: async, elem: t.elem}, h, p)
	}
	return g.builtin(opKey{op: op, async: async, elem: t.elem}, h, p, n)
}

// read and write are the asynchronous forms; n is not used by futures.
func (g *guest) read(t channelType, h, p, n uint64) uint64 {
	return g.copy(t, t.op(StreamRead, FutureRead), true, h, p, n)
}

func (g *guest) write(t channelType, h, p, n uint64) uint64 {
	return g.copy(t, t.op(StreamWrite, FutureWrite), true, h, p, n)
}

func (g *guest) readSync(t channelType, h, p, n uint64) uint64 {
	return g.copy(t, t.op(StreamRead, FutureRead), false, h, p, n)
}

func (g *guest) writeSync(t channelType, h, p, n uint64) uint64 {
	return g.copy(t, t.op(StreamWrite, FutureWrite), false, h, p, n)
}

func (g *guest) cancelRead(t channelType, async bool, h uint64) uint64 {
	return g.builtin(opKey{op: t.op(StreamCancelRead, FutureCancelRead), async: async, elem: t.elem}, h)
}

func (g *guest) cancelWrite(t channelType, async bool, h uint64) uint64 {
	return g.builtin(opKey{op: t.op(StreamCancelWrite, FutureCancelWrite), async: async, elem: t.elem}, h)
}

func (g *guest) dropReader(t channelType, h uint64) {
	g.builtin(opKey{op: t.op(StreamDropReadable, FutureDropReadable), elem: t.elem}, h)
}

func (g *guest) dropWriter(t channelType, h uint64) {
	g.builtin(opKey{op: t.op(StreamDropWritable, FutureDropWritable), elem: t.elem}, h)
}

func (g *guest) newSet() uint64       { return g.builtin(opKey{op: WaitableSetNew}) }
func (g *guest) dropSet(s uint64)     { g.builtin(opKey{op: WaitableSetDrop}, s) }
func (g *guest) join(w, s uint64)     { g.builtin(opKey{op: WaitableJoin}, w, s) }
func (g *guest) dropSubtask(s uint64) { g.builtin(opKey{op: SubtaskDrop}, s) }

// happened is an event as a guest sees it.
type happened struct{ code, p1, p2 uint64 }

// eventAt is where wait and poll store their events.
const eventAt = 16

func (g *guest) wait(s uint64, cancellable bool) happened {
	code := g.builtin(opKey{op: WaitableSetWait, cancellable: cancellable}, s, eventAt)
	return happened{code, g.u32(eventAt), g.u32(eventAt + 4)}
}

func (g *guest) poll(s uint64, cancellable bool) happened {
	code := g.builtin(opKey{op: WaitableSetPoll, cancellable: cancellable}, s, eventAt)
	return happened{code, g.u32(eventAt), g.u32(eventAt + 4)}
}

func (g *guest) cancelSubtask(s uint64, async bool) uint64 {
	return g.builtin(opKey{op: SubtaskCancel, async: async}, s)
}

func (g *guest) yield(cancellable bool) uint64 {
	return g.builtin(opKey{op: ThreadYield, cancellable: cancellable})
}

func (g *guest) newThread(fn, arg uint64) uint64 {
	return g.builtin(opKey{op: ThreadNewIndirect}, fn, arg)
}
func (g *guest) threadIndex() uint64  { return g.builtin(opKey{op: ThreadIndex}) }
func (g *guest) resumeLater(t uint64) { g.builtin(opKey{op: ThreadResumeLater}, t) }
func (g *guest) suspend(cancellable bool) uint64 {
	return g.builtin(opKey{op: ThreadSuspend, cancellable: cancellable})
}

// switchTo is a built-in that suspends or yields and goes on with another thread.
func (g *guest) switchTo(op Builtin, t uint64, cancellable bool) uint64 {
	return g.builtin(opKey{op: op, cancellable: cancellable}, t)
}

// ret is task.return for a function of the given result type.
func (g *guest) ret(result string, args ...uint64) {
	g.builtin(opKey{op: TaskReturn, elem: g.c.w.val(result)}, args...)
}

func (g *guest) cancelled()   { g.builtin(opKey{op: TaskCancel}) }
func (g *guest) pressureInc() { g.builtin(opKey{op: BackpressureInc}) }
func (g *guest) pressureDec() { g.builtin(opKey{op: BackpressureDec}) }

func (g *guest) newResource(n int32, rep uint64) uint64 {
	return g.builtin(opKey{op: ResourceNew, resource: n}, rep)
}
func (g *guest) rep(n int32, h uint64) uint64 {
	return g.builtin(opKey{op: ResourceRep, resource: n}, h)
}
func (g *guest) drop(n int32, h uint64) { g.builtin(opKey{op: ResourceDrop, resource: n}, h) }

// What callback-lifted functions return.
const (
	exit  = uint64(callbackExit)
	yield = uint64(callbackYield)
)

func waitOn(set uint64) uint64 { return set<<4 | callbackWait }

// What copies answer.
const blockedCopy = uint64(blocked)

func completed(n uint64) uint64 { return n<<4 | uint64(copyCompleted) }
func dropped(n uint64) uint64   { return n<<4 | uint64(copyDropped) }
func cancelled(n uint64) uint64 { return n<<4 | uint64(copyCancelled) }

// status takes the answer of an asynchronous call apart.
func status(v uint64) (state subtaskState, handle uint64) { return subtaskState(v & 15), v >> 4 }

// noParams is the type of start functions.
var noParams = corewasm.FuncType{}
