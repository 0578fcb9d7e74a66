package sockets_test

import (
	"io"
	"net"
	"sync"
	"testing"

	p3 "github.com/spinhost/spin/hostapi/wasi/p3/sockets"
	"github.com/spinhost/spin/internal/skiptest"
)

func codeName3(c uint8) string { return p3.ErrorCodeCase(c).String() }

// serve runs a TCP server that calls f for each connection and closes it then. It returns its
// address.
func serve(t *testing.T, network, address string, f func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		skiptest.Lacking(t, err)
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer c.Close()
				f(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		conns.Wait()
	})
	return l.Addr().String()
}

// echo runs a server that sends back what it gets.
func echo(t *testing.T) string {
	return serve(t, "tcp4", "127.0.0.1:0", func(c net.Conn) { _, _ = io.Copy(c, c) })
}

// port returns the port of an address, after a colon.
func port(address string) string {
	_, p, _ := net.SplitHostPort(address)
	return ":" + p
}

// closedPort returns an address at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// udpServer runs a UDP server that answers each datagram by its text and who has sent it.
func udpServer(t *testing.T, answer func(data, from string) string) string {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1<<16)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			if a := answer(string(buf[:n]), from.String()); a != "" {
				_, _ = c.WriteTo([]byte(a), from)
			}
		}
	}()
	t.Cleanup(func() {
		c.Close()
		<-done
	})
	return c.LocalAddr().String()
}
