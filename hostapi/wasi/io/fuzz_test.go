package io_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

// FuzzHostileGuest calls the functions in any order with any arguments. Whatever a guest does,
// it gets a result or is ended.
func FuzzHostileGuest(f *testing.F) {
	f.Add([]byte("\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02\x10\x00\x00\x00\x00\x00\x00\x00"))
	for op := range byte(20) {
		seed := bytes.Repeat([]byte{op, 2, 255, 0, 0, 0, 0, 0, 0, 0}, 3)
		f.Add(append(seed, op, 1, 255, 255, 255, 255, 255, 255, 255, 255))
	}
	f.Fuzz(func(t *testing.T, script []byte) {
		g := guesttest.New(t, new(hostapi.Scope), wasiio.Interfaces())
		defer g.Close()
		r, w := wasiio.NewPipe(5000)
		done := make(chan struct{})
		go func() {
			io.Copy(io.Discard, r)
			close(done)
		}()
		g.Add(wasiio.NewInputStreamFrom(wasiio.Bytes(pattern(100_000))), streamsID+"input-stream")
		g.Add(wasiio.NewOutputStreamTo(w), streamsID+"output-stream")
		g.Add(wasiio.NewOutputStream(writerFunc(func(p []byte) (int, error) { return len(p), nil })), streamsID+"output-stream")
		for len(script) >= 10 && g.Live() < 1000 {
			op, handle, arg := script[0], uint64(script[1]%16), binary.LittleEndian.Uint64(script[2:])
			script = script[10:]
			step(g, op, handle, arg)
		}
		w.Close()
		<-done
	})
}

// step makes one call. What it returns is the guest's business.
func step(g *guesttest.Guest, op byte, handle, arg uint64) {
	switch op % 20 {
	case 0:
		g.Load(inputs+"read", handle, arg)
	case 1:
		g.Load(inputs+"blocking-read", handle, arg)
	case 2:
		g.Load(inputs+"skip", handle, arg)
	case 3:
		g.Load(inputs+"blocking-skip", handle, arg)
	case 4:
		g.Call(inputs+"subscribe", handle)
	case 5:
		g.Load(outputs+"check-write", handle)
	case 6:
		g.Load(outputs+"write", handle, arg>>32, arg&0xffffffff)
	case 7:
		g.Load(outputs+"blocking-write-and-flush", handle, arg>>32, arg&0xffffffff)
	case 8:
		g.Load(outputs+"flush", handle)
	case 9:
		g.Load(outputs+"blocking-flush", handle)
	case 10:
		g.Call(outputs+"subscribe", handle)
	case 11:
		g.Load(outputs+"write-zeroes", handle, arg)
	case 12:
		g.Load(outputs+"blocking-write-zeroes-and-flush", handle, arg)
	case 13:
		g.Load(outputs+"splice", handle, arg>>60, arg&0xffffffff)
	case 14:
		g.Load(outputs+"blocking-splice", handle, arg>>60, arg&0xffffffff)
	case 15:
		g.Call(pollID+"[method]pollable.ready", handle)
	case 16:
		g.Call(pollID+"[method]pollable.block", handle)
	case 17:
		list, n := g.PutU32(handle, arg>>56, arg>>48&255)
		g.Load(pollID+"poll", list, arg%(n+1))
	case 18:
		g.Load(errorID+"[method]error.to-debug-string", handle)
	case 19:
		if g.Owns(handle) {
			g.Drop(handle)
		}
	}
}
