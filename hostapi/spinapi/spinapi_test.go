package spinapi_test

import (
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi/spinapi"
)

func TestInterfacesAreKnownOnceAndInTheirSets(t *testing.T) {
	seen := map[string]bool{}
	for _, i := range spinapi.Interfaces() {
		if seen[i.ID] {
			t.Errorf("%s is there twice", i.ID)
		}
		seen[i.ID] = true
		set, guarded := capability.SetOf(i.ID)
		if i.Capability != set || guarded == capability.Ambient(i.ID) {
			t.Errorf("%s belongs to %q, but is of %q by its name", i.ID, i.Capability, set)
		}
	}
}
