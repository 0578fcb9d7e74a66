// Package clocks is generated from the WIT of wasi:clocks 0.3.0: what hosts implement and what carries
// the values between them and guests.
package clocks

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/p3/... -package wasi:clocks@0.3.0
