package sockets_test

import "net/netip"

const (
	udpSock  = "udp-socket"
	incoming = "incoming-datagram-stream"
	outgoing = "outgoing-datagram-stream"
)

// createUDP makes a UDP socket.
func (g *guest) createUDP(v6 bool) (sock uint64, code string) {
	g.t.Helper()
	name := pick(g, "wasi:sockets/udp-create-socket@"+g.version+"#create-udp-socket", "wasi:sockets/types@"+g.version+"#[static]udp-socket.create")
	p, code := g.result(name, 4, 4, flag(v6))
	if code != "" {
		return 0, code
	}
	s := uint64(g.U32(p))
	g.ends[s] = new(ends)
	return s, ""
}

// udp makes a UDP socket.
func (g *guest) udp() uint64 {
	g.t.Helper()
	s, code := g.createUDP(false)
	if code != "" {
		g.t.Fatal(code)
	}
	return s
}

// bind binds a socket, to the end.
func (g *guest) bind(sock uint64, local string) (code string) {
	g.t.Helper()
	if g.v3 {
		return g.do(udpSock, "bind", with(sock, addr(local))...)
	}
	if code = g.do(udpSock, "start-bind", with(sock, []uint64{g.network}, addr(local))...); code == "" {
		g.wait(g.name(udpSock, "subscribe"), sock)
		code = g.do(udpSock, "finish-bind", sock)
	}
	return code
}

// peer gives a socket a peer, and takes it away if it is empty. In 0.2 it also makes the streams.
func (g *guest) peer(sock uint64, peer string) (code string) {
	g.t.Helper()
	if g.v3 {
		if peer == "" {
			return g.do(udpSock, "disconnect", sock)
		}
		return g.do(udpSock, "connect", with(sock, addr(peer))...)
	}
	switch {
	case g.version == october && peer == "":
		return "" // it has all there is
	case g.version == october:
		if code = g.do(udpSock, "start-connect", with(sock, []uint64{g.network}, addr(peer))...); code == "" {
			g.wait(g.name(udpSock, "subscribe"), sock)
			code = g.do(udpSock, "finish-connect", sock)
		}
		return code
	}
	g.dropStreams(sock)
	p, code := g.result(g.name(udpSock, "stream"), 4, 4, with(sock, some(peer))...)
	if code == "" {
		e := g.ends[sock]
		e.in, e.out = uint64(g.U32(p)), uint64(g.U32(p+4))
	}
	return code
}

// open makes a socket that is bound, with streams to and from all.
func (g *guest) open() uint64 {
	g.t.Helper()
	s := g.udp()
	if code := g.bind(s, "0.0.0.0:0"); code != "" {
		g.t.Fatal(code)
	}
	if !g.v3 {
		if code := g.peer(s, ""); code != "" {
			g.t.Fatal(code)
		}
	}
	return s
}

func (g *guest) dropStreams(sock uint64) {
	g.t.Helper()
	e := g.ends[sock]
	if e.in != 0 {
		g.must(0, g.Drop(e.in))
		g.must(0, g.Drop(e.out))
		e.in, e.out = 0, 0
	}
}

// datagram is what a guest sends.
type datagram struct{ data, to string }

// sendTo sends a datagram; to may be empty.
func (g *guest) sendTo(sock uint64, data, to string) (code string) {
	g.t.Helper()
	ptr, n := g.Put(data)
	if g.v3 {
		return g.do(udpSock, "send", with(sock, []uint64{ptr, n}, some(to))...)
	}
	sent, code := g.sendAll(sock, datagram{data, to})
	if code == "" && sent != 1 {
		g.t.Errorf("%d datagrams of 1 were sent", sent)
	}
	return code
}

// sendAll sends datagrams in 0.2 once check-send has allowed some.
func (g *guest) sendAll(sock uint64, list ...datagram) (sent uint64, code string) {
	g.t.Helper()
	if g.version == october {
		p, code := g.result(g.name(udpSock, "send"), 8, 8, with(sock, g.list(list))...)
		if code != "" {
			return 0, code
		}
		return g.U64(p), ""
	}
	out := g.ends[sock].out
	if p, code := g.result(g.name(outgoing, "check-send"), 8, 8, out); code != "" || g.U64(p) == 0 {
		g.t.Fatalf("check-send: %s", code)
	}
	p, code := g.result(g.name(outgoing, "send"), 8, 8, with(out, g.list(list))...)
	if code != "" {
		return 0, code
	}
	return g.U64(p), ""
}

// list puts datagrams into memory.
func (g *guest) list(list []datagram) []uint64 {
	var words []uint64
	for _, d := range list {
		ptr, n := g.Put(d.data)
		words = append(words, ptr, n)
		if g.version != october {
			words = append(words, flag(d.to != ""))
		}
		words = append(words, addrWords(d.to)...)
	}
	ptr, _ := g.PutU32(words...)
	return []uint64{ptr, uint64(len(list))}
}

// addrWords is an ip-socket-address as it lies in memory.
func addrWords(text string) []uint64 {
	words := make([]uint64, 8)
	if text == "" {
		return words
	}
	a := netip.MustParseAddrPort(text)
	port := uint64(a.Port())
	if a.Addr().Is4() {
		b := a.Addr().As4()
		words[1], words[2] = port|uint64(b[0])<<16|uint64(b[1])<<24, uint64(b[2])|uint64(b[3])<<8
		return words
	}
	b := a.Addr().As16()
	words[0], words[1] = 1, port
	for i := range 4 {
		words[3+i] = uint64(b[4*i])<<8 | uint64(b[4*i+1]) | uint64(b[4*i+2])<<24 | uint64(b[4*i+3])<<16
	}
	return words
}

// recv waits for a datagram.
func (g *guest) recv(sock uint64) (data, from, code string) {
	g.t.Helper()
	if g.v3 {
		p, code := g.result(g.name(udpSock, "receive"), 4, 4, sock)
		if code != "" {
			return "", "", code
		}
		return g.Text(p), g.loadAddr(p + 8), ""
	}
	in := g.ends[sock].in
	for g.version == october {
		p, code := g.result(g.name(udpSock, "receive"), 4, 4, sock, 1)
		switch code {
		case "":
			first := g.U32(p)
			return g.Text(first), g.loadAddr(first + 8), ""
		case "would-block":
			g.wait(g.name(udpSock, "subscribe"), sock)
		default:
			return "", "", code
		}
	}
	for {
		p, code := g.result(g.name(incoming, "receive"), 4, 4, in, 1)
		if code != "" {
			return "", "", code
		}
		if first := g.U32(p); g.U32(p+4) > 0 {
			return g.Text(first), g.loadAddr(first + 8), ""
		}
		g.wait(g.name(incoming, "subscribe"), in)
	}
}

// close drops a UDP socket with its streams.
func (g *guest) close(sock uint64) {
	g.t.Helper()
	g.dropStreams(sock)
	delete(g.ends, sock)
	g.must(0, g.Drop(sock))
}
