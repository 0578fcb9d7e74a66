package sockets_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// FuzzCalls calls functions in any order and with any arguments, as guests may. Whatever comes of
// it, it is a result or a trap.
func FuzzCalls(f *testing.F) {
	hosts, err := capability.ParseHosts(capability.Owner{}, []capability.Entry{{Text: "tcp://*:*"}, {Text: "udp://0.0.0.0:0"}})
	if err != nil {
		f.Fatal(err)
	}
	o := sockets.Options{
		MaxSockets: 3,
		Lookup: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
		Dial: func(context.Context, string, netip.AddrPort) (net.Conn, error) {
			here, there := net.Pipe()
			there.Close()
			return here, nil
		},
	}
	interfaces := append(sockets.InterfacesWith(o), wasiio.Interfaces()...)
	scope := &hostapi.Scope{Component: "fuzzed", Hosts: hosts}
	names := guesttest.New(f, scope, interfaces).Names()
	// What waits for others would wait for ever.
	names = slices.DeleteFunc(names, func(n string) bool {
		return strings.Contains(n, "block") || strings.HasSuffix(n, "#poll") || strings.Contains(n, "wasi:sockets/types") && strings.HasSuffix(n, "udp-socket.receive")
	})
	slices.Sort(names)
	number := func(name string) byte { return byte(slices.Index(names, name)) }
	const tcp2 = "wasi:sockets/tcp@0.2.12#[method]tcp-socket."
	create, network := number("wasi:sockets/tcp-create-socket@0.2.12#create-tcp-socket"), number("wasi:sockets/instance-network@0.2.12#instance-network")
	f.Add([]byte{network, create, 0, number(tcp2 + "start-connect"), 4, 2, 1, 0, 80, 127, 0, number(tcp2 + "finish-connect"), 1, 2, number(tcp2 + "shutdown"), 2, 2, 2})
	f.Add([]byte{number("wasi:sockets/types@0.3.0#[static]tcp-socket.create"), 1, 0, number("wasi:sockets/types@0.3.0#[method]tcp-socket.connect"), 3, 1, 0, 80, 1})
	f.Add([]byte{number("wasi:sockets/udp-create-socket@0.2.12#create-udp-socket"), 1, 0, number("wasi:sockets/udp@0.2.12#[method]udp-socket.stream"), 2, 1, 0})
	f.Fuzz(func(t *testing.T, script []byte) {
		g := guesttest.New(t, scope, interfaces)
		locals := new(abi.Locals)
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), abi.LocalsKey{}, locals))
		g.SetContext(ctx)
		defer func() {
			cancel()
			g.Close()
			locals.Close()
		}()
		for calls := 0; len(script) > 0 && calls < 50; calls++ {
			name := names[int(script[0])%len(names)]
			n := 0
			if len(script) > 1 {
				n = int(script[1] % 17)
			}
			args := make([]uint64, 16)
			script = script[min(2, len(script)):]
			for i := 0; i < n && len(script) > 0; i++ {
				if args[i] = uint64(script[0]); args[i] == 255 {
					args[i] = 1<<32 - 1
				}
				script = script[1:]
			}
			if _, err := g.Load(name, args...); err != nil {
				if !errors.Is(err, abi.ErrTrap) {
					t.Fatalf("%s: %v", name, err)
				}
				return
			}
		}
	})
}
