package sockets

import "context"

// GetKeepAliveEnabled implements the function get-keep-alive-enabled.
func (s *tcp3) GetKeepAliveEnabled(context.Context) (bool, error) { return s.keepAliveEnabled() }

// SetKeepAliveEnabled implements the function set-keep-alive-enabled.
func (s *tcp3) SetKeepAliveEnabled(_ context.Context, on bool) error {
	return s.setKeepAliveEnabled(on)
}

// GetKeepAliveIdleTime implements the function get-keep-alive-idle-time.
func (s *tcp3) GetKeepAliveIdleTime(context.Context) (uint64, error) { return s.idleTime() }

// SetKeepAliveIdleTime implements the function set-keep-alive-idle-time.
func (s *tcp3) SetKeepAliveIdleTime(_ context.Context, ns uint64) error { return s.setIdleTime(ns) }

// GetKeepAliveInterval implements the function get-keep-alive-interval.
func (s *tcp3) GetKeepAliveInterval(context.Context) (uint64, error) { return s.interval() }

// SetKeepAliveInterval implements the function set-keep-alive-interval.
func (s *tcp3) SetKeepAliveInterval(_ context.Context, ns uint64) error { return s.setInterval(ns) }

// GetKeepAliveCount implements the function get-keep-alive-count.
func (s *tcp3) GetKeepAliveCount(context.Context) (uint32, error) { return s.count() }

// SetKeepAliveCount implements the function set-keep-alive-count.
func (s *tcp3) SetKeepAliveCount(_ context.Context, n uint32) error { return s.setCount(n) }

// GetHopLimit implements the function get-hop-limit.
func (s *tcp3) GetHopLimit(context.Context) (uint8, error) { return s.hops() }

// SetHopLimit implements the function set-hop-limit.
func (s *tcp3) SetHopLimit(_ context.Context, n uint8) error { return s.setHops(n) }

// GetReceiveBufferSize implements the function get-receive-buffer-size.
func (s *tcp3) GetReceiveBufferSize(context.Context) (uint64, error) { return s.receiveBuffer() }

// SetReceiveBufferSize implements the function set-receive-buffer-size.
func (s *tcp3) SetReceiveBufferSize(_ context.Context, n uint64) error {
	return s.setReceiveBuffer(n)
}

// GetSendBufferSize implements the function get-send-buffer-size.
func (s *tcp3) GetSendBufferSize(context.Context) (uint64, error) { return s.sendBuffer() }

// SetSendBufferSize implements the function set-send-buffer-size.
func (s *tcp3) SetSendBufferSize(_ context.Context, n uint64) error { return s.setSendBuffer(n) }

// SetListenBacklogSize implements the function set-listen-backlog-size.
func (s *tcp3) SetListenBacklogSize(_ context.Context, n uint64) error { return s.backlog(n) }
