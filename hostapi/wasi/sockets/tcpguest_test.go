package sockets_test

import "github.com/spinhost/spin/hostapi/internal/guesttest"

const (
	streams = "wasi:io/streams@0.2.12#" // of 0.2
	tcpSock = "tcp-socket"
)

// tcp makes a TCP socket.
func (g *guest) tcp(v6 bool) uint64 {
	g.t.Helper()
	name := pick(g, "wasi:sockets/tcp-create-socket@"+g.version+"#create-tcp-socket", "wasi:sockets/types@"+g.version+"#[static]tcp-socket.create")
	p, code := g.result(name, 4, 4, flag(v6))
	if code != "" {
		g.t.Fatal(code)
	}
	s := uint64(g.U32(p))
	g.ends[s] = new(ends)
	return s
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// connect connects a socket, to the end.
func (g *guest) connect(sock uint64, to string) (code string) {
	g.t.Helper()
	if g.v3 {
		return g.do(tcpSock, "connect", with(sock, addr(to))...)
	}
	if code = g.do(tcpSock, "start-connect", with(sock, []uint64{g.network}, addr(to))...); code != "" {
		return code
	}
	g.wait(g.name(tcpSock, "subscribe"), sock)
	p, code := g.result(g.name(tcpSock, "finish-connect"), 4, 4, sock)
	if code == "" {
		e := g.ends[sock]
		e.in, e.out = uint64(g.U32(p)), uint64(g.U32(p+4))
	}
	return code
}

// dial makes a socket that is connected.
func (g *guest) dial(to string) uint64 {
	g.t.Helper()
	s := g.tcp(to[0] == '[')
	if code := g.connect(s, to); code != "" {
		g.t.Fatalf("%s: %s", to, code)
	}
	return s
}

// send sends a text and waits until it is flushed, in 0.3 until it is taken.
func (g *guest) send(sock uint64, text string) (err string) {
	g.t.Helper()
	if g.v3 {
		e := g.sending(sock)
		if _, err := e.writer.Write([]byte(text)); err != nil {
			return "closed"
		}
		return ""
	}
	for len(text) > 0 {
		n := min(len(text), 4096)
		ptr, size := g.Put(text[:n])
		if err := g.stream("output-stream.blocking-write-and-flush", g.ends[sock].out, ptr, size); err != "" {
			return err
		}
		text = text[n:]
		g.Free()
	}
	return ""
}

// sending begins to send, if that has not begun.
func (g *guest) sending(sock uint64) *ends {
	g.t.Helper()
	e := g.ends[sock]
	if e.writer == nil {
		handle, w := g.Stream()
		f, err := g.Call(g.name(tcpSock, "send"), sock, handle)
		g.must(0, err)
		e.writer, e.sent = w, g.Reader(uint32(f))
	}
	return e
}

// stream calls a function of a stream of 0.2 and returns how it failed.
func (g *guest) stream(name string, args ...uint64) string {
	g.t.Helper()
	p := g.must(g.Load("wasi:io/streams@"+g.version+"#[method]"+name, args...))
	switch {
	case g.U8(p) == 0:
		return ""
	case g.U8(p+4) == 1:
		return "closed"
	}
	return "failed"
}

// finish tells the peer that nothing follows, and returns how sending ended.
func (g *guest) finish(sock uint64) string {
	g.t.Helper()
	if !g.v3 {
		return g.do(tcpSock, "shutdown", sock, 1)
	}
	e := g.sending(sock)
	e.writer.Close()
	return g.future(e.sent)
}

// future returns the error case of a future of a result, empty for success.
func (g *guest) future(r *guesttest.Reader) string {
	g.t.Helper()
	p, n := r.Next(1, 20)
	switch {
	case n == 0:
		g.t.Fatal("the future has no value")
	case g.U8(p) == 0:
		return ""
	}
	return codeName3(g.U8(p + 4))
}

// receiving begins to receive, if that has not begun.
func (g *guest) receiving(sock uint64) *ends {
	g.t.Helper()
	e := g.ends[sock]
	if g.v3 && e.reader == nil {
		p := g.must(g.Load(g.name(tcpSock, "receive"), sock))
		e.reader, e.recved = g.Reader(g.U32(p)), g.Reader(g.U32(p+4))
	}
	return e
}

// receive returns what comes next; empty at the end, with how it ended.
func (g *guest) receive(sock uint64) (text, err string) {
	g.t.Helper()
	e := g.receiving(sock)
	if g.v3 {
		p, n := e.reader.Next(1<<16, 1)
		if n == 0 {
			return "", g.future(e.recved)
		}
		return g.at(p, n), ""
	}
	p := g.must(g.Load("wasi:io/streams@"+g.version+"#[method]input-stream.blocking-read", e.in, 1<<16))
	switch {
	case g.U8(p) == 0:
		return g.Text(p + 4), ""
	case g.U8(p+4) == 1:
		return "", ""
	}
	return "", "failed"
}

func (g *guest) at(p, n uint32) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = g.U8(p + uint32(i))
	}
	return string(b)
}

// all receives until the end.
func (g *guest) all(sock uint64) (text, err string) {
	g.t.Helper()
	for {
		more, err := g.receive(sock)
		if more == "" {
			return text, err
		}
		text += more
		g.Free()
	}
}

// hangUp drops a socket with its streams.
func (g *guest) hangUp(sock uint64) {
	g.t.Helper()
	e := g.ends[sock]
	delete(g.ends, sock)
	if e.in != 0 {
		g.must(0, g.Drop(e.in))
		g.must(0, g.Drop(e.out))
	}
	if e.reader != nil {
		e.reader.Drop()
	}
	if e.writer != nil {
		e.writer.Close()
	}
	g.must(0, g.Drop(sock))
}
