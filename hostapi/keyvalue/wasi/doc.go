// Package wasi is generated from the WIT of wasi:keyvalue 0.2.0-draft2: what hosts implement and what
// carries the values between them and guests.
package wasi

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../wit/wasi -package wasi:keyvalue@0.2.0-draft2 -go wasi
