package values

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/hostapi/witgen/internal/abitest"
)

// The bad types return what no host may return.
type (
	badCompounds struct{ echoCompounds }
	badHandles   struct{ echoHandles }
	badChannels  struct{ echoChannels }
	badErrors    struct{ echoErrors }
)

func (badCompounds) EchoSmall(context.Context, Small) (Small, error) { return 3, nil }
func (badCompounds) EchoLarges(context.Context, []Large) ([]Large, error) {
	return []Large{0, 257}, nil
}
func (badCompounds) EchoJoined(context.Context, Joined) (Joined, error) { return Joined{Case: 9}, nil }
func (badCompounds) EchoFew(context.Context, Few) (Few, error)          { return 0xff, nil }
func (badCompounds) EchoText(context.Context, Text) (Text, error)       { return "a\xffb", nil }
func (badCompounds) EchoChars(context.Context, []rune) ([]rune, error) {
	return []rune{0xd800, -1, 'x'}, nil
}

var errHost = errors.New("host is out of order")

func (badCompounds) EchoBytes(context.Context, []byte) ([]byte, error)   { return []byte{1}, errHost }
func (badCompounds) AsyncString(context.Context, string) (string, error) { return "", errHost }
func (badCompounds) AsyncPlain(_ context.Context, v Plain) (Plain, error) {
	return v, abi.WaitFor(abi.Any{})
}
func (badErrors) FailCode(context.Context, abi.Result[uint8, Code]) (uint8, error) {
	return 0, ProblemClosed() // of another type
}
func (badErrors) FailOnly(context.Context, abi.Result[abi.None, abi.None]) error { return errHost }

func (badHandles) EchoOwn(context.Context, Counter) (Counter, error) { return nil, nil }
func (badHandles) EchoItem(context.Context, Item) (Item, error)      { return ItemLock(nil), nil }
func (badHandles) EchoResult(context.Context, abi.Result[Counter, Lock]) (abi.Result[Counter, Lock], error) {
	return abi.Result[Counter, Lock]{IsErr: true}, nil
}

func (*badChannels) EchoFuture(context.Context, *abi.Future[string]) (*abi.Promise[string], error) {
	return nil, nil
}

// serveFunc finds a function of an interface.
func serveFunc(t testing.TB, set *wit.Set, i *abi.Interface, name string) abitest.Import {
	t.Helper()
	for _, f := range i.Funcs {
		if f.Name == name {
			return abitest.Import{Func: set.Interface(i.ID).Func(name), Serve: f.Serve}
		}
	}
	t.Fatalf("%s has no function %s", i.ID, name)
	return abitest.Import{}
}

// A host that returns what the WIT does not allow traps the guest, and never breaks a rule
// of the Canonical ABI towards it.
func TestBadHosts(t *testing.T) {
	set := loadWIT(t)
	compounds, handles, channels := ServeCompounds(badCompounds{}), ServeHandles(badHandles{}), ServeChannels(&badChannels{})
	faults := ServeErrors(badErrors{})
	none := abitest.Case{}
	for _, test := range []struct {
		iface *abi.Interface
		name  string
		arg   any
		want  string
		is    error
	}{
		{compounds, "echo-small", none, "invalid variant case 3 of 3", abi.ErrTrap},
		{compounds, "echo-larges", []any{}, "invalid variant case 257 of 257", abi.ErrTrap},
		{compounds, "echo-joined", none, "invalid variant case 9 of 9", abi.ErrTrap},
		{compounds, "echo-bytes", []any{}, "out of order", errHost},
		{compounds, "async-string", "", "out of order", errHost},
		{compounds, "async-plain", none, "cannot wait for a pollable", abi.ErrTrap},
		{faults, "fail-code", abitest.Case{Index: 1, Value: none}, "closed", ProblemClosed()},
		{faults, "fail-only", none, "out of order", errHost},
		{handles, "echo-own", &counter{}, "host gave <nil> where a " + counterID + " is needed", abi.ErrTrap},
		{handles, "echo-item", none, "host gave <nil> where a " + lockID + " is needed", abi.ErrTrap},
		{handles, "echo-result", []any{abitest.Case{Value: &counter{}}}, "host gave <nil>", abi.ErrTrap},
		{channels, "echo-future", &abitest.Channel{Elems: []any{""}}, "host gave no promise", abi.ErrTrap},
	} {
		_, _, err := newEnv().Call(serveFunc(t, set, test.iface, test.name), test.arg)
		if err == nil || !strings.Contains(err.Error(), test.want) || !errors.Is(err, test.is) {
			t.Errorf("%s: %v, not %q", test.name, err, test.want)
		}
	}
}

// Values that have a nearest right one become that.
func TestUntidyHosts(t *testing.T) {
	set, compounds := loadWIT(t), ServeCompounds(badCompounds{})
	for _, test := range []struct {
		name      string
		arg, want any
	}{
		{"echo-few", uint64(0), uint64(7)},
		{"echo-text", "", "a\ufffdb"},
		{"echo-chars", []any{}, []any{'\ufffd', '\ufffd', 'x'}},
	} {
		got, _, err := newEnv().Call(serveFunc(t, set, compounds, test.name), test.arg)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %v, %v, not %v", test.name, got, err, test.want)
		}
	}
}

// A function that is not async can wait, and is called again.
func TestWaiting(t *testing.T) {
	h := &waiting{}
	i := serveFunc(t, loadWIT(t), ServeErrors(h), "fail-code")
	e := newEnv()
	args := e.Args(i, abitest.Case{Index: 0, Value: uint64(4)})
	for range 3 {
		_, err := e.CallRaw(i, args)
		if w, ok := err.(*abi.Wait); !ok || !w.On.Ready() {
			t.Fatalf("got %v, not a wait", err)
		}
	}
	h.ready = true
	if _, err := e.CallRaw(i, args); err != nil || h.got != 4 {
		t.Errorf("got %d, %v", h.got, err)
	}
}

type waiting struct {
	echoErrors
	ready bool
	got   uint8
}

func (w *waiting) Ready() bool           { return true }
func (w *waiting) Arm(func()) (_ func()) { return nil }

func (w *waiting) FailCode(_ context.Context, v abi.Result[uint8, Code]) (uint8, error) {
	if !w.ready {
		return 0, abi.WaitFor(w)
	}
	w.got = v.Value
	return v.Value, nil
}
