package io_test

import (
	"io"

	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// pattern returns n bytes that show if some are lost, doubled or moved.
func pattern(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i % 251)
	}
	return p
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// lazyReader returns nothing every other time.
type lazyReader struct {
	r     io.Reader
	awake bool
}

func (r *lazyReader) Read(p []byte) (int, error) {
	if r.awake = !r.awake; r.awake {
		return 0, nil
	}
	return r.r.Read(p)
}

type closeCounter struct {
	io.ReadCloser
	closed int
}

func (c *closeCounter) Close() error {
	c.closed++
	return c.ReadCloser.Close()
}

// foreignInput is an input-stream of somebody else's.
type foreignInput struct{ p2io.InputStream }
