package values

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/witgen/internal/abitest"
)

// tracked are host resources that count how often they were dropped.
type tracked struct{ drops int }

func (x *tracked) Drop() error {
	x.drops++
	return nil
}

type trackedCounter struct {
	counter
	tracked
}

type trackedLock struct {
	lock
	tracked
}

// track has the guest's resources tracked.
func track(e *abitest.Env) func() []*tracked {
	var all []*tracked
	e.New = func(id string) any {
		switch id {
		case counterID:
			x := &trackedCounter{counter: counter{uint32(len(all))}}
			all = append(all, &x.tracked)
			return x
		case lockID:
			x := &trackedLock{}
			all = append(all, &x.tracked)
			return x
		}
		return &ticket{}
	}
	return func() []*tracked { return all }
}

// held counts what the guest has handles of.
func held(e *abitest.Env) map[*tracked]int {
	found := map[*tracked]int{}
	e.Handles().Clear(func(x *abi.Entry) {
		switch v := x.Obj.(type) {
		case *trackedCounter:
			found[&v.tracked]++
		case *trackedLock:
			found[&v.tracked]++
		}
	})
	return found
}

// passesOn reports whether a function of handles gives back whatever it is given.
func passesOn(i abitest.Import) bool { return i.Func.Interface.Name == "handles" && echoes(i.Func) }

// Whatever fails, in lifting parameters or in lowering the result, a resource is with the guest
// or has been dropped, once.
func TestOwnedAreDropped(t *testing.T) {
	failed, dropped := 0, 0
	for _, i := range imports(t) {
		if !passesOn(i) {
			continue
		}
		r := rand.New(rand.NewPCG(3, 4))
		for range 300 {
			e := newEnv()
			all := track(e)
			args := e.Args(i, randomArgs(e, r, i.Func)...)
			switch b := e.Bytes(); {
			case r.IntN(2) == 0:
				e.Limit = uint32(len(b)) + r.Uint32N(40) // too little for the result
			case args.Spilled || r.IntN(2) == 0 && len(b) > 64:
				b[64+r.IntN(len(b)-64)] ^= 1 << r.IntN(8)
			default:
				args.Slots[r.IntN(len(args.Slots))][0] ^= 1 << r.IntN(8)
			}
			if _, err := e.CallRaw(i, args); err != nil {
				failed++
			}
			in := held(e)
			for _, x := range all() {
				if in[x]+x.drops != 1 {
					t.Fatalf("%s: a resource has %d handles and was dropped %d times", name(i), in[x], x.drops)
				}
				dropped += x.drops
			}
		}
	}
	if failed < 1000 || dropped < 500 {
		t.Errorf("only %d calls have failed, with %d resources dropped", failed, dropped)
	}
}

// A call that is refused takes from the guest what it has given away, and answers with the
// error case if the error is one.
func TestRefuse(t *testing.T) {
	refused := errors.New("refused")
	n := 0
	for _, i := range imports(t) {
		i.Serve = func(c *abi.Call) { find(t, imports(t), name(i)).Refuse(c, refused) }
		if !passesOn(i) && i.Func.Interface.Name != "channels" {
			continue
		}
		n++
		r := rand.New(rand.NewPCG(5, uint64(n)))
		for range 20 {
			e := newEnv()
			all := track(e)
			_, _, err := e.Call(i, randomArgs(e, r, i.Func)...)
			if !errors.Is(err, refused) {
				t.Fatalf("%s: %v", name(i), err)
			}
			if live := e.Handles().Live(); live != 0 {
				t.Fatalf("%s: %d handles are left", name(i), live)
			}
			for _, x := range all() {
				if x.drops != 1 && passesOn(i) {
					t.Fatalf("%s: a resource was dropped %d times", name(i), x.drops)
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d functions were refused", n)
	}
	i := find(t, imports(t), "errors.fail-problem")
	refuse := i.Refuse
	i.Serve = func(c *abi.Call) { refuse(c, ProblemCode(CodeDenied)) }
	got, _, err := newEnv().Call(i, abitest.Case{Value: ""})
	if c, ok := got.(abitest.Case); err != nil || !ok || c.Index != 1 {
		t.Errorf("the guest got %v, %v", got, err)
	}
}

// What a guest has given away is dropped if the call never gets its goroutine, and a result if
// nobody waits for it any more.
func TestNeverServed(t *testing.T) {
	i := find(t, imports(t), "handles.async-owner async")
	for _, begun := range []bool{false, true} {
		e := newEnv()
		all := track(e)
		var c abi.Call
		l := e.Args(i, []any{"name", e.New(counterID), abitest.Case{Index: 1, Value: e.New(lockID)}})
		c.Reset(e, abitest.Options, e.Refs(i.Func), new(abi.Lenders), nil)
		c.Setup(t.Context(), append(l.Slots, abi.Slot{}), l.Spilled, l.Ret)
		i.Serve(&c)
		run, _ := c.Outcome()
		c.Park()
		if begun {
			c.Begun()
			run(context.Background())
		}
		c.Unserved()
		for _, x := range all() {
			if x.drops != 1 {
				t.Errorf("begun: %v; a resource was dropped %d times", begun, x.drops)
			}
		}
		if len(all()) != 2 {
			t.Fatal("not two resources")
		}
	}
}
