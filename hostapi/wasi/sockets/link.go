package sockets

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

// link is the connection of a TCP socket. It is closed when all that holds it has let go: the
// socket, and whatever still sends or receives. It is safe for concurrent use.
type link struct {
	net.Conn
	in      *instance
	release func() // gives the socket back to the quota

	mu      sync.Mutex
	holders int
}

// newLink returns a link with one holder.
func newLink(c net.Conn, in *instance, release func()) *link {
	l := &link{Conn: c, in: in, release: release, holders: 1}
	in.add(l)
	return l
}

func (l *link) hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.holders++
}

// letGo takes back a hold.
func (l *link) letGo() {
	l.mu.Lock()
	l.holders--
	last := l.holders == 0
	l.mu.Unlock()
	if !last {
		return
	}
	l.in.remove(l)
	l.Conn.Close()
	l.release()
}

// send writes p. Connections of users' own may panic.
func (l *link) send(p []byte) (n int, err error) {
	err = guarded(func() error {
		n, err = l.Conn.Write(p)
		return err
	})
	return n, err
}

// guarded calls f, which is code of a user's, and makes an error of a panic.
func guarded(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("host panicked: %v", v)
		}
	}()
	return f()
}

// past is a deadline that has passed.
var past = time.Unix(1, 0)

// end implements ender: nothing is received any more, and what is left is sent in bounded time.
func (l *link) end() {
	_ = l.SetReadDeadline(past)
	l.hurry()
}

// hurry bounds the time for what is left to be sent.
func (l *link) hurry() { _ = l.SetWriteDeadline(time.Now().Add(Linger)) }

// stopReading ends the direction from the peer, with a Read under way.
func (l *link) stopReading() {
	if c, ok := l.Conn.(interface{ CloseRead() error }); ok {
		_ = c.CloseRead()
	}
	_ = l.SetReadDeadline(past)
}

// stopWriting tells the peer that nothing follows.
func (l *link) stopWriting() error {
	c, ok := l.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errUnable
	}
	return c.CloseWrite()
}

// local and remote are the addresses of the ends.
func (l *link) local() netip.AddrPort  { return l.addr(l.LocalAddr()) }
func (l *link) remote() netip.AddrPort { return l.addr(l.RemoteAddr()) }

func (l *link) addr(a net.Addr) netip.AddrPort {
	if t, ok := a.(*net.TCPAddr); ok {
		return addrPortOf(t)
	}
	p, _ := netip.ParseAddrPort(a.String())
	return p
}
