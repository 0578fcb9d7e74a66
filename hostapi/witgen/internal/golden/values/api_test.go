package values

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/witgen/internal/abitest"
	"github.com/spinhost/spin/hostapi/witgen/internal/golden/base"
)

func TestVariants(t *testing.T) {
	v := JoinedText("hello")
	if s, ok := v.Text(); !ok || s != "hello" || v.Case != JoinedCaseText {
		t.Errorf("payload %q, %v of case %v", s, ok, v.Case)
	}
	if n, ok := v.Int32(); ok || n != 0 {
		t.Errorf("another case has payload %d", n)
	}
	if _, ok := (Joined{}).Int32(); ok || (Joined{}).Case != JoinedCaseNone {
		t.Error("the zero value is not the first case")
	}
	if n, ok := (First{}).Number(); !ok || n != 0 {
		t.Errorf("the payload of the zero value is %d, %v", n, ok)
	}
	if m, ok := JoinedError(Mixed{A: 3}).ErrorValue(); !ok || m.A != 3 {
		t.Errorf("case error has payload %v, %v", m, ok)
	}
	if b, ok := JoinedString([]byte{1}).StringValue(); !ok || len(b) != 1 {
		t.Errorf("case string has payload %v, %v", b, ok)
	}
	if FirstNumber(1) != FirstNumber(1) || FirstNumber(1) == FirstNumber(2) || FirstNone() == FirstNumber(0) {
		t.Error("variants whose payloads can be compared are not equal by value")
	}
	if reflect.TypeFor[Joined]().Comparable() {
		t.Error("a variant with lists can be compared, which would panic")
	}
}

func TestStrings(t *testing.T) {
	for _, test := range []struct {
		v    any
		want string
	}{
		{SmallTwo, "two"},
		{Small(7), "invalid(7)"},
		{LargeC256, "c256"},
		{FewA | FewC, "{a, c}"},
		{Few(0), "{}"},
		{JoinedCaseInt64, "int64"},
		{JoinedInt64(-3), "int64(-3)"},
		{JoinedNone(), "none"},
		{PlainOff(), "off"},
		{base.ShapeDot(base.Point{X: 1, Y: 2}), "dot({1 2})"},
		{ItemCounter(&counter{1}), "counter"},
		{ProblemCode(CodeMissing), "code(missing)"},
	} {
		if got := fmt.Sprint(test.v); got != test.want {
			t.Errorf("%T prints as %q, not %q", test.v, got, test.want)
		}
	}
}

func TestFlags(t *testing.T) {
	v := ManyH00 | ManyH31
	if !v.Has(ManyH31) || v.Has(ManyH01) || v.Has(ManyH00|ManyH01) || !v.Has(0) || v != 1<<31|1 {
		t.Errorf("%v (%#x) has other flags than were set", v, uint32(v))
	}
}

// Types of error cases are errors, which errors.Is and errors.As find when they are wrapped.
func TestErrors(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{CodeDenied, "denied"},
		{ProblemClosed(), "closed"},
		{ProblemDetail("disk is full"), "detail(disk is full)"},
		{Fault{CodeMissing, "no file"}, "fault{code: missing, message: no file}"},
		{base.ProblemOffCanvas(base.Point{X: -1}), "off-canvas({-1 0})"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("%T says %q, not %q", test.err, got, test.want)
		}
		if err := fmt.Errorf("wrapped: %w", test.err); !errors.Is(err, test.err) {
			t.Errorf("%v is not found in its wrapper", test.err)
		}
	}
}

// A host answers the error case with a wrapped error too.
func TestWrappedError(t *testing.T) {
	i := serveFunc(t, loadWIT(t), ServeErrors(wrapping{}), "fail-problem")
	got, _, err := newEnv().Call(i, abitest.Case{Value: ""})
	want := abitest.Case{Index: 1, Value: abitest.Case{Index: 2, Value: "why"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the guest got %v, %v, not %v", got, err, want)
	}
}

type wrapping struct{ echoErrors }

func (wrapping) FailProblem(context.Context, abi.Result[string, Problem]) (string, error) {
	return "ignored", fmt.Errorf("while testing: %w", ProblemDetail("why"))
}

// Resources: constructors, methods and static functions reach the host's values.
func TestResources(t *testing.T) {
	all := imports(t)
	e := newEnv()
	call := func(name string, args ...any) any {
		t.Helper()
		v, _, err := e.Call(find(t, all, "handles."+name), args...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return v
	}
	ok := func(v any) any { return abitest.Case{Index: 0, Value: v} }
	fail := func(v any) any { return abitest.Case{Index: 1, Value: v} }
	five := call("[constructor]counter", uint64(5))
	for _, test := range []struct {
		name string
		args []any
		want any
	}{
		{"[method]counter.value", []any{five}, uint64(5)},
		{"[method]counter.add", []any{five, uint64(2)}, uint64(7)},
		{"[method]counter.add async", []any{five, uint64(1)}, uint64(8)},
		{"[method]counter.plus", []any{five, &counter{4}}, &counter{12}},
		{"[method]counter.absorb", []any{five, &counter{2}}, uint64(10)},
		{"[static]counter.merge", []any{&counter{1}, &counter{2}}, ok(&counter{3})},
		{"[static]counter.merge", []any{&counter{2}, &counter{2}}, fail("equal")},
		{"[constructor]lock", []any{"key"}, ok(&lock{"key"})},
		{"[constructor]lock", []any{""}, fail("no key")},
		{"sum", []any{five, []any{&counter{1}, &counter{2}}, ok(nil)}, uint64(13)},
		{"async-sum async", []any{five, []any{}, fail(&counter{5})}, uint64(15)},
	} {
		if got := call(test.name, test.args...); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s%v = %v, not %v", test.name, test.args, got, test.want)
		}
	}
	if _, _, err := e.Call(find(t, all, "handles.[constructor]lock"), "broken"); !errors.Is(err, errBroken) {
		t.Errorf("the constructor of a broken lock fails with %v", err)
	}
}

// Borrowed handles stay with the guest, and are free again after the call.
func TestBorrowedHandles(t *testing.T) {
	i := find(t, imports(t), "handles.[method]counter.value")
	e := newEnv()
	h := e.Handle(counterID, &counter{3})
	for range 2 {
		flat, err := e.CallRaw(i, abitest.Lowered{Slots: abitest.Slots(uint64(h)), Ret: -1})
		if err != nil || flat[0] != 3 {
			t.Fatalf("got %v, %v", flat, err)
		}
	}
	if x, err := e.Handles().Get(h, abi.KindResource); err != nil || x.Lends != 0 {
		t.Errorf("the handle is %+v, %v", x, err)
	}
}

// Streams and futures inside other types.
func TestChannels(t *testing.T) {
	host := &echoChannels{}
	set, served := loadWIT(t), ServeChannels(host)
	bytes := func(s string) *abitest.Channel {
		c := &abitest.Channel{Elems: []any{}}
		for _, b := range []byte(s) {
			c.Elems = append(c.Elems, uint64(b))
		}
		return c
	}
	e := newEnv()
	if _, _, err := e.Call(serveFunc(t, set, served, "take-part"), []any{"head", bytes("body")}); err != nil {
		t.Fatal(err)
	}
	some := abitest.Case{Index: 1, Value: bytes("tail")}
	soon := &abitest.Channel{Elems: []any{&counter{8}}}
	got, _, err := e.Call(serveFunc(t, set, served, "take-maybe"), some, soon, &counter{9})
	if want := []any{soon, &counter{9}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the guest got %v, %v", got, err)
	}
	for k, want := range []Part{{Name: "head"}, {}} {
		b, err := io.ReadAll(host.parts[k].Body)
		if host.parts[k].Name != want.Name || err != nil || string(b) != []string{"body", "tail"}[k] {
			t.Errorf("the host got %q, %q, %v", host.parts[k].Name, b, err)
		}
	}
	for text, body := range map[string]abitest.Case{"": {}, "abc": {Index: 1, Value: bytes("abc")}} {
		got, _, err := e.Call(serveFunc(t, set, served, "give-maybe"), text)
		if want := []any{body, &abitest.Channel{Elems: []any{text}}}; err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("the guest got %v, %v", got, err)
		}
	}
}
