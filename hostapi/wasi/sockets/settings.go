package sockets

import (
	"net"
	"syscall"
	"time"
)

// What options have if the guest sets no others. Those of the kernel may differ.
const (
	defaultIdle     = 2 * time.Hour
	defaultInterval = 75 * time.Second
	defaultCount    = 9
	defaultHops     = 64
	defaultBuffer   = 64 << 10
)

// The greatest values of options: greater ones are lowered to them.
const (
	maxIdle   = 32767 * time.Second
	maxCount  = 127
	maxBuffer = 4 << 20
)

// settings are the options of a socket. Package net has no sockets that are not connected, so that
// options are remembered until there is one.
type settings struct {
	keepAlive      bool
	delay          bool          // hold what is written back until there is more
	idle, interval time.Duration // 0 for the default, as in all below
	count          int
	hops           uint8
	receive, send  int
}

// applier sets an option of the socket that there is, if there is one.
type applier func(c net.Conn) error

func (s *settings) setKeepAlive(on bool) (applier, error) {
	s.keepAlive = on
	return s.applyKeepAlive, nil
}

func (s *settings) setNoDelay(on bool) (applier, error) {
	s.delay = !on
	return s.applyDelay, nil
}

// seconds rounds nanoseconds up to what systems can be told.
func seconds(ns uint64) time.Duration {
	if ns >= uint64(maxIdle) {
		return maxIdle
	}
	return (time.Duration(ns) + time.Second - 1).Truncate(time.Second)
}

func (s *settings) setDuration(d *time.Duration, ns uint64) (applier, error) {
	if ns == 0 {
		return nil, errArgument
	}
	*d = seconds(ns)
	return s.applyKeepAlive, nil
}

func (s *settings) setCount(n uint32) (applier, error) {
	if n == 0 {
		return nil, errArgument
	}
	s.count = int(min(n, maxCount))
	return s.applyKeepAlive, nil
}

func (s *settings) setHops(n uint8, f family) (applier, error) {
	if n == 0 {
		return nil, errArgument
	}
	s.hops = n
	return func(c net.Conn) error { return s.applyHops(c, f) }, nil
}

func (s *settings) setBuffer(size *int, n uint64) (applier, error) {
	if n == 0 {
		return nil, errArgument
	}
	*size = int(min(n, maxBuffer))
	return s.applyBuffers, nil
}

// or returns an option, or its default if it was not set.
func or[T comparable](v, standard T) T {
	if v == *new(T) {
		return standard
	}
	return v
}

// apply sets all options of a connection.
func (s *settings) apply(c net.Conn, f family) error {
	for _, set := range []applier{s.applyKeepAlive, s.applyDelay, s.applyBuffers, func(c net.Conn) error { return s.applyHops(c, f) }} {
		if err := set(c); err != nil {
			return err
		}
	}
	return nil
}

func (s *settings) applyKeepAlive(c net.Conn) error {
	k, ok := c.(interface {
		SetKeepAliveConfig(net.KeepAliveConfig) error
	})
	if !ok {
		return nil
	}
	return k.SetKeepAliveConfig(net.KeepAliveConfig{
		Enable: s.keepAlive, Idle: or(s.idle, defaultIdle), Interval: or(s.interval, defaultInterval), Count: or(s.count, defaultCount),
	})
}

func (s *settings) applyDelay(c net.Conn) error {
	if d, ok := c.(interface{ SetNoDelay(bool) error }); ok {
		return d.SetNoDelay(!s.delay)
	}
	return nil
}

func (s *settings) applyBuffers(c net.Conn) error {
	b, ok := c.(interface {
		SetReadBuffer(int) error
		SetWriteBuffer(int) error
	})
	if !ok {
		return nil
	}
	if s.receive > 0 {
		if err := b.SetReadBuffer(s.receive); err != nil {
			return err
		}
	}
	if s.send > 0 {
		return b.SetWriteBuffer(s.send)
	}
	return nil
}

func (s *settings) applyHops(c net.Conn, f family) error {
	raw, ok := c.(syscall.Conn)
	if !ok || s.hops == 0 {
		return nil
	}
	r, err := raw.SyscallConn()
	if err != nil {
		return err
	}
	return s.controlHops(r, f)
}

func (s *settings) controlHops(r syscall.RawConn, f family) error {
	var err error
	if failed := r.Control(func(fd uintptr) { err = setHops(fd, f, int(s.hops)) }); failed != nil {
		return failed
	}
	return err
}

// control returns what sets options that count before a socket is connected or bound.
func (s *settings) control(f family) func(network, address string, r syscall.RawConn) error {
	set := *s
	return func(_, _ string, r syscall.RawConn) error {
		var err error
		failed := r.Control(func(fd uintptr) { err = set.before(fd, f) })
		if failed != nil {
			return failed
		}
		return err
	}
}

func (s *settings) before(fd uintptr, f family) error {
	if s.hops > 0 {
		if err := setHops(fd, f, int(s.hops)); err != nil {
			return err
		}
	}
	return setBuffers(fd, s.receive, s.send)
}
