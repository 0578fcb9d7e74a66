// Package clocks is generated from the WIT of wasi:clocks as the snapshot of WASI of October 2023 has it:
// what hosts implement and what carries the values between them and guests. Types that agree with
// those of WASI 0.2 are those of package github.com/spinhost/spin/hostapi/wasi/p2/clocks.
package clocks

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/october/...,../../wit/p2/... -package wasi:clocks@0.2.0-rc-2023-10-18 -interfaces monotonic-clock -same wasi:clocks@0.2.12=github.com/spinhost/spin/hostapi/wasi/p2/clocks -use wasi:io@0.2.0-rc-2023-10-18=github.com/spinhost/spin/hostapi/wasi/p2/io,wasi:io@0.2.12=github.com/spinhost/spin/hostapi/wasi/p2/io
