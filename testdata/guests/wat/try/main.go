// Command try makes components that try what a dependency may use: one for each version of each
// interface that belongs to a capability set. They have the texts that wat.go makes of the tables
// beside it.
//
//	go run ./try DIRECTORY
//
// A component exports acme:try/calls@1.0.0#try, which makes one of the calls of its table by its
// number and returns what became of it as a number, 0 for success and else 1 and the number of the
// error's case, and the text that is in the error. Of lists it is the length, of options 1 if there
// is a value. What traps, traps.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: try DIRECTORY")
		os.Exit(2)
	}
	for _, a := range slices.Concat(localAPIs(), dataAPIs(), socketAPIs(), httpAPIs(), gapAPIs()) {
		if err := os.WriteFile(filepath.Join(os.Args[1], a.file()+".wat"), []byte(a.wat()), 0o666); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
