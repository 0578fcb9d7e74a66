// Package cli is generated from the WIT of wasi:cli 0.2.12: what hosts implement and what carries
// the values between them and guests.
package cli

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/p2/... -package wasi:cli@0.2.12 -exports run -use wasi:io@0.2.12=github.com/spinhost/spin/hostapi/wasi/p2/io
