// Package cli implements wasi:cli 0.2 and 0.3: components have an environment and can print.
// Those that are run as programs have arguments and an input too, if the context with which
// the host has called them has a hostapi.Command. There is no terminal.
//
// What a guest prints goes to Stdout and Stderr of its hostapi.Scope, or of the Command, on
// goroutines that run only while there is something to write. Streams of 0.2 for the same of them
// take turns in an instance: they read on where others have come to, and write in order.
package cli
