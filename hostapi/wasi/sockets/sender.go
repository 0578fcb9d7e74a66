package sockets

import (
	"io"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

// maxUnsent is how many bytes wait to be sent at most.
const maxUnsent = 64 << 10

// sender is a wasiio.Sink that sends over a connection, on a goroutine that runs only while there
// is something to send and holds the connection meanwhile.
type sender struct {
	wasiio.Waiters
	link *link

	mu      sync.Mutex
	buf     []byte // to be sent next
	spare   []byte // what the goroutine is sending, or an empty buffer
	busy    int    // bytes that the goroutine is sending
	running bool   // there is a goroutine
	down    bool   // nothing follows
	err     error
}

var _ wasiio.Sink = (*sender)(nil)

// Budget implements wasiio.Sink.
func (s *sender) Budget() (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maxUnsent - s.busy - len(s.buf), s.fault()
}

func (s *sender) fault() error {
	if s.err == nil && s.down {
		return io.ErrClosedPipe
	}
	return s.err
}

// Write implements wasiio.Sink.
func (s *sender) Write(p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.fault(); err != nil {
		return err
	}
	s.buf = append(s.buf, p...)
	s.start()
	return nil
}

// start starts the goroutine, if there is none.
func (s *sender) start() {
	if !s.running {
		s.running = true
		s.link.hold()
		go s.drain()
	}
}

// Flush implements wasiio.Sink.
func (s *sender) Flush() (abi.Pollable, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.fault(); !s.running || err != nil {
		return nil, err
	}
	return sent{s}, nil
}

// Close implements wasiio.Sink. What is left is still sent.
func (s *sender) Close() error { return nil }

// Ready implements abi.Pollable.
func (s *sender) Ready() bool {
	n, err := s.Budget()
	return n > 0 || err != nil
}

// shutdown tells the peer that nothing follows what was written.
func (s *sender) shutdown() {
	s.mu.Lock()
	if !s.down {
		s.down = true
		s.start()
	}
	s.mu.Unlock()
	s.Wake()
}

// drain sends what there is, and ends when there is no more.
func (s *sender) drain() {
	defer s.link.letGo()
	s.mu.Lock()
	for len(s.buf) > 0 && s.err == nil {
		s.buf, s.spare = s.spare[:0], s.buf
		s.busy = len(s.spare)
		s.mu.Unlock()
		_, err := s.link.send(s.spare)
		s.mu.Lock()
		s.busy, s.err = 0, err
		if len(s.buf) > 0 {
			s.mu.Unlock()
			s.Wake()
			s.mu.Lock()
		}
	}
	if s.down && s.err == nil {
		_ = s.link.stopWriting()
	}
	s.running = false
	if s.err != nil {
		s.buf, s.spare = nil, nil
	}
	s.mu.Unlock()
	s.Wake()
}

// sent is ready when nothing is left to send.
type sent struct{ *sender }

func (p sent) Ready() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.running
}
