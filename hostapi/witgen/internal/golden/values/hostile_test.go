package values

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/witgen/internal/abitest"
)

// find returns the function with a name such as "compounds.echo-string".
func find(t testing.TB, list []abitest.Import, want string) abitest.Import {
	t.Helper()
	for _, i := range list {
		if name(i) == want {
			return i
		}
	}
	t.Fatalf("no function %s", want)
	return abitest.Import{}
}

// words is memory with 32-bit words.
func words(values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

const (
	counterID = "test:values/handles@1.0.0#counter"
	lockID    = "test:values/handles@1.0.0#lock"
)

// flat is a call with core values and room for a result.
func flat(values ...uint64) func(*abitest.Env) abitest.Lowered {
	return func(e *abitest.Env) abitest.Lowered {
		at := uint64(e.Write(make([]byte, 256), 8))
		return abitest.Lowered{Slots: abitest.Slots(append(values, at)...), Ret: len(values)}
	}
}

// spilled is a call with parameters in memory.
func spilled(b []byte) func(*abitest.Env) abitest.Lowered {
	return func(e *abitest.Env) abitest.Lowered {
		p, at := e.Write(b, 8), e.Write(make([]byte, 256), 8)
		return abitest.Lowered{Slots: abitest.Slots(uint64(p), uint64(at)), Spilled: true, Ret: 1}
	}
}

// list is a call with a list of n elements whose memory begins with b.
func list(b []byte, align uint32, n uint64) func(*abitest.Env) abitest.Lowered {
	return func(e *abitest.Env) abitest.Lowered { return flat(uint64(e.Write(b, align)), n)(e) }
}

// A guest that breaks a rule of the Canonical ABI is trapped, with a message that names it.
func TestHostileGuests(t *testing.T) {
	all := imports(t)
	for _, test := range []struct {
		name, call string
		args       func(*abitest.Env) abitest.Lowered
		want       string
	}{
		{"string beyond memory", "compounds.echo-string", flat(0xfffffff0, 100), "out of bounds"},
		{"string that wraps", "compounds.echo-string", flat(0xffffffff, 1), "out of bounds"},
		{"string that is too long", "compounds.echo-string", flat(0, 1<<28), "too long"},
		{"string that is not UTF-8", "compounds.echo-string", list([]byte("a\xffb"), 1, 3), "not valid UTF-8"},
		{"surrogate in UTF-8", "compounds.echo-string", list([]byte("\xed\xa0\x80"), 1, 3), "not valid UTF-8"},
		{"bytes beyond memory", "compounds.echo-bytes", flat(64, 1<<20), "out of bounds"},
		{"list that is not aligned", "compounds.echo-f64s", flat(68, 1), "unaligned"},
		{"list beyond memory", "compounds.echo-f64s", flat(64, 1<<20), "out of bounds"},
		{"list that is too long", "compounds.echo-f64s", flat(64, 0xffffffff), "too long"},
		{"string in a list", "compounds.echo-texts", list(words(0xffffff00, 5), 4, 1), "out of bounds"},
		{"list in a list", "compounds.echo-lists", list(words(66, 1), 4, 1), "unaligned"},
		{"char that is a surrogate", "scalars.echo-char", flat(0xd800), "invalid char"},
		{"char that is too large", "scalars.echo-char", flat(0x110000), "invalid char"},
		{"char in a list", "compounds.echo-chars", list(words('a', 0xdfff), 4, 2), "invalid char"},
		{"case of an enum", "compounds.echo-small", flat(3), "invalid variant case 3 of 3"},
		{"case of a large enum", "compounds.echo-large", flat(257), "invalid variant case 257 of 257"},
		{"case of an enum in a list", "compounds.echo-larges", list(words(257), 2, 1), "invalid variant case 257 of 257"},
		{"case of a variant", "compounds.echo-plain", flat(2), "invalid variant case 2 of 2"},
		{"case of a variant with payloads", "compounds.echo-joined", flat(9, 0, 0), "invalid variant case 9 of 9"},
		{"case of a variant in a list", "compounds.echo-joineds", list(words(0x77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 8, 1), "invalid variant case 119 of 9"},
		{"case of an option", "compounds.echo-option", flat(2, 0, 0), "invalid variant case 2 of 2"},
		{"case of a result", "compounds.echo-result", flat(append([]uint64{2}, make([]uint64, 15)...)...), "invalid variant case 2 of 2"},
		{"case of a result as error", "errors.fail-code", flat(1, 2), "invalid variant case 2 of 2"},
		{"parameters beyond memory", "compounds.async-spilled", func(e *abitest.Env) abitest.Lowered {
			return abitest.Lowered{Slots: abitest.Slots(0xfffffff8, 64), Spilled: true, Ret: 1}
		}, "out of bounds"},
		{"parameters that are not aligned", "compounds.echo-spilled", func(e *abitest.Env) abitest.Lowered {
			return abitest.Lowered{Slots: abitest.Slots(68, 64), Spilled: true, Ret: 1}
		}, "unaligned"},
		{"string in spilled parameters", "compounds.async-mixed async", spilled(words(0, 0, 0, 0, 0, 0xffffffff, 1, 0, 0, 0, 0, 0)), "out of bounds"},
		{"result beyond memory", "compounds.echo-string", func(e *abitest.Env) abitest.Lowered {
			return abitest.Lowered{Slots: abitest.Slots(0, 0, 0xfffffffc), Ret: 2}
		}, "out of bounds"},
		{"result that is not aligned", "compounds.echo-string", func(e *abitest.Env) abitest.Lowered {
			return abitest.Lowered{Slots: abitest.Slots(0, 0, 66), Ret: 2}
		}, "unaligned"},
		{"late result beyond memory", "scalars.async-char async", func(e *abitest.Env) abitest.Lowered {
			return abitest.Lowered{Slots: abitest.Slots('a', 0xfffffffc), Ret: 1}
		}, "out of bounds"},
		{"values that take too much of the host's memory", "compounds.echo-lists", bomb, "host memory"},
		{"handle that there is not", "handles.echo-own", flat(5), "unknown handle index 5"},
		{"handle 0", "handles.echo-own", flat(0), "unknown handle index 0"},
		{"handle of another resource", "handles.echo-own", func(e *abitest.Env) abitest.Lowered {
			return flat(uint64(e.Handle(lockID, &lock{})))(e)
		}, "is a " + lockID + ", not a " + counterID},
		{"handle that is given away twice", "handles.[static]counter.merge", func(e *abitest.Env) abitest.Lowered {
			h := uint64(e.Handle(counterID, &counter{}))
			return flat(h, h)(e)
		}, "unknown handle index"},
		{"handle that is given away while lent", "handles.[method]counter.absorb", func(e *abitest.Env) abitest.Lowered {
			h := uint64(e.Handle(counterID, &counter{}))
			return abitest.Lowered{Slots: abitest.Slots(h, h), Ret: -1}
		}, "while it is lent"},
		{"borrowed handle that is given away", "handles.echo-own", func(e *abitest.Env) abitest.Lowered {
			h := e.Handle(counterID, &counter{})
			x, err := e.Handles().Get(h, abi.KindResource)
			if err != nil {
				t.Fatal(err)
			}
			x.Own = false
			return flat(uint64(h))(e)
		}, "borrowed, not owned"},
		{"handle in a list", "handles.sum", func(e *abitest.Env) abitest.Lowered {
			h := e.Handle(counterID, &counter{})
			return flat(uint64(h), uint64(e.Write(words(h, h, 99), 4)), 3, 0, 0)(e)
		}, "unknown handle index 99"},
		{"handle of a value that is no such resource", "handles.echo-own", func(e *abitest.Env) abitest.Lowered {
			return flat(uint64(e.Handle(counterID, "text")))(e)
		}, "handle is not a host counter"},
		{"borrowed handle of a value that is no such resource", "handles.[method]counter.value", func(e *abitest.Env) abitest.Lowered {
			return flat(uint64(e.Handle(counterID, &lock{})))(e)
		}, "handle is not a host counter"},
		{"resource where a stream is needed", "channels.echo-bytes", func(e *abitest.Env) abitest.Lowered {
			return flat(uint64(e.Handle(counterID, &counter{})))(e)
		}, "is a resource, not the readable end of a stream"},
		{"stream of another type", "channels.echo-bytes", func(e *abitest.Env) abitest.Lowered {
			i := find(t, all, "channels.echo-u32s")
			return e.Args(i, &abitest.Channel{Elems: []any{uint64(1)}})
		}, "another element type"},
		{"future where a stream is needed", "channels.echo-strings", func(e *abitest.Env) abitest.Lowered {
			i := find(t, all, "channels.echo-future")
			return e.Args(i, &abitest.Channel{Elems: []any{"x"}})
		}, "the readable end of a future, not the readable end of a stream"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := newEnv()
			_, err := e.CallRaw(find(t, all, test.call), test.args(e))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			if !errors.Is(err, abi.ErrTrap) {
				t.Errorf("%v is no trap", err)
			}
		})
	}
}

// bomb is a list of lists that all are the same list of empty lists.
func bomb(e *abitest.Env) abitest.Lowered {
	const n = 20_000
	inner := e.Write(make([]byte, 8*n), 4)
	var outer []uint32
	for range n {
		outer = append(outer, inner, n)
	}
	return flat(uint64(e.Write(words(outer...), 4)), n)(e)
}

// A broken element of a stream is the fault of the guest that wrote it.
func TestHostileStream(t *testing.T) {
	i := find(t, imports(t), "channels.echo-strings")
	e := newEnv()
	args := e.Args(i, &abitest.Channel{Elems: []any{"fine", "fine"}})
	copy(e.Bytes()[64:], words(0xffffffff, 0xff)) // "fine" itself
	for p := uint32(0); int(p)+8 <= len(e.Bytes()); p += 4 {
		if binary.LittleEndian.Uint32(e.Bytes()[p+4:]) == 4 {
			copy(e.Bytes()[p:], words(0xffffff00))
		}
	}
	if _, err := e.CallRaw(i, args); err != nil {
		t.Fatal(err)
	}
	if e.Fault == nil || !strings.Contains(e.Fault.Error(), "out of bounds") {
		t.Errorf("lifting an element fails with %v", e.Fault)
	}
}
