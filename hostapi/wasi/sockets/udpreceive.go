package sockets

import (
	"bytes"
	"context"
	"net"
	"sync"
)

var datagrams = sync.Pool{New: func() any { return new([maxDatagram + 1]byte) }}

// take returns up to n datagrams that have arrived, or why no more can be received. It has some
// received if there are none.
func (u *udp) take(n int) ([]datagram, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.takeLocked(n)
}

// takeLocked is take for those that hold the lock.
func (u *udp) takeLocked(n int) ([]datagram, error) {
	u.fill()
	n = min(n, len(u.queue))
	list := u.queue[:n:n]
	u.queue = u.queue[n:]
	for _, d := range list {
		u.size -= len(d.data)
	}
	if n > 0 {
		return list, nil
	}
	err := u.err
	u.err = nil
	return nil, err
}

// Ready implements abi.Pollable.
func (u *udp) Ready() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.fill()
	return len(u.queue) > 0 || u.err != nil || u.dropped
}

// fill drops what did not come from the peer, and starts to receive if nothing is left.
func (u *udp) fill() {
	kept := u.queue[:0]
	for _, d := range u.queue {
		if u.peer.IsValid() && !same(u.peer, d.from) {
			u.size -= len(d.data)
		} else {
			kept = append(kept, d)
		}
	}
	clear(u.queue[len(kept):])
	u.queue = kept
	if len(kept) == 0 && u.conn != nil && !u.reading && u.err == nil && !u.dropped {
		u.reading = true
		go u.read(u.conn)
	}
}

// read receives until the queue is full, on a goroutine.
func (u *udp) read(c *net.UDPConn) {
	buf := datagrams.Get().(*[maxDatagram + 1]byte)
	defer datagrams.Put(buf)
	for more := true; more; {
		n, from, err := c.ReadFromUDPAddrPort(buf[:])
		d := datagram{bytes.Clone(buf[:n]), unmapped(from)}
		u.mu.Lock()
		switch {
		case err != nil:
			u.err = faultOf(err)
		case u.dropped:
		case !u.peer.IsValid() || same(u.peer, d.from):
			u.queue = append(u.queue, d)
			u.size += n
		}
		more = err == nil && !u.dropped && len(u.queue) < maxQueued && u.size < maxQueueSize
		u.reading = more
		u.mu.Unlock()
		u.Wake()
	}
}

// receive waits for a datagram.
func (u *udp) receive(ctx context.Context) (datagram, error) {
	woken := make(chan struct{}, 1)
	disarm := u.Arm(func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	})
	defer disarm()
	for {
		if d, ok, err := u.next(ctx); ok || err != nil {
			return d, err
		}
		select {
		case <-woken:
		case <-ctx.Done():
		}
	}
}

// next returns a datagram that has arrived, if there is one. Who has given up gets none: what
// arrives later is for those that receive then.
func (u *udp) next(ctx context.Context) (d datagram, ok bool, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case u.conn == nil:
		return d, false, errState
	case ctx.Err() != nil:
		return d, false, errAborted
	}
	list, err := u.takeLocked(1)
	switch {
	case len(list) > 0:
		return list[0], true, nil
	case err == nil && u.dropped:
		err = errState
	}
	return d, false, err
}
