package sockets

import "time"

// The options of TCP sockets, for both versions.

func (t *tcp) keepAliveEnabled() (bool, error) {
	return option(t, func(s *settings) bool { return s.keepAlive })
}

func (t *tcp) setKeepAliveEnabled(on bool) error {
	return t.change(func(s *settings) (applier, error) { return s.setKeepAlive(on) })
}

func (t *tcp) noDelay() (bool, error) {
	return option(t, func(s *settings) bool { return !s.delay })
}

func (t *tcp) setNoDelay(on bool) error {
	return t.change(func(s *settings) (applier, error) { return s.setNoDelay(on) })
}

func (t *tcp) idleTime() (uint64, error) {
	return option(t, func(s *settings) uint64 { return nanoseconds(s.idle, defaultIdle) })
}

func (t *tcp) setIdleTime(ns uint64) error {
	return t.change(func(s *settings) (applier, error) { return s.setDuration(&s.idle, ns) })
}

func (t *tcp) interval() (uint64, error) {
	return option(t, func(s *settings) uint64 { return nanoseconds(s.interval, defaultInterval) })
}

func (t *tcp) setInterval(ns uint64) error {
	return t.change(func(s *settings) (applier, error) { return s.setDuration(&s.interval, ns) })
}

func (t *tcp) count() (uint32, error) {
	return option(t, func(s *settings) uint32 { return uint32(or(s.count, defaultCount)) })
}

func (t *tcp) setCount(n uint32) error {
	return t.change(func(s *settings) (applier, error) { return s.setCount(n) })
}

func (t *tcp) hops() (uint8, error) {
	return option(t, func(s *settings) uint8 { return or(s.hops, defaultHops) })
}

func (t *tcp) setHops(n uint8) error {
	return t.change(func(s *settings) (applier, error) { return s.setHops(n, t.family) })
}

func (t *tcp) receiveBuffer() (uint64, error) {
	return option(t, func(s *settings) uint64 { return uint64(or(s.receive, defaultBuffer)) })
}

func (t *tcp) setReceiveBuffer(n uint64) error {
	return t.change(func(s *settings) (applier, error) { return s.setBuffer(&s.receive, n) })
}

func (t *tcp) sendBuffer() (uint64, error) {
	return option(t, func(s *settings) uint64 { return uint64(or(s.send, defaultBuffer)) })
}

func (t *tcp) setSendBuffer(n uint64) error {
	return t.change(func(s *settings) (applier, error) { return s.setBuffer(&s.send, n) })
}

func nanoseconds(d, standard time.Duration) uint64 { return uint64(or(d, standard)) }
