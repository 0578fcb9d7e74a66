package abi_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

func TestTexts(t *testing.T) {
	labels := []string{"read", "write", "sync"}
	for _, test := range []struct{ got, want string }{
		{abi.EnumString(labels, 1), "write"},
		{abi.EnumString(labels, 3), "invalid(3)"},
		{abi.FlagsString(labels, 5), "{read, sync}"},
		{abi.FlagsString(labels, 8), "{}"},
		{abi.CaseString("none", nil), "none"},
		{abi.CaseString("some", 3), "some(3)"},
		{abi.RecordString("point", []string{"x", "y"}, 1, -1), "point{x: 1, y: -1}"},
		{abi.RecordString("empty", nil), "empty{}"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

// Error cases are found at once or in a wrapper; a wait and other errors are none.
func TestAsErr(t *testing.T) {
	fault := abi.Err[string]{Value: "why"}
	for _, test := range []struct {
		err error
		ok  bool
	}{
		{nil, false}, {fault, true}, {fmt.Errorf("while testing: %w", fault), true},
		{abi.Err[int]{Value: 1}, false}, {errors.New("other"), false}, {abi.WaitFor(abi.Any{}), false},
	} {
		e, ok := abi.AsErr[abi.Err[string]](test.err)
		if ok != test.ok || ok && e != fault {
			t.Errorf("AsErr(%v) = %v, %v", test.err, e, ok)
		}
	}
	n := testing.AllocsPerRun(100, func() { abi.AsErr[abi.Err[string]](nil) })
	if n != 0 {
		t.Errorf("no error allocates %v times", n)
	}
}
