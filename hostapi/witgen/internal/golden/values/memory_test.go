package values

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// A guest that runs out of memory while a result is lowered is trapped, and nothing is
// stored through a view of memory that has moved.
func TestOutOfMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	failed := 0
	for _, i := range imports(t) {
		for room := uint32(0); room < 200; room += 1 + room/8 {
			e := newEnv()
			args := e.Args(i, randomArgs(e, r, i.Func)...)
			e.Limit = uint32(len(e.Bytes())) + room
			_, err := e.CallRaw(i, args)
			if err != nil && !strings.Contains(err.Error(), "out of memory") {
				t.Errorf("%s: %v", name(i), err)
			}
			if err != nil {
				failed++
			}
		}
	}
	if failed < 100 {
		t.Errorf("only %d calls failed", failed)
	}
}

// Lists that a guest returns to a host are charged to a budget, too.
func TestCallBudget(t *testing.T) {
	const n = 40_000
	e := newEnv()
	inner := e.Write(make([]byte, n), 1)
	var outer []uint32
	for range n {
		outer = append(outer, inner, n)
	}
	list := e.Write(words(outer...), 4)
	result := e.Write(words(list, n), 4)
	err := e.LiftRaw(callsFunc(t, CallsEchoTextsName), new(CallsEchoTexts), abi.Flat{{uint64(result)}}, true)
	if err == nil || !strings.Contains(err.Error(), "host memory") {
		t.Errorf("got %v", err)
	}
}
