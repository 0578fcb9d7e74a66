//go:build unix

package sockets

import "syscall"

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
