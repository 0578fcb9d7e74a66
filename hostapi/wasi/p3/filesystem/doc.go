// Package filesystem is generated from the WIT of wasi:filesystem 0.3.0: what hosts implement and what carries
// the values between them and guests.
package filesystem

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/p3/... -package wasi:filesystem@0.3.0 -use wasi:clocks@0.3.0=github.com/spinhost/spin/hostapi/wasi/p3/clocks
