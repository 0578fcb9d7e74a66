package values

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/hostapi/witgen/internal/abitest"
)

// A spot is a place for a value in memory, and what is wrong with it.
type spot struct {
	name  string
	at    func(e *abitest.Env, b []byte, align uint32) uint32
	fault string
}

var spots = []spot{
	{"at the end of memory", func(e *abitest.Env, b []byte, _ uint32) uint32 { return e.AtEnd(b) }, ""},
	{"with no more than its alignment", func(e *abitest.Env, b []byte, align uint32) uint32 { return e.Odd(b, align) }, ""},
	{"beyond memory", func(e *abitest.Env, b []byte, align uint32) uint32 { return e.AtEnd(b) + align }, "out of bounds"},
	{"with less than its alignment", func(e *abitest.Env, b []byte, align uint32) uint32 { return e.Odd(b, align/2) }, "unaligned"},
}

// inSpots calls with a value of type t in each spot. Memory for it is at old.
func inSpots(t *testing.T, what string, typ wit.Type, call func(place func(e *abitest.Env, old uint32) uint32) error) {
	t.Helper()
	size, align := abitest.Layout(typ)
	for _, s := range spots {
		if s.fault == "unaligned" && align == 1 {
			continue
		}
		err := call(func(e *abitest.Env, old uint32) uint32 {
			return s.at(e, append([]byte(nil), e.Bytes()[old:old+size]...), align)
		})
		if s.fault == "" && err != nil || s.fault != "" && (err == nil || !strings.Contains(err.Error(), s.fault)) {
			t.Errorf("%s %s: got %v, want %q", what, s.name, err, s.fault)
		}
	}
}

// move gives core value k, which is an address, another one.
func move(e *abitest.Env, slots abi.Flat, k int, place func(e *abitest.Env, old uint32) uint32) {
	slots[k][0] = uint64(place(e, slots.U32(k)))
}

// Values in memory take exactly the bytes, and need exactly the alignment, that the
// Canonical ABI says.
func TestBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	spilled, results := 0, 0
	for _, i := range imports(t) {
		call := func(k func(l abitest.Lowered) int) func(func(*abitest.Env, uint32) uint32) error {
			return func(place func(*abitest.Env, uint32) uint32) error {
				e := newEnv()
				l := e.Args(i, randomArgs(e, r, i.Func)...)
				move(e, l.Slots, k(l), place)
				_, err := e.CallRaw(i, l)
				return err
			}
		}
		e := newEnv()
		l := e.Args(i, randomArgs(e, r, i.Func)...)
		if l.Spilled {
			spilled++
			inSpots(t, name(i)+": parameters", &wit.Tuple{Types: abitest.Params(i.Func)}, call(func(abitest.Lowered) int { return 0 }))
		}
		if l.Ret >= 0 {
			results++
			inSpots(t, name(i)+": result", i.Func.Result, call(func(l abitest.Lowered) int { return l.Ret }))
		}
	}
	for n, c := range echoCalls() {
		f := callsFunc(t, n)
		e := newEnv()
		if _, spilled := e.Result(f, e.Random(r, f.Result), false); !spilled {
			continue
		}
		inSpots(t, n+": result of a guest", f.Result, func(place func(*abitest.Env, uint32) uint32) error {
			e := newEnv()
			slots, _ := e.Result(f, e.Random(r, f.Result), false)
			move(e, slots, 0, place)
			return e.LiftRaw(f, c, slots, true)
		})
	}
	if spilled < 4 || results < 80 {
		t.Errorf("only %d functions with parameters and %d with results in memory", spilled, results)
	}
}

// Lists take exactly their elements, too.
func TestListBounds(t *testing.T) {
	all := imports(t)
	for _, test := range []struct {
		name        string
		size, align uint32
	}{
		{"compounds.echo-bools", 1, 1}, {"compounds.echo-s16s", 2, 2}, {"compounds.echo-f64s", 8, 8}, {"compounds.echo-chars", 4, 4},
		{"compounds.echo-texts", 8, 4}, {"compounds.echo-larges", 2, 2}, {"compounds.echo-map", 16, 8}, {"compounds.echo-lists", 8, 4},
		{"compounds.echo-bytes", 1, 1}, {"compounds.echo-string", 1, 1}, {"compounds.echo-joineds", 56, 8},
	} {
		for _, s := range spots {
			if s.fault == "unaligned" && test.align == 1 {
				continue
			}
			e := newEnv()
			l := flat(0, 3)(e)
			l.Slots[0][0] = uint64(s.at(e, make([]byte, 3*test.size), test.align))
			_, err := e.CallRaw(find(t, all, test.name), l)
			if s.fault == "" && err != nil || s.fault != "" && (err == nil || !strings.Contains(err.Error(), s.fault)) {
				t.Errorf("%s %s: got %v, want %q", test.name, s.name, err, s.fault)
			}
		}
	}
}

// A case that there is not is found wherever it is.
func TestCases(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	spoilt := 0
	fails := func(what string, err error) {
		t.Helper()
		spoilt++
		if err == nil || !strings.Contains(err.Error(), "invalid variant case") {
			t.Errorf("%s: got %v", what, err)
		}
	}
	for _, i := range imports(t) {
		params := &wit.Tuple{Types: abitest.Params(i.Func)}
		for range 30 {
			e := newEnv()
			if bad := abitest.Spoil(r, params, randomArgs(e, r, i.Func)); bad != nil {
				_, err := e.CallRaw(i, e.Args(i, bad.([]any)...))
				fails(name(i), err)
			}
		}
	}
	for n, c := range echoCalls() {
		f := callsFunc(t, n)
		for k := range 30 {
			e := newEnv()
			if bad := abitest.Spoil(r, f.Result, e.Random(r, f.Result)); bad != nil {
				fails(n, e.Lift(f, c, bad, f.Async && k%2 == 0))
			}
		}
	}
	if spoilt < 1000 {
		t.Errorf("only %d values were spoilt", spoilt)
	}
}
