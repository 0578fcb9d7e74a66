package sockets

// The options of UDP sockets, for both versions.

// change sets an option, also of the bound socket if there is one.
func (u *udp) change(set func(*settings) (applier, error)) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	apply, err := set(&u.set)
	if err != nil || u.conn == nil {
		return err
	}
	return faultOf(apply(u.conn))
}

func (u *udp) hops() uint8 {
	u.mu.Lock()
	defer u.mu.Unlock()
	return or(u.set.hops, defaultHops)
}

func (u *udp) setHops(n uint8) error {
	return u.change(func(s *settings) (applier, error) { return s.setHops(n, u.family) })
}

func (u *udp) receiveBuffer() uint64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	return uint64(or(u.set.receive, defaultBuffer))
}

func (u *udp) setReceiveBuffer(n uint64) error {
	return u.change(func(s *settings) (applier, error) { return s.setBuffer(&s.receive, n) })
}

func (u *udp) sendBuffer() uint64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	return uint64(or(u.set.send, defaultBuffer))
}

func (u *udp) setSendBuffer(n uint64) error {
	return u.change(func(s *settings) (applier, error) { return s.setBuffer(&s.send, n) })
}
