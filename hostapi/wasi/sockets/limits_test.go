package sockets_test

import (
	"context"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

func TestSocketsOfAnInstanceAreLimited(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		to := echo(t)
		w := newWorld(t, sockets.Options{MaxSockets: 2}, "*://*:*")
		g := w.guest(version)
		full := pick(g, "new-socket-limit", "other")
		one, two := g.dial(to), g.udp()
		third := g.tcp(false) // does not count before it connects
		if code := g.connect(third, to); code != full {
			t.Errorf("a third socket: %q", code)
		}
		if _, code := g.createUDP(false); code != full {
			t.Errorf("a third socket for datagrams: %q", code)
		}
		w.guest(version).dial(to) // the limit is each instance's own
		g.close(two)
		if code := g.connect(third, to); code != "" {
			t.Errorf("after one was dropped: %q", code)
		}
		g.hangUp(one)
		for eventually(func() bool { s, code := g.createUDP(false); return code == "" && s != 0 }) {
			return
		}
		t.Error("a connection is not given back")
	})
}

// eventually reports whether f holds in a while.
func eventually(f func() bool) bool {
	for range 1000 {
		if f() {
			return true
		}
		time.Sleep(5 * time.Millisecond)
	}
	return false
}

// A connection that fails does not count, whether the guest keeps the socket or not.
func TestFailedConnectionsDoNotCount(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		to := closedPort(t)
		g := newWorld(t, sockets.Options{MaxSockets: 1}, "*://*:*").guest(version)
		for range 3 {
			if code := g.connect(g.tcp(false), to); code != "connection-refused" {
				t.Errorf("got %q", code)
			}
		}
	})
}

// A quota is shared by all who are given it, and given back when a socket is dropped or its
// instance ends.
func TestQuotaOfManyInstances(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		to := echo(t)
		quota := sockets.Quota(2)
		var held atomic.Int32
		acquire := func() (func(), bool) {
			release, ok := quota()
			if !ok {
				return nil, false
			}
			held.Add(1)
			return func() { held.Add(-1); release() }, true
		}
		w := newWorld(t, sockets.Options{Acquire: acquire}, "*://*:*")
		a, b := w.guest(version), w.guest(version)
		a.dial(to)
		a.udp()
		if code := b.connect(b.tcp(false), to); code != pick(b, "new-socket-limit", "other") {
			t.Errorf("got %q", code)
		}
		a.end()
		if !eventually(func() bool { return held.Load() == 0 }) {
			t.Errorf("%d are held after the end", held.Load())
		}
		b.dial(to)
	})
}

// A guest that sends to a peer that never reads is held up, and ends all the same.
func TestPeersThatNeverRead(t *testing.T) {
	release := make(chan struct{})
	to := serve(t, "tcp4", "127.0.0.1:0", func(c net.Conn) { <-release })
	defer close(release)
	g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.2.12")
	s := g.dial(to)
	out := g.ends[s].out
	var total uint64
	for stuck := 0; stuck < 20; {
		p := g.must(g.Load(streams+"[method]output-stream.check-write", out))
		n := g.U64(p + 8)
		if n > 64<<10 {
			t.Fatalf("check-write allows %d bytes", n)
		}
		if n == 0 {
			time.Sleep(5 * time.Millisecond)
			stuck++
			continue
		}
		stuck = 0
		ptr, size := g.Put(strings.Repeat("x", int(n)))
		if err := g.stream("output-stream.write", out, ptr, size); err != "" {
			t.Fatal(err)
		}
		if total += n; total > 64<<20 {
			t.Fatal("nothing holds the guest up")
		}
		g.Free()
	}
	g.end()
}

// The same in 0.3, where the stream is not taken any further.
func TestPeersThatNeverReadAStream(t *testing.T) {
	release := make(chan struct{})
	to := serve(t, "tcp4", "127.0.0.1:0", func(c net.Conn) { <-release })
	defer close(release)
	g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.3.0")
	s := g.dial(to)
	e := g.sending(s)
	writer := e.writer
	e.writer = nil // which is the goroutine's
	var taken atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		chunk := make([]byte, 1<<10)
		for range 64 << 10 {
			if _, err := writer.Write(chunk); err != nil {
				return
			}
			taken.Add(1 << 10)
		}
	}()
	for last := int64(-1); taken.Load() != last; {
		last = taken.Load()
		time.Sleep(100 * time.Millisecond)
	}
	if taken.Load() >= 64<<20 {
		t.Error("nothing holds the guest up")
	}
	writer.Abort(io.ErrUnexpectedEOF)
	g.end()
	<-done
}

// More is received only as the guest takes it.
func TestGuestsThatNeverRead(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		var sent atomic.Int64
		to := serve(t, "tcp4", "127.0.0.1:0", func(c net.Conn) {
			chunk := make([]byte, 64<<10)
			for range 1 << 10 {
				n, err := c.Write(chunk)
				if sent.Add(int64(n)); err != nil {
					return
				}
			}
		})
		g := newWorld(t, sockets.Options{}, "*://*:*").guest(version)
		s := g.dial(to)
		g.receive(s)
		for last := int64(-1); sent.Load() != last; {
			last = sent.Load()
			time.Sleep(50 * time.Millisecond)
		}
		if sent.Load() >= 64<<20 {
			t.Error("nothing holds the server up")
		}
		g.hangUp(s)
	})
}

// Datagrams are received ahead of the guest, but not for ever.
func TestFloodsOfDatagrams(t *testing.T) {
	both(t, func(t *testing.T, version string) {
		g := newWorld(t, sockets.Options{}, "udp://127.0.0.1:*").guest(version)
		s := g.udp()
		g.bind(s, "127.0.0.1:0")
		if !g.v3 {
			g.peer(s, "")
		}
		local, _ := g.address(udpSock, "local", s)
		c, err := net.Dial("udp4", local)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for range 500 {
			_, _ = c.Write(make([]byte, 1000))
		}
		got := 0
		for range 20 {
			data, _, code := g.recv(s)
			if len(data) != 1000 || code != "" {
				t.Fatalf("%d bytes, %q", len(data), code)
			}
			got++
			g.Free()
		}
		if !g.v3 { // however many it asks for
			for range 100 {
				p, code := g.result(g.name(incoming, "receive"), 4, 4, g.ends[s].in, 1<<64-1)
				if n := g.U32(p + 4); code != "" || n > 16 {
					t.Fatalf("%d datagrams, %q", n, code)
				}
				g.Free()
			}
		}
	})
}

// Connections that are not made yet end with the instance.
func TestConnectingEndsWithTheInstance(t *testing.T) {
	both(t, func(t *testing.T, version string) {
		started := make(chan struct{}, 1)
		dial := func(ctx context.Context, _ string, _ netip.AddrPort) (net.Conn, error) {
			started <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		}
		g := newWorld(t, sockets.Options{Dial: dial}, "*://*:*").guest(version)
		s := g.tcp(false)
		if g.v3 {
			go func() {
				<-started
				g.cancel()
			}()
			if code := g.connect(s, "127.0.0.1:1"); code != "connection-aborted" {
				t.Errorf("got %q", code)
			}
			return
		}
		start := with(s, []uint64{g.network}, addr("127.0.0.1:1"))
		if code := g.do(tcpSock, "start-connect", start...); code != "" {
			t.Fatal(code)
		}
		<-started
		if code := g.do(tcpSock, "start-connect", start...); code != "concurrency-conflict" {
			t.Errorf("a second start: %q", code)
		}
		if _, code := g.result(g.name(tcpSock, "finish-connect"), 4, 4, s); code != "would-block" {
			t.Errorf("finish-connect: %q", code)
		}
		for _, which := range []string{"local", "remote"} {
			if _, code := g.address(tcpSock, which, s); code != "concurrency-conflict" {
				t.Errorf("%s address: %q", which, code)
			}
		}
		if code := g.do(tcpSock, "set-hop-limit", s, 1); code != "invalid-state" {
			t.Errorf("set-hop-limit: %q", code)
		}
		if code := g.do(tcpSock, "shutdown", s, 2); code != "concurrency-conflict" {
			t.Errorf("shutdown: %q", code)
		}
		if code := g.do(tcpSock, "start-listen", s); code != "concurrency-conflict" {
			t.Errorf("start-listen: %q", code)
		}
		g.hangUp(s)
	})
}

// A connection that is made when nobody wants it any more is closed.
func TestConnectionsThatComeTooLate(t *testing.T) {
	proceed := make(chan struct{})
	here, there := net.Pipe()
	dial := func(context.Context, string, netip.AddrPort) (net.Conn, error) {
		<-proceed
		return here, nil
	}
	g := newWorld(t, sockets.Options{Dial: dial}, "*://*:*").guest("0.2.12")
	s := g.tcp(false)
	if code := g.do(tcpSock, "start-connect", with(s, []uint64{g.network}, addr("127.0.0.1:1"))...); code != "" {
		t.Fatal(code)
	}
	g.hangUp(s)
	close(proceed)
	if _, err := there.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the peer sees %v", err)
	}
}
