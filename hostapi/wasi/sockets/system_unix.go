//go:build unix

package sockets

import (
	"net"
	"net/netip"
	"os"
	"syscall"
)

// setHops sets how many routers packets may pass.
func setHops(fd uintptr, f family, n int) error {
	if f == ipv6 {
		return syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IPV6, syscall.IPV6_UNICAST_HOPS, n)
	}
	return syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, syscall.IP_TTL, n)
}

// setBuffers sets the sizes of buffers that are not 0.
func setBuffers(fd uintptr, receive, send int) error {
	if receive > 0 {
		if err := syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, receive); err != nil {
			return err
		}
	}
	if send > 0 {
		return syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_SNDBUF, send)
	}
	return nil
}

// forbidBroadcast takes back what package net allows all UDP sockets.
func forbidBroadcast(fd uintptr) error {
	return syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_BROADCAST, 0)
}

// sendNow sends a datagram, or fails with os.ErrDeadlineExceeded if it would have to wait.
func sendNow(c *net.UDPConn, data []byte, to netip.AddrPort) error {
	r, err := c.SyscallConn()
	if err != nil {
		return err
	}
	failed := r.Write(func(fd uintptr) (done bool) {
		for err = syscall.EINTR; err == syscall.EINTR; {
			err = syscall.Sendto(int(fd), data, 0, sockaddr(to))
		}
		return true // whatever came of it: nobody waits
	})
	switch {
	case failed != nil:
		return failed
	case err == syscall.EAGAIN:
		return os.ErrDeadlineExceeded
	}
	return err
}

func sockaddr(a netip.AddrPort) syscall.Sockaddr {
	if a.Addr().Is4() {
		return &syscall.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
	}
	return &syscall.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16(), ZoneId: scopeOf(a.Addr())}
}
