// Witgen makes Go of WIT: interfaces for hosts to implement, and the code that carries values
// between Go and the memory of guests, without reflection.
//
// Usage:
//
//	go run github.com/spinhost/spin/hostapi/witgen -wit DIR[,DIR...] -package ID [options]
//
// It reads the WIT packages in the folders and writes Go files for one of them: one file for
// each interface, NAME_gen.go, and abi_gen.go. A folder holds what one run has made: files of
// an earlier one that are not needed any more are removed. The options are
//
//	-wit DIR,...         folders of WIT packages, each with its deps; DIR/... means DIR and every folder below it
//	-package ID          the WIT package, such as wasi:http@0.3.0
//	-interfaces NAME,... the interfaces that a host implements; by default all but those of -exports; "none" for none
//	-exports NAME,...    the interfaces that guests implement and a host calls
//	-go NAME             the name of the Go package; by default that of the WIT package
//	-o DIR               where the files go; by default the current folder
//	-use ID=PATH,...     where the Go packages are that were generated from other WIT packages or single interfaces
//
// It is meant for go:generate, beside the documentation of the package:
//
//	//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ./wit -package acme:geo@1.0.0
//
// # What comes of WIT
//
// For an interface that a host implements there is a Go interface with a method for each
// function that is no method of a resource, one Go interface for each resource, and a function
// ServeNAME that makes an abi.Interface of an implementation. A function that returns
// result<T, E> becomes a method that returns T and an error. To answer the error case, return
// a value of the Go type of E, which implements error, or abi.Err[E] where E has no name of
// its own; every other error traps the guest.
//
// For a function of an interface that guests implement there is a struct: an abi.Invocation
// with the parameters and the result as fields.
//
// Values that come from a guest are copies and belong to whoever gets them. Handles of
// resources are the Go values that the host gave for them.
//
// # Instructions
//
// A line of its own in the documentation of WIT tells the generator more, and is left out of
// the generated documentation:
//
//	@blocking  on a function that is not async: run the implementation on a goroutine, since it may block
//	@inline    on an async function: run the implementation at once on the instance's driver; it must not block
//	@go Name   on anything: its name in Go
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	c, err := parse(os.Args[1:], os.Stderr)
	if err == flag.ErrHelp {
		os.Exit(2)
	}
	if err == nil {
		err = c.run()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "witgen: %v\n", err)
		os.Exit(1)
	}
}
