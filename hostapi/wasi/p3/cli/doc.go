// Package cli is generated from the WIT of wasi:cli 0.3.0: what hosts implement and what carries
// the values between them and guests.
package cli

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/p3/... -package wasi:cli@0.3.0 -exports run
