package spinapi_test

import (
	"fmt"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/spinapi"
)

func ExampleInterfaces() {
	registry := hostapi.NewRegistry(spinapi.Interfaces()...)
	kv, ok := registry.Lookup("spin:key-value/key-value@3.0.0")
	fmt.Println(ok, kv.Capability)
	// Output: true key_value_stores
}
