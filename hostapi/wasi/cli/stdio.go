package cli

import (
	"context"
	stdio "io"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/io"
	p2cli "github.com/spinhost/spin/hostapi/wasi/p2/cli"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// Guests may ask for a stream as often as they like, some for each line. So an instance has one source
// and one sink, where its streams take turns: a stream reads on where the one before has come to, and
// what is written comes in order, whether or not it was flushed in between.

// stdin implements stdin of WASI 0.2: it is empty, but for commands that have one.
type stdin struct{}

var _ p2cli.Stdin = stdin{}

// GetStdin implements the function get-stdin.
func (stdin) GetStdin(ctx context.Context) (p2io.InputStream, error) {
	r := commandInput(ctx)
	locals, ok := abi.LocalsOf(ctx)
	if r == nil || !ok { // nothing to share, or no engine
		return io.NewInputStream(r), nil
	}
	in := locals.Get(inputKey{}, func() any { return new(input) }).(*input)
	return io.NewInputStreamFrom(in.source(hostapi.CommandOf(ctx), r)), nil
}

// commandInput returns what the program that is run has as input, nil if that is empty.
func commandInput(ctx context.Context) stdio.ReadCloser {
	switch r := hostapi.CommandOf(ctx).Stdin.(type) {
	case nil:
		return nil
	case stdio.ReadCloser:
		return r
	default:
		return stdio.NopCloser(r)
	}
}

type inputKey struct{}

// input is that of an instance.
type input struct {
	mu    sync.Mutex
	cmd   *hostapi.Command // that it is of
	src   io.Source
	ended bool
}

// source returns the source of a command's input, which is read by r.
func (i *input) source(c *hostapi.Command, r stdio.ReadCloser) io.Source {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.cmd != c {
		i.close()
		i.cmd, i.src = c, io.Reader(r)
	}
	if i.ended {
		i.close()
	}
	return sharedSource{i.src}
}

// Close implements io.Closer: the instance has ended.
func (i *input) Close() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.ended = true
	i.close()
	return nil
}

func (i *input) close() {
	if i.src != nil {
		_ = i.src.Close()
	}
}

// sharedSource stays open when a stream of it is dropped.
type sharedSource struct{ io.Source }

// Close implements io.Source.
func (sharedSource) Close() error { return nil }

// output implements stdout and stderr of WASI 0.2.
type output struct{ w stdio.Writer }

var (
	_ p2cli.Stdout = (*output)(nil)
	_ p2cli.Stderr = (*output)(nil)
)

// GetStdout implements the function get-stdout.
func (o *output) GetStdout(ctx context.Context) (p2io.OutputStream, error) {
	c := hostapi.CommandOf(ctx)
	return o.stream(ctx, c, c.Stdout), nil
}

// GetStderr implements the function get-stderr.
func (o *output) GetStderr(ctx context.Context) (p2io.OutputStream, error) {
	c := hostapi.CommandOf(ctx)
	return o.stream(ctx, c, c.Stderr), nil
}

// stream returns one that writes to w, which is the command's, or, if there is no w, to o.
func (o *output) stream(ctx context.Context, c *hostapi.Command, w stdio.Writer) *io.OutputStream {
	if w == nil {
		c, w = nil, o.w
	}
	locals, ok := abi.LocalsOf(ctx)
	if !ok { // no engine
		return io.NewOutputStream(w)
	}
	p := locals.Get(o, func() any { return new(printer) }).(*printer)
	return io.NewOutputStreamTo(p.sink(c, w))
}

// printer writes what an instance prints to an output.
type printer struct {
	mu  sync.Mutex
	cmd *hostapi.Command // that it is of; nil for the component
	to  io.Sink
}

// sink returns the sink of a command's output, which is written to w.
func (p *printer) sink(c *hostapi.Command, w stdio.Writer) io.Sink {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.to == nil || p.cmd != c || failed(p.to) { // a stream that is new tries again
		p.cmd, p.to = c, io.NewSink(w)
	}
	return sharedSink{p.to}
}

func failed(s io.Sink) bool {
	_, err := s.Budget()
	return err != nil
}

// sharedSink stays open when a stream of it is dropped.
type sharedSink struct{ io.Sink }

// Close implements io.Sink.
func (sharedSink) Close() error { return nil }
