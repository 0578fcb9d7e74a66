package preview1_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/wasi/cli"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
)

// FuzzCalls makes calls with whatever arguments, on a memory that has what the input has. Each
// returns an errno of preview 1, or traps. Nothing that waits is called: there is no input, and
// poll_oneoff might be told to sleep.
func FuzzCalls(f *testing.F) {
	f.Add([]byte{0}, []byte("text"))
	for i := range byte(46) {
		f.Add([]byte{i, 3, 16, 4, 0, 0, 64, 32, 8, 8, i, 0, 0, 0, 0, 0, 0, 0, 0, 0}, []byte("\x10\x00\x00\x00\x04\x00\x00\x00dir/file"))
	}
	files := fstest.MapFS{"dir/file": {Data: []byte("content")}}
	f.Fuzz(func(t *testing.T, calls, memory []byte) {
		s := &hostapi.Scope{Environment: []hostapi.EnvVar{{Name: "A", Value: "b"}}}
		filesystem.Provide(s, []filesystem.Mount{{Path: "/", Volume: filesystem.FS(files)}}, 4)
		var locals abi.Locals
		defer locals.Close()
		g := guesttest.New(t, s, preview1.Interfaces())
		g.SetContext(context.WithValue(t.Context(), abi.LocalsKey{}, &locals))
		copy(g.Memory(0), memory)
		names := slices.DeleteFunc(g.Names(), func(n string) bool { return strings.HasSuffix(n, "poll_oneoff") })
		slices.Sort(names)
		for len(calls) > 0 {
			name := names[int(calls[0])%len(names)]
			args := make([]uint64, 9)
			calls = calls[1:]
			for i := range args {
				if len(calls) == 0 {
					break
				}
				args[i] = argument(calls[0])
				calls = calls[1:]
			}
			e, err := g.Call(name, args...)
			var exit *cli.ExitError
			switch {
			case err == nil && e <= 76, errors.Is(err, abi.ErrTrap), errors.As(err, &exit):
			case errors.Is(err, abi.ErrLimit):
			default:
				t.Errorf("%s%v = %d, %v", name, args, e, err)
			}
		}
	})
}

// argument makes a number of a byte: small ones, and those at the borders.
func argument(b byte) uint64 {
	if b < 200 {
		return uint64(b)
	}
	edges := []uint64{1 << 16, 1<<16 - 1, 1<<16 - 8, 1<<32 - 1, 1 << 31, 1<<63 - 1, 1<<64 - 1, 4096, 65000}
	return edges[int(b-200)%len(edges)]
}
