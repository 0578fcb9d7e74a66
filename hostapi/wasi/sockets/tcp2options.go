package sockets

import "context"

// KeepAliveEnabled implements the function keep-alive-enabled.
func (s *tcp2) KeepAliveEnabled(context.Context) (bool, error) { return s.keepAliveEnabled() }

// SetKeepAliveEnabled implements the function set-keep-alive-enabled.
func (s *tcp2) SetKeepAliveEnabled(_ context.Context, on bool) error {
	return s.setKeepAliveEnabled(on)
}

// KeepAliveIdleTime implements the function keep-alive-idle-time.
func (s *tcp2) KeepAliveIdleTime(context.Context) (uint64, error) { return s.idleTime() }

// SetKeepAliveIdleTime implements the function set-keep-alive-idle-time.
func (s *tcp2) SetKeepAliveIdleTime(_ context.Context, ns uint64) error { return s.setIdleTime(ns) }

// KeepAliveInterval implements the function keep-alive-interval.
func (s *tcp2) KeepAliveInterval(context.Context) (uint64, error) { return s.interval() }

// SetKeepAliveInterval implements the function set-keep-alive-interval.
func (s *tcp2) SetKeepAliveInterval(_ context.Context, ns uint64) error { return s.setInterval(ns) }

// KeepAliveCount implements the function keep-alive-count.
func (s *tcp2) KeepAliveCount(context.Context) (uint32, error) { return s.count() }

// SetKeepAliveCount implements the function set-keep-alive-count.
func (s *tcp2) SetKeepAliveCount(_ context.Context, n uint32) error { return s.setCount(n) }

// HopLimit implements the function hop-limit.
func (s *tcp2) HopLimit(context.Context) (uint8, error) { return s.hops() }

// SetHopLimit implements the function set-hop-limit.
func (s *tcp2) SetHopLimit(_ context.Context, n uint8) error { return s.setHops(n) }

// ReceiveBufferSize implements the function receive-buffer-size.
func (s *tcp2) ReceiveBufferSize(context.Context) (uint64, error) { return s.receiveBuffer() }

// SetReceiveBufferSize implements the function set-receive-buffer-size.
func (s *tcp2) SetReceiveBufferSize(_ context.Context, n uint64) error {
	return s.setReceiveBuffer(n)
}

// SendBufferSize implements the function send-buffer-size.
func (s *tcp2) SendBufferSize(context.Context) (uint64, error) { return s.sendBuffer() }

// SetSendBufferSize implements the function set-send-buffer-size.
func (s *tcp2) SetSendBufferSize(_ context.Context, n uint64) error { return s.setSendBuffer(n) }

// SetListenBacklogSize implements the function set-listen-backlog-size.
func (s *tcp2) SetListenBacklogSize(_ context.Context, n uint64) error { return s.backlog(n) }
