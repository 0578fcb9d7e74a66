// Package random is generated from the WIT of wasi:random 0.2.12: what hosts implement and what carries
// the values between them and guests.
package random

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/p2/... -package wasi:random@0.2.12
