package wasmtime

import (
	"errors"
	"strings"
	"testing"
)

// Frames are named, counted from the innermost, and without our own root.
func TestTrapFrames(t *testing.T) {
	e := newEngine(t, Config{})
	long := strings.Repeat("x", 5000)
	m := compile(t, e, `(module $"my \1b[31mmodule"
	 (func $inner unreachable) (func $"`+long+`" (call $inner)) (func (call 1))
	 (func $outer (export "f") (call 2)))`)
	s := newStore(t, e, &fake{}, StoreConfig{})
	in, err := s.InstantiateWith(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	x, _ := s.Export(in, m, "f")
	fn, _ := s.AddFunc(x)
	f, err := s.NewFiber()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = finish(f, f.Start(fn, false))
	var trap *TrapError
	if !errors.As(err, &trap) || len(trap.Frames) != 4 {
		t.Fatal(err)
	}
	for i, want := range []string{"inner", strings.Repeat("x", maxFrameName) + "…", "", "outer"} {
		if fr := trap.Frames[i]; fr.Func != want || fr.FuncIndex != uint32(i) || fr.ModuleOffset == 0 {
			t.Error(i, fr)
		}
	}
	msg := err.Error()
	if strings.ContainsAny(msg, "\x1b\n") || !strings.HasPrefix(msg, "guest trapped: unreachable executed in my �[31mmodule: inner, called by ") ||
		!strings.HasSuffix(msg, ", ...") || len(msg) > 1000 {
		t.Errorf("%q", msg)
	}
}

func TestMessages(t *testing.T) {
	for msg, want := range map[string]string{
		"":      "",
		"one\n": "one",
		"one\n\nCaused by:\n    0: two\n    1: three\n":                                            "one: 0: two: 1: three",
		"error while executing at wasm backtrace:\n  0: 0x92 - <unknown>!f\n\nCaused by:\n    why": "why",
		"bell \a and \xff": "bell � and �",
	} {
		if got := firstLines(msg); got != want {
			t.Errorf("%q: %q", msg, got)
		}
	}
	if s := firstLines(strings.Repeat("word ", 10_000)); len(s) > 1010 {
		t.Error(len(s))
	}
	for c := TrapUnknown; c <= TrapException; c++ {
		if c.String() == "" {
			t.Error(c)
		}
	}
	if TrapCode(200).String() != "trap 200" || Outcome(77).String() != "outcome 77" || Idle.String() != "idle" {
		t.Error(TrapCode(200), Outcome(77), Idle)
	}
}
