// Package cli implements wasi:cli 0.2 and 0.3 for components that are not commands: they have
// an environment and can print, but have no arguments, no input and no terminal.
//
// What a guest prints goes to Stdout and Stderr of its hostapi.Scope, on goroutines that run
// only while there is something to write.
package cli
