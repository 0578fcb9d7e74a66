package abi_test

import (
	"context"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

type closer struct{ closed int }

func (c *closer) Close() error { c.closed++; return nil }

func TestLocals(t *testing.T) {
	type key string
	l := new(abi.Locals)
	ctx := context.WithValue(t.Context(), abi.LocalsKey{}, l)
	if got, ok := abi.LocalsOf(ctx); got != l || !ok {
		t.Fatal("the context does not have the locals")
	}
	if _, ok := abi.LocalsOf(t.Context()); ok {
		t.Error("a context that no guest has called with has locals")
	}
	a, made := &closer{}, 0
	get := func(k key, v any) any { return l.Get(k, func() any { made++; return v }) }
	if get("a", a) != a || get("a", "other") != a || get("b", 1) != 1 || made != 2 {
		t.Error("a value is made more than once, or for another key")
	}
	if l.Lookup(key("a")) != a || l.Lookup(key("c")) != nil || l.Lookup("a") != nil {
		t.Error("a value is found under another key, or not under its own")
	}
	l.Close()
	l.Close()
	late := &closer{}
	if get("a", late) != late || a.closed != 1 || late.closed != 1 {
		t.Errorf("closed %d times, and %d times what came too late", a.closed, late.closed)
	}
}
