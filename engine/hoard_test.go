package engine_test

import (
	"errors"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/leaktest"
)

func hoardProgram(t *testing.T, file string) *engine.Program {
	t.Helper()
	return linked(t, engine.NewLinker(), newRuntime(t), decode(t, wasmFile(t, "wast", file)))
}

// However many memories a component instance has, and though it lets all of them grow before
// anybody can look, it never takes more than twice the budget; then it is ended.
func TestMemoriesThatGrowUnseen(t *testing.T) {
	leaktest.Check(t)
	p := hoardProgram(t, "hoard.0.wasm")
	const limit = 24 * page
	for _, pages := range []uint32{1, 2, 3, 4, 10, 23} {
		i := instance(t, p, engine.InstanceConfig{Memory: limit, Meter: true})
		could, err := call(t, i, "grow", pages)
		peak := i.Usage().PeakMemory
		if peak > 2*limit {
			t.Errorf("%d pages: %v could grow, %d bytes were taken", pages, could, peak)
		}
		if peak > limit {
			<-i.Ended()
		}
		if errors.Is(i.Err(), engine.ErrLimit) != (peak > limit) {
			t.Errorf("%d pages, %d bytes taken: %v, then %v", pages, peak, err, i.Err())
		}
	}
	i := instance(t, p, engine.InstanceConfig{Memory: limit})
	mustCall(t, i, int32(1), "grow-one", uint32(4))
}

// The budget holds while a component begins, also for memories that nobody outside can name.
func TestMemoriesThatGrowInStartFunctions(t *testing.T) {
	leaktest.Check(t)
	const limit = 30 * page
	for file, atMost := range map[string]uint32{"hoard.1.wasm": 30, "hoard.2.wasm": 60} {
		p := hoardProgram(t, file)
		i, err := p.Instantiate(t.Context(), engine.InstanceConfig{Memory: limit, Meter: true})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		var sum uint32
		for _, name := range []string{"a", "b", "c", "d"} {
			pages, err := call(t, i, name)
			if err != nil {
				t.Fatal(err)
			}
			sum += pages.(uint32)
		}
		if sum > atMost {
			t.Errorf("%s: %d pages were taken", file, sum)
		}
		closeInstance(t, i)
	}
}
