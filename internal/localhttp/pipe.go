package localhttp

import (
	"io"
	"net/http"
	"sync"
)

// bufferSize is how many bytes of a response wait for the client, so that a handler with a small
// one need not.
const bufferSize = 64 << 10

// pipe is the body of a response between the handler that writes and the client that reads.
type pipe struct {
	left  func() // called when the client closes the body
	ended func() // called before a reader learns of the regular end

	mu   sync.Mutex
	cond sync.Cond
	buf  []byte // written; kept when it was read, for what comes next
	read int    // how much of it was
	werr error  // why nothing more is written; io.EOF at the regular end
	rerr error  // why nothing more is read
}

func newPipe() *pipe {
	p := &pipe{}
	p.cond.L = &p.mu
	return p
}

// Write waits until there is room for all of b.
func (p *pipe) Write(b []byte) (n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		for len(p.buf)-p.read >= bufferSize && p.rerr == nil && p.werr == nil {
			p.cond.Wait()
		}
		switch {
		case p.rerr != nil:
			return n, ErrLeft
		case p.werr != nil:
			return n, io.ErrClosedPipe
		case len(b) == 0:
			return n, nil
		}
		k := min(len(b), bufferSize-(len(p.buf)-p.read))
		if p.read > 0 && len(p.buf)+k > bufferSize {
			p.buf, p.read = p.buf[:copy(p.buf, p.buf[p.read:])], 0
		}
		p.buf = append(p.buf, b[:k]...)
		b = b[k:]
		n += k
		p.cond.Broadcast()
	}
}

func (p *pipe) writeErr() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rerr != nil {
		return ErrLeft
	}
	return nil
}

// Read implements io.Reader. What was written before an error is read first.
func (p *pipe) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.read == len(p.buf) && p.werr == nil && p.rerr == nil {
		if len(b) == 0 {
			return 0, nil
		}
		p.cond.Wait()
	}
	switch {
	case p.rerr != nil:
		return 0, p.rerr
	case p.read == len(p.buf):
		if p.werr == io.EOF {
			p.ended()
		}
		return 0, p.werr
	}
	n := copy(b, p.buf[p.read:])
	if p.read += n; p.read == len(p.buf) {
		p.buf, p.read = p.buf[:0], 0
	}
	p.cond.Broadcast()
	return n, nil
}

// Close implements io.Closer: the client wants no more.
func (p *pipe) Close() error {
	p.closeRead(http.ErrBodyReadAfterClose)
	p.left()
	return nil
}

// closeRead ends reading, and with it writing.
func (p *pipe) closeRead(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rerr == nil {
		p.rerr, p.buf, p.read = err, nil, 0
	}
	p.cond.Broadcast()
}

// closeWrite ends writing, regularly if err is nil.
func (p *pipe) closeWrite(err error) {
	if err == nil {
		err = io.EOF
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.werr == nil {
		p.werr = err
	}
	p.cond.Broadcast()
}
