package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

func trapOf(t *testing.T, wasm []byte) *engine.TrapError {
	t.Helper()
	p := linked(t, engine.NewLinker(), newRuntime(t), decode(t, wasm))
	i := instance(t, p, engine.InstanceConfig{Name: "app"})
	f, err := p.Func("test:trap/api@1.0.0", "login")
	if err != nil {
		t.Fatal(err)
	}
	_, err = i.Call(context.Background(), f)
	var trap, later *engine.TrapError
	if !errors.As(err, &trap) {
		t.Fatalf("got %v", err)
	}
	<-i.Ended()
	if !errors.As(i.Err(), &later) || later.Error() != trap.Error() {
		t.Errorf("the instance says %v", i.Err())
	}
	return trap
}

// A trap says what the host had called, in which component instance it happened, and in which
// line of the source.
func TestTrapSaysWhereInTheSource(t *testing.T) {
	trap := trapOf(t, wasmFile(t, "trap.wasm"))
	if trap.Export != "test:trap/api@1.0.0#login" || trap.Caller != (abi.Caller{Component: "app", Instance: "auth"}) {
		t.Errorf("got %q, %+v", trap.Export, trap.Caller)
	}
	lines := strings.Split(trap.Error(), "\n")
	if want := "guest trapped: unreachable executed (test:trap/api@1.0.0#login of app/auth)"; lines[0] != want {
		t.Errorf("got %q, want %q", lines[0], want)
	}
	for i, want := range []struct {
		frame string
		line  int
	}{{"\tat main!innermost (offset 0x", 11}, {"\tat main!middle (offset 0x", 13}, {"\tat main!check (offset 0x", 15}, {"\tat front!", 24}} {
		file, line, ok := trap.Source(i)
		if !ok || line != want.line || !strings.HasSuffix(file, "trap.wat") {
			t.Errorf("frame %d is at %s:%d, %v", i, file, line, ok)
		}
		if i+1 >= len(lines) || !strings.HasPrefix(lines[i+1], want.frame) || !strings.Contains(lines[i+1], fmt.Sprint("trap.wat:", want.line)) {
			t.Errorf("line %d of %q", i+1, lines)
		}
	}
	for _, n := range []int{-1, len(trap.Frames)} {
		if _, _, ok := trap.Source(n); ok {
			t.Errorf("there is a frame %d", n)
		}
	}
}

// A broken line number table takes nothing from the report but the lines.
func TestTrapWithBrokenDWARF(t *testing.T) {
	whole := wasmFile(t, "trap.wasm")
	at := strings.Index(string(whole), ".debug_line") + len(".debug_line")
	for _, v := range []byte{0x00, 0x80, 0xff} {
		wasm := append([]byte(nil), whole...)
		for i := range 100 {
			wasm[at+i] = v
		}
		trap := trapOf(t, wasm)
		if len(trap.Frames) != 4 {
			t.Fatalf("%#x: got %v", v, trap)
		}
		for i := range trap.Frames { // the last is of another module
			if _, _, ok := trap.Source(i); ok != (i == 3) {
				t.Errorf("%#x: got %v", v, trap)
			}
		}
	}
}

// Names in reports are fit to print, and short, whatever the guest calls itself.
func TestTrapWithHostileNames(t *testing.T) {
	wasm := []byte(strings.Replace(string(wasmFile(t, "trap.wasm")), "\x04auth", "\x04a\x1b/\n", 1))
	trap := trapOf(t, wasm)
	if strings.ContainsAny(trap.Error(), "\x1b") || trap.Caller.Instance != "a\ufffd\ufffd\ufffd" {
		t.Errorf("got %q, %q", trap.Caller.Instance, trap)
	}
}

// The stack of a guest is bounded, and the error says by what.
func TestStackLimit(t *testing.T) {
	rt, err := engine.NewRuntime(engine.Config{Instances: 10, MaxStack: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close(context.Background()) })
	i := instantiate(t, guestProgram(t, rt, newGuestHost()))
	_, err = call(t, i, "recurse", uint32(0))
	var limit *engine.LimitError
	if !errors.As(err, &limit) || limit.Limit != 64<<10 || limit.Raise != "engine.Config.MaxStack" || !errors.Is(err, engine.ErrTrap) || errors.Is(err, engine.ErrTimeout) {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(err.Error(), "65536 bytes of stack; raise engine.Config.MaxStack") {
		t.Error(err)
	}
}
