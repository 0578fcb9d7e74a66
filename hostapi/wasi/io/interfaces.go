package io

import (
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// Interfaces returns the interfaces of wasi:io 0.2, and as the snapshot of October 2023 has them.
// WASI 0.3 has streams of its own.
func Interfaces() []hostapi.Interface {
	return append([]hostapi.Interface{
		family.Same(p2io.ServeError()),
		family.Same(p2io.ServePoll(pollInterface{})),
		family.Same(p2io.ServeStreams()),
	}, october()...)
}
