package sockets

import "context"

// The snapshots before WASI 0.2 let guests ask whether a socket of IPv6 takes IPv4 too. None does.

// ipv6Only returns what sockets of a family answer.
func (f family) ipv6Only() (bool, error) {
	if f != ipv6 {
		return false, errUnable
	}
	return true, nil
}

// setIPv6Only takes what they have anyway, as long as they are not bound.
func (f family) setIPv6Only(only, bound bool) error {
	switch {
	case f != ipv6 || !only:
		return errUnable
	case bound:
		return errState
	}
	return nil
}

// IPv6Only implements the function ipv6-only.
func (s *tcp2) IPv6Only(context.Context) (bool, error) { return s.family.ipv6Only() }

// SetIPv6Only implements the function set-ipv6-only.
func (s *tcp2) SetIPv6Only(_ context.Context, only bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.family.setIPv6Only(only, s.state != unconnected)
}

// IPv6Only implements the function ipv6-only.
func (s *udp2) IPv6Only(context.Context) (bool, error) { return s.family.ipv6Only() }

// SetIPv6Only implements the function set-ipv6-only.
func (s *udp2) SetIPv6Only(_ context.Context, only bool) error {
	return s.family.setIPv6Only(only, s.bound())
}
