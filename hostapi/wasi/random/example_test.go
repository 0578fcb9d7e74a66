package random_test

import (
	"fmt"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/random"
)

// Give components random numbers and nothing else.
func ExampleInterfaces() {
	registry := hostapi.NewRegistry(random.Interfaces()...)
	_, ok := registry.Lookup("wasi:random/random@0.3.0")
	fmt.Println(ok)
	// Output: true
}
