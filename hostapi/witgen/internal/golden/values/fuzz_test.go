package values

import (
	"math/rand/v2"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/witgen/internal/abitest"
)

// spoil changes core values and memory as tamper says: the low bits of each pair choose
// what, the byte after it says to what.
func spoil(e *abitest.Env, slots abi.Flat, tamper []byte) {
	mem := e.Bytes()[64:]
	for ; len(tamper) >= 3; tamper = tamper[3:] {
		at, v := int(tamper[0])|int(tamper[1])<<8, tamper[2]
		if at&1 == 0 && len(slots) > 0 {
			slots[at>>4%len(slots)][0] = uint64(v) << (at >> 1 & 7 * 8)
			continue
		}
		if len(mem) > 0 {
			mem[at>>1%len(mem)] = v
		}
	}
}

// tampering makes seeds for fuzz targets.
func tampering(f *testing.F, n int) {
	r := rand.New(rand.NewPCG(8, 8))
	for range n {
		tamper := make([]byte, 3*r.IntN(5))
		for i := range tamper {
			tamper[i] = byte(r.Uint32())
		}
		f.Add(uint16(r.Uint32()), r.Uint64(), tamper)
	}
}

// Whatever a guest passes, the host does not panic.
func FuzzServe(f *testing.F) {
	all := imports(f)
	tampering(f, 3000)
	f.Fuzz(func(t *testing.T, which uint16, seed uint64, tamper []byte) {
		i := all[int(which)%len(all)]
		e, r := newEnv(), rand.New(rand.NewPCG(seed, 0))
		args := e.Args(i, randomArgs(e, r, i.Func)...)
		spoil(e, args.Slots, tamper)
		_, err := e.CallRaw(i, args)
		if len(tamper) < 3 && err != nil && i.Func.WireName() != "[constructor]lock" {
			t.Errorf("%s fails although nothing was spoilt: %v", name(i), err)
		}
	})
}

// Whatever a guest returns, the host does not panic.
func FuzzLift(f *testing.F) {
	calls := echoCalls()
	var names []string
	for _, w := range loadWIT(f).Interface(CallsID).Funcs {
		if calls[w.Name] != nil {
			names = append(names, w.Name)
		}
	}
	set := loadWIT(f)
	tampering(f, 2000)
	f.Fuzz(func(t *testing.T, which uint16, seed uint64, tamper []byte) {
		w := set.Interface(CallsID).Func(names[int(which>>1)%len(names)])
		e, r := newEnv(), rand.New(rand.NewPCG(seed, 0))
		values, spilled := e.Result(w, e.Random(r, w.Result), which&1 == 1 && w.Async)
		spoil(e, values, tamper)
		err := e.LiftRaw(w, calls[w.Name], values, spilled)
		if len(tamper) < 3 && err != nil {
			t.Errorf("%s fails although nothing was spoilt: %v", w.Name, err)
		}
	})
}
