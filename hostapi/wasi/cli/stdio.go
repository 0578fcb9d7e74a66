package cli

import (
	"context"
	stdio "io"

	"github.com/spinhost/spin/hostapi/wasi/io"
	p2cli "github.com/spinhost/spin/hostapi/wasi/p2/cli"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// stdin implements the interface stdin of WASI 0.2.
type stdin struct{}

var _ p2cli.Stdin = stdin{}

func (stdin) GetStdin(context.Context) (p2io.InputStream, error) { return io.NewInputStream(nil), nil }

// output implements the interfaces stdout and stderr of WASI 0.2. Every stream that a guest
// asks for writes to the same writer.
type output struct{ w stdio.Writer }

var (
	_ p2cli.Stdout = output{}
	_ p2cli.Stderr = output{}
)

func (o output) GetStdout(context.Context) (p2io.OutputStream, error) {
	return io.NewOutputStream(o.w), nil
}

func (o output) GetStderr(context.Context) (p2io.OutputStream, error) {
	return io.NewOutputStream(o.w), nil
}
