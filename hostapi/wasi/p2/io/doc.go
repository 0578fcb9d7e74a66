// Package io is generated from the WIT of wasi:io 0.2.12: what hosts implement and what carries
// the values between them and guests.
package io

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/p2/... -package wasi:io@0.2.12
