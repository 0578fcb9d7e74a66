package keyvalue

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	v1 "github.com/spinhost/spin/hostapi/keyvalue/v1"
	v2 "github.com/spinhost/spin/hostapi/keyvalue/v2"
	v3 "github.com/spinhost/spin/hostapi/keyvalue/v3"
	"github.com/spinhost/spin/hostapi/keyvalue/wasi"
)

// Capability is the capability set of all interfaces here, and the key of the manifest that
// grants stores.
const Capability = "key_value_stores"

// Interfaces returns all interfaces of key-value stores. What a component may open is said by
// Provide.
func Interfaces() []hostapi.Interface {
	of := func(id string, serve func(*grant) *abi.Interface) hostapi.Interface {
		return family.Of(id, Capability, func(s *hostapi.Scope) *abi.Interface { return serve(grantOf(s)) })
	}
	return []hostapi.Interface{
		of(v1.KeyValueID, func(g *grant) *abi.Interface { return v1.ServeKeyValue(&api1{g}) }),
		of(v2.KeyValueID, func(g *grant) *abi.Interface { return v2.ServeKeyValue(api2{g}) }),
		of(v3.KeyValueID, func(g *grant) *abi.Interface { return v3.ServeKeyValue(api3{g}) }),
		of(wasi.StoreID, func(g *grant) *abi.Interface { return wasi.ServeStore(wasiAPI{g}) }),
		of(wasi.BatchID, func(g *grant) *abi.Interface { return wasi.ServeBatch(wasiAPI{g}) }),
		of(wasi.AtomicsID, func(g *grant) *abi.Interface { return wasi.ServeAtomics(wasiAPI{g}) }),
	}
}
