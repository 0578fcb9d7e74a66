package canon

import (
	"strings"
	"unicode/utf8"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
)

// Debug messages are for people. The component model lets a host change them at will, so that
// they need not take more of its memory than this, in bytes.
const (
	maxDebugMessage  = 4 << 10
	maxDebugMessages = 1 << 20 // of all error contexts of a tree
)

// errorContext is what the handles of an error context have in common (Canonical ABI, class
// ErrorContext).
type errorContext struct {
	message string
	handles int
}

// newErrorContext makes an error context with as much of the message as there is room for.
func (t *Tree) newErrorContext(message string) *errorContext {
	n := min(len(message), maxDebugMessage, maxDebugMessages-t.messages)
	for n > 0 && n < len(message) && !utf8.RuneStart(message[n]) {
		n--
	}
	t.messages += n
	return &errorContext{message: strings.Clone(message[:n])}
}

// addErrorContext gives the instance a handle of x.
func (i *Instance) addErrorContext(x *errorContext) (uint32, error) {
	n, err := i.handles.Add(abi.Entry{Kind: abi.KindErrorContext, Obj: x})
	if err == nil {
		x.handles++
	}
	return n, err
}

func (i *Instance) errorContext(n uint32) (*errorContext, error) {
	e, err := i.handles.Get(n, abi.KindErrorContext)
	if err != nil {
		return nil, err
	}
	return e.Obj.(*errorContext), nil
}

// errorContextNew makes an error context (Canonical ABI, canon_error_context_new).
func (c *coreCall) errorContextNew() (Status, error) {
	g := &c.t.src
	g.Reset(c.inst, c.tr.Opts.Options, nil, nil, nil)
	p := inSlots(g, c.slots)
	text, ok := g.LiftText(p.ptr(), p.length().ptr())
	if !ok {
		return Trap, g.Err()
	}
	n, err := c.inst.addErrorContext(c.t.newErrorContext(text.Prefix(maxDebugMessage)))
	if err != nil {
		return Trap, err
	}
	return c.ret(uint64(n))
}

// errorContextDebugMessage stores the message (Canonical ABI,
// canon_error_context_debug_message).
func (c *coreCall) errorContextDebugMessage() (Status, error) {
	x, err := c.inst.errorContext(c.arg(0))
	if err != nil {
		return Trap, err
	}
	g := &c.t.dst
	g.Reset(c.inst, c.tr.Opts.Options, nil, nil, nil)
	at := inSlots(g, c.slots).step(1, 0).ptr()
	word := uint64(4)
	if g.Options().Memory64 {
		word = 8
	}
	if g.CheckAddr(at, 2*word, uint32(word)) {
		if p, n := g.LowerText(abi.Text{Bytes: []byte(x.message)}); !g.Failed() {
			inMemory(g, at).putList(p, n)
		}
	}
	return Done, g.Err()
}

// errorContextDrop drops a handle (Canonical ABI, canon_error_context_drop).
func (c *coreCall) errorContextDrop() (Status, error) {
	x, err := c.inst.errorContext(c.arg(0))
	if err != nil {
		return Trap, err
	}
	c.inst.handles.Remove(c.arg(0))
	if x.handles--; x.handles == 0 {
		c.t.messages -= len(x.message)
	}
	return Done, nil
}

// copyErrorContext gives the receiver a handle of its own; the sender keeps his.
func (t *Tree) copyErrorContext(src, dst place) {
	if copiedRaw(src, dst) {
		return
	}
	x, err := src.g.Env().(*Instance).errorContext(src.u32())
	if err != nil {
		src.g.Fail(err)
		return
	}
	n, err := dst.g.Env().(*Instance).addErrorContext(x)
	if err != nil {
		dst.g.Fail(err)
		return
	}
	dst.putU32(n)
}

func liftErrorContext(p place) any {
	x, err := p.g.Env().(*Instance).errorContext(p.u32())
	if err != nil {
		p.g.Fail(err)
		return nil
	}
	return &value.ErrorContext{DebugMessage: x.message}
}

func (t *Tree) lowerErrorContext(c *value.ErrorContext, p place) {
	message := strings.ToValidUTF8(c.DebugMessage, string(utf8.RuneError))
	n, err := p.g.Env().(*Instance).addErrorContext(t.newErrorContext(message))
	if err != nil {
		p.g.Fail(err)
		return
	}
	p.putU32(n)
}
