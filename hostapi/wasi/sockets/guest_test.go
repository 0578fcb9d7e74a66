package sockets_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
	p3 "github.com/spinhost/spin/hostapi/wasi/p3/sockets"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
	"github.com/spinhost/spin/internal/leaktest"
)

// logs collects what is logged.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// world is a component with what it may do.
type world struct {
	t     *testing.T
	scope *hostapi.Scope
	log   logs
}

// newWorld makes a component that may reach these hosts. When the test is over no goroutine may be
// left.
func newWorld(t *testing.T, o sockets.Options, hosts ...string) *world {
	t.Helper()
	leaktest.Check(t)
	w := &world{t: t}
	var list []capability.Entry
	for i, h := range hosts {
		list = append(list, capability.Entry{Text: h, Pos: capability.Position{File: "spin.toml", Line: 8, Column: 3 + i}})
	}
	owner := capability.Owner{Component: "shop", Pos: capability.Position{File: "spin.toml", Line: 7, Column: 1}, HasList: len(hosts) > 0}
	allowed, err := capability.ParseHosts(owner, list)
	if err != nil {
		t.Fatal(err)
	}
	w.scope = &hostapi.Scope{App: "test", Component: "shop", Hosts: allowed, Logger: slog.New(slog.NewTextHandler(&w.log, nil))}
	sockets.Provide(w.scope, o)
	return w
}

// logged fails the test if the log lacks a text.
func (w *world) logged(text string) {
	w.t.Helper()
	if got := strings.ReplaceAll(w.log.String(), `\"`, `"`); !strings.Contains(got, text) {
		w.t.Errorf("the log has no %q:\n%s", text, got)
	}
}

// guest is an instance of the component, of one version.
type guest struct {
	*guesttest.Guest
	t       *testing.T
	v3      bool
	version string
	network uint64
	locals  *abi.Locals
	cancel  context.CancelFunc
	ends    map[uint64]*ends // of connections, by socket
}

// ends are the streams of a connection, or of datagrams.
type ends struct {
	in, out      uint64 // 0.2
	reader       *guesttest.Reader
	writer       *guesttest.Writer
	sent, recved *guesttest.Reader // futures
}

// guest starts an instance, which is ended with the test.
func (w *world) guest(version string) *guest {
	w.t.Helper()
	g := &guest{t: w.t, version: version, v3: !strings.HasPrefix(version, "0.2"), ends: map[uint64]*ends{}, locals: new(abi.Locals)}
	g.Guest = guesttest.New(w.t, w.scope, append(sockets.Interfaces(), wasiio.Interfaces()...))
	ctx, cancel := context.WithCancel(context.WithValue(w.t.Context(), abi.LocalsKey{}, g.locals))
	g.SetContext(ctx)
	g.cancel = cancel
	w.t.Cleanup(g.end)
	if !g.v3 {
		n, err := g.Call("wasi:sockets/instance-network@" + version + "#instance-network")
		if err != nil {
			w.t.Fatal(err)
		}
		g.network = n
	}
	return g
}

// end ends the instance.
func (g *guest) end() {
	g.cancel()
	g.Close()
	for _, e := range g.ends {
		if e.reader != nil {
			e.reader.Drop()
		}
		if e.writer != nil {
			e.writer.Abort(context.Canceled)
		}
	}
	g.ends = map[uint64]*ends{}
	g.locals.Close()
}

// both runs a test for guests of both versions and the candidate.
func both(t *testing.T, f func(t *testing.T, version string)) {
	for _, v := range []string{"0.2.12", "0.3.0", "0.3.0-rc-2026-03-15"} {
		t.Run(v, func(t *testing.T) { f(t, v) })
	}
}

// october is the version of the snapshot of October 2023.
const october = "0.2.0-rc-2023-10-18"

// all is both with guests of the snapshot too.
func all(t *testing.T, f func(t *testing.T, version string)) {
	both(t, f)
	t.Run(october, func(t *testing.T) { f(t, october) })
}

// pick returns what is right for the guest's version.
func pick[T any](g *guest, p2, p3 T) T {
	if g.v3 {
		return p3
	}
	return p2
}

// name returns the full name of a function, which is written as in 0.2 and named with get- in 0.3.
func (g *guest) name(resource, function string) string {
	if !g.v3 {
		pkg := strings.TrimSuffix(resource, "-socket")
		if strings.Contains(resource, "datagram") {
			pkg = "udp"
		}
		return "wasi:sockets/" + pkg + "@" + g.version + "#[method]" + resource + "." + function
	}
	return "wasi:sockets/types@" + g.version + "#[method]" + resource + "." + function
}

// must ends the test if the guest was ended.
func (g *guest) must(p uint32, err error) uint32 {
	g.t.Helper()
	if err != nil {
		g.t.Fatalf("the guest was ended: %v", err)
	}
	return p
}

// result calls a function that returns a result whose success lies at the given offset in each
// version; that of an error is that of the success or what it needs itself. It returns the address
// of the success, or the name of the error case.
func (g *guest) result(name string, at2, at3 uint32, args ...uint64) (p uint32, code string) {
	g.t.Helper()
	p = g.must(g.Load(name, args...))
	at := pick(g, at2, max(4, at3))
	if g.U8(p) == 0 {
		return p + at, ""
	}
	if g.v3 {
		return 0, p3.ErrorCodeCase(g.U8(p + at)).String()
	}
	return 0, p2.ErrorCode(g.U8(p + at)).String()
}

// do is result for functions without a success value.
func (g *guest) do(resource, function string, args ...uint64) (code string) {
	g.t.Helper()
	_, code = g.result(g.name(resource, function), 1, 4, args...)
	return code
}

// addr returns an address as arguments.
func addr(text string) []uint64 {
	a := netip.MustParseAddrPort(text)
	args := make([]uint64, 12)
	args[1] = uint64(a.Port())
	if a.Addr().Is4() {
		for i, b := range a.Addr().As4() {
			args[2+i] = uint64(b)
		}
		return args
	}
	args[0] = 1
	b := a.Addr().As16()
	for i := range 8 {
		args[3+i] = uint64(b[2*i])<<8 | uint64(b[2*i+1])
	}
	return args
}

// with puts arguments together.
func with(first uint64, rest ...[]uint64) []uint64 {
	args := []uint64{first}
	for _, r := range rest {
		args = append(args, r...)
	}
	return args
}

// some is the option of an address, or none.
func some(text string) []uint64 {
	if text == "" {
		return make([]uint64, 13)
	}
	return with(1, addr(text))
}

// loadIP loads an address of one family, whose parts have the given offset.
func (g *guest) loadIP(p uint32, v6 bool) netip.Addr {
	if !v6 {
		return netip.AddrFrom4([4]byte{g.U8(p), g.U8(p + 1), g.U8(p + 2), g.U8(p + 3)})
	}
	var b [16]byte
	for i := range uint32(8) {
		b[2*i], b[2*i+1] = g.U8(p+2*i+1), g.U8(p+2*i)
	}
	return netip.AddrFrom16(b)
}

// loadAddr loads an ip-socket-address.
func (g *guest) loadAddr(p uint32) string {
	v6 := g.U8(p) == 1
	at := uint32(6)
	if v6 {
		at = 12
	}
	port := uint16(g.U8(p+4)) | uint16(g.U8(p+5))<<8
	return netip.AddrPortFrom(g.loadIP(p+at, v6), port).String()
}

// address calls a function that returns an address.
func (g *guest) address(resource, which string, sock uint64) (a, code string) {
	g.t.Helper()
	p, code := g.result(g.name(resource, pick(g, "", "get-")+which+"-address"), 4, 4, sock)
	if code != "" {
		return "", code
	}
	return g.loadAddr(p), ""
}

// wait waits for what a function subscribe returns.
func (g *guest) wait(subscribe string, handle uint64) {
	g.t.Helper()
	p, err := g.Call(subscribe, handle)
	g.must(0, err)
	block := "wasi:io/poll@" + g.version + "#[method]pollable.block"
	if g.version == october {
		block = "wasi:io/poll@" + october + "#poll-one"
	}
	_, err = g.Call(block, p)
	g.must(0, err)
	g.must(0, g.Drop(p))
}

// lookup looks a name up.
func (g *guest) lookup(name string) (list []string, code string) {
	g.t.Helper()
	ptr, n := g.Put(name)
	if g.v3 {
		p := g.must(g.Load("wasi:sockets/ip-name-lookup@"+g.version+"#resolve-addresses", ptr, n))
		if g.U8(p) == 1 {
			return nil, p3.LookupErrorCodeCase(g.U8(p + 4)).String()
		}
		first, count := g.U32(p+4), g.U32(p+8)
		for i := range count { // a case, then an address of either family
			at := first + 18*i
			list = append(list, g.loadIP(at+2, g.U8(at) == 1).String())
		}
		return list, ""
	}
	pkg := "wasi:sockets/ip-name-lookup@" + g.version + "#"
	args := []uint64{g.network, ptr, n}
	if g.version == october {
		args = append(args, 0, 0, 0) // any family, only what can be reached
	}
	p, code := g.result(pkg+"resolve-addresses", 4, 4, args...)
	if code != "" {
		return nil, "at once: " + code
	}
	s := uint64(g.U32(p))
	defer func() { g.must(0, g.Drop(s)) }()
	for {
		p, code := g.result(pkg+"[method]resolve-address-stream.resolve-next-address", 2, 0, s)
		switch {
		case code == "would-block":
			g.wait(pkg+"[method]resolve-address-stream.subscribe", s)
		case code != "":
			return list, code
		case g.U8(p) == 0:
			return list, ""
		default:
			list = append(list, g.loadIP(p+4, g.U8(p+2) == 1).String())
		}
	}
}
