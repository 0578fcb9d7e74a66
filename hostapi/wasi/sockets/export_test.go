package sockets

import "syscall"

// Conn returns the connection behind a resource.
func Conn(resource any) syscall.Conn {
	switch r := resource.(type) {
	case *tcp2:
		return r.link.Conn.(syscall.Conn)
	case *tcp3:
		return r.link.Conn.(syscall.Conn)
	case octoberTCP:
		return r.link.Conn.(syscall.Conn)
	case *octoberUDP:
		return r.conn
	case *udp2:
		return r.conn
	case udp3:
		return r.conn
	}
	return nil
}
