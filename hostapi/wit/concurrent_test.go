package wit_test

import (
	"sync"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// Any number of goroutines read a set at once.
func TestConcurrentReading(t *testing.T) {
	set := mustParse(t, roundTripTexts[0])
	want := set.String()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if set.String() != want {
					t.Error("the text changed")
				}
				if err := wit.Vet(set); err == nil {
					t.Error("the faults of gates are gone")
				}
				for _, f := range set.Root.Interfaces[0].Funcs {
					wit.Signature(f)
				}
				if set.World(set.Root.Worlds[0].ID()) != set.Root.Worlds[0] {
					t.Error("the world is gone")
				}
			}
		})
	}
	wg.Wait()
}
