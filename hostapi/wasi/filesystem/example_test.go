package filesystem_test

import (
	"fmt"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
)

// Let components that import wasi:filesystem run, without any files.
func ExampleInterfaces() {
	registry := hostapi.NewRegistry(filesystem.Interfaces()...)
	preopens, _ := registry.Lookup("wasi:filesystem/preopens@0.2.12")
	fmt.Println(preopens.Capability)
	// Output: files
}
