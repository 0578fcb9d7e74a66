package values

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/hostapi/witgen/internal/abitest"
)

// echoCalls are the calls whose only parameter V has the type of the result.
func echoCalls() map[string]abi.Invocation {
	return map[string]abi.Invocation{
		"echo-bool": new(CallsEchoBool), "echo-s8": new(CallsEchoS8), "echo-f32": new(CallsEchoF32),
		"echo-string": new(CallsEchoString), "echo-bytes": new(CallsEchoBytes), "echo-texts": new(CallsEchoTexts),
		"echo-small": new(CallsEchoSmall), "echo-flags": new(CallsEchoFlags), "echo-mixed": new(CallsEchoMixed),
		"echo-nested": new(CallsEchoNested), "echo-joined": new(CallsEchoJoined), "echo-plain": new(CallsEchoPlain),
		"echo-single": new(CallsEchoSingle), "echo-options": new(CallsEchoOptions), "echo-shape": new(CallsEchoShape),
		"echo-own": new(CallsEchoOwn), "echo-owners": new(CallsEchoOwners), "echo-spilled": new(CallsEchoSpilled),
		"echo-result": new(CallsEchoResult), "async-u32": new(CallsAsyncU32), "async-mixed": new(CallsAsyncMixed),
		"async-joined": new(CallsAsyncJoined), "async-item": new(CallsAsyncItem), "async-spilled": new(CallsAsyncSpilled),
		"async-texts": new(CallsAsyncTexts),
	}
}

func callsFunc(t testing.TB, name string) *wit.Func {
	t.Helper()
	f := loadWIT(t).Interface(CallsID).Func(name)
	if f == nil {
		t.Fatalf("%s has no function %s", CallsID, name)
	}
	return f
}

// What a guest returns comes back to it as a parameter.
func TestCallRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for name, call := range echoCalls() {
		f := callsFunc(t, name)
		for k := range 80 {
			flat := f.Async && k%2 == 0
			t.Run(fmt.Sprintf("%s/%v", name, flat), func(t *testing.T) {
				e := newEnv()
				e.Rand = rand.New(rand.NewPCG(r.Uint64(), 0))
				v := e.Random(r, f.Result)
				if err := e.Lift(f, call, v, flat); err != nil {
					t.Fatal(err)
				}
				x := reflect.ValueOf(call).Elem()
				x.FieldByName("V").Set(x.FieldByName("Result"))
				got, err := e.Lower(f, call)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, []any{v}) {
					t.Errorf("the guest got %v, not %v", got, v)
				}
				if live := e.Handles().Live(); live != 0 {
					t.Errorf("%d handles are left", live)
				}
			})
		}
	}
}

func TestCallScalars(t *testing.T) {
	f := callsFunc(t, CallsScalarsName)
	c := &CallsScalars{A: true, B: -3, C: 65535, D: -70000, E: 1 << 63, F: 1.5, G: -2.25, H: '☃'}
	e := newEnv()
	got, err := e.Lower(f, c)
	want := []any{true, int64(-3), uint64(65535), int64(-70000), uint64(1 << 63), abitest.Bits(0x3fc00000),
		abitest.Bits(0xc002000000000000), '☃'}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the guest got %v, %v, not %v", got, err, want)
	}
	if err := e.Lift(f, c, uint64(200), false); err != nil || c.Result != 200 {
		t.Errorf("result %d, %v", c.Result, err)
	}
	if CallsScalarsType != wit.Signature(f) {
		t.Errorf("type %s, not %s", CallsScalarsType, wit.Signature(f))
	}
}

func TestCallWithoutParameters(t *testing.T) {
	f := callsFunc(t, CallsNothingName)
	e, c := newEnv(), new(CallsNothing)
	if got, err := e.Lower(f, c); len(got) != 0 || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	if err := e.Lift(f, c, nil, false); err != nil {
		t.Error(err)
	}
}

// Parameters named like the fields of a call get other names.
func TestCallNameClash(t *testing.T) {
	e, c := newEnv(), &CallsClash{ResultArg: 3, ErrArg: 4}
	got, err := e.Lower(callsFunc(t, CallsClashName), c)
	if want := []any{uint64(3), uint64(4)}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

// The error case of a result becomes Err, an error of the Go type.
func TestCallErrors(t *testing.T) {
	ok := func(v any) abitest.Case { return abitest.Case{Index: 0, Value: v} }
	fail := func(v any) abitest.Case { return abitest.Case{Index: 1, Value: v} }
	missing := abitest.Case{Index: 1}
	k := &ticket{7}
	for _, test := range []struct {
		call    abi.Invocation
		name    string
		result  any
		want    any // Result
		wantErr error
	}{
		{new(CallsFailCode), CallsFailCodeName, ok(uint64(9)), uint8(9), nil},
		{new(CallsFailCode), CallsFailCodeName, fail(missing), uint8(0), CodeMissing},
		{new(CallsFailProblem), CallsFailProblemName, ok("fine"), "fine", nil},
		{new(CallsFailProblem), CallsFailProblemName, fail(abitest.Case{Index: 0}), "", ProblemClosed()},
		{new(CallsFailProblem), CallsFailProblemName, fail(abitest.Case{Index: 1, Value: missing}), "", ProblemCode(CodeMissing)},
		{new(CallsFailProblem), CallsFailProblemName, fail(abitest.Case{Index: 2, Value: "why"}), "", ProblemDetail("why")},
		{new(CallsFailFault), CallsFailFaultName, ok(nil), nil, nil},
		{new(CallsFailFault), CallsFailFaultName, fail([]any{missing, "m"}), nil, Fault{CodeMissing, "m"}},
		{new(CallsFailString), CallsFailStringName, fail("s"), nil, abi.Err[string]{Value: "s"}},
		{new(CallsFailTicket), CallsFailTicketName, fail(k), Counter(nil), abi.Err[Ticket]{Value: k}},
		{new(CallsFailOnly), CallsFailOnlyName, ok(nil), nil, nil},
		{new(CallsFailOnly), CallsFailOnlyName, fail(nil), nil, abi.Err[abi.None]{}},
		{new(CallsAsyncFail), CallsAsyncFailName, ok([]any{uint64(1), uint64(2)}), []byte{1, 2}, nil},
		{new(CallsAsyncFail), CallsAsyncFailName, fail(abitest.Case{Index: 2, Value: "late"}), []byte(nil), ProblemDetail("late")},
	} {
		f := callsFunc(t, test.name)
		for _, flat := range []bool{false, f.Async} {
			e, x := newEnv(), reflect.ValueOf(test.call).Elem()
			x.SetZero()
			if err := e.Lift(f, test.call, test.result, flat); err != nil {
				t.Errorf("%s: %v", test.name, err)
				continue
			}
			if r := x.FieldByName("Result"); r.IsValid() && !reflect.DeepEqual(r.Interface(), test.want) {
				t.Errorf("%s: Result %v, not %v", test.name, r, test.want)
			}
			if got := x.FieldByName("Err").Interface(); !reflect.DeepEqual(got, error(test.wantErr)) && (got != nil || test.wantErr != nil) {
				t.Errorf("%s: Err %#v, not %#v", test.name, got, test.wantErr)
			}
		}
	}
}

func TestCallLends(t *testing.T) {
	a, b := &counter{1}, &counter{2}
	e := newEnv()
	got, err := e.Lower(callsFunc(t, CallsLendName), &CallsLend{V: a, More: []Counter{b, a}})
	if want := []any{any(a), []any{b, a}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the guest got %v, %v", got, err)
	}
}

// Streams and futures go to the guest and come from it.
func TestCallSwaps(t *testing.T) {
	f := callsFunc(t, CallsSwapName)
	body := &abitest.Channel{Elems: []any{uint64('h'), uint64('i')}}
	names := &abitest.Channel{Elems: []any{"a", "", "b"}}
	signal := &abitest.Channel{Elems: []any{abitest.Case{Index: 0, Value: &counter{5}}}}
	for _, flat := range []bool{false, true} {
		e, c := newEnv(), new(CallsSwap)
		if err := e.Lift(f, c, []any{body, names, signal}, flat); err != nil {
			t.Fatal(err)
		}
		c.Body, c.Names, c.Signal = c.Result.F0, c.Result.F1, promise(c.Result.F2)
		got, err := e.Lower(f, c)
		if want := []any{body, names, signal}; err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("the guest got %v, %v", got, err)
		}
	}
}

// A guest that cannot allocate is trapped, wherever that happens.
func TestCallOutOfMemory(t *testing.T) {
	f := callsFunc(t, "echo-nested")
	c := &CallsEchoNested{V: Nested{Words: []string{"one", "two"}, Maybe: abi.Some(Mixed{D: "text"})}}
	failed := 0
	for limit := uint32(64); limit < 300; limit++ {
		e := newEnv()
		e.Limit = limit
		if _, err := e.Lower(f, c); err != nil {
			failed++
			if !strings.Contains(err.Error(), "out of memory") {
				t.Fatal(err)
			}
		}
	}
	if failed < 20 {
		t.Errorf("only %d calls failed", failed)
	}
}
