// Package sockets is generated from the WIT of wasi:sockets as the snapshot of WASI of October 2023 has it:
// what hosts implement and what carries the values between them and guests. Types that agree with
// those of WASI 0.2 are those of package github.com/spinhost/spin/hostapi/wasi/p2/sockets.
package sockets

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/october/...,../../wit/p2/... -package wasi:sockets@0.2.0-rc-2023-10-18 -interfaces tcp,tcp-create-socket,udp,udp-create-socket,ip-name-lookup -same wasi:sockets@0.2.12=github.com/spinhost/spin/hostapi/wasi/p2/sockets -use wasi:io@0.2.0-rc-2023-10-18=github.com/spinhost/spin/hostapi/wasi/p2/io,wasi:io@0.2.12=github.com/spinhost/spin/hostapi/wasi/p2/io,wasi:clocks@0.2.0-rc-2023-10-18=github.com/spinhost/spin/hostapi/wasi/p2/clocks,wasi:clocks@0.2.12=github.com/spinhost/spin/hostapi/wasi/p2/clocks
