package spinapi_test

import (
	"testing"

	"github.com/spinhost/spin/hostapi/spinapi"
)

// sets are the capability sets of Spin's manifest.
var sets = map[string]bool{
	"": true, "ai_models": true, "allowed_outbound_hosts": true, "key_value_stores": true, "sqlite_databases": true, "variables": true,
}

func TestInterfacesAreKnownOnceAndOfKnownSets(t *testing.T) {
	seen := map[string]bool{}
	for _, i := range spinapi.Interfaces() {
		if seen[i.ID] {
			t.Errorf("%s is there twice", i.ID)
		}
		if seen[i.ID] = true; !sets[i.Capability] {
			t.Errorf("%s belongs to %q, which is no capability set", i.ID, i.Capability)
		}
	}
}
