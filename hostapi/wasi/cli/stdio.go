package cli

import (
	"context"
	stdio "io"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/io"
	p2cli "github.com/spinhost/spin/hostapi/wasi/p2/cli"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// stdin implements the interface stdin of WASI 0.2.
type stdin struct{}

var _ p2cli.Stdin = stdin{}

func (stdin) GetStdin(ctx context.Context) (p2io.InputStream, error) {
	return io.NewInputStream(commandInput(ctx)), nil
}

// commandInput returns the standard input of the program that makes the call, nil if it has none.
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

// output implements the interfaces stdout and stderr of WASI 0.2. Every stream that a guest
// asks for writes to the same writer.
type output struct{ w stdio.Writer }

var (
	_ p2cli.Stdout = output{}
	_ p2cli.Stderr = output{}
)

func (o output) GetStdout(ctx context.Context) (p2io.OutputStream, error) {
	return io.NewOutputStream(instead(hostapi.CommandOf(ctx).Stdout, o.w)), nil
}

func (o output) GetStderr(ctx context.Context) (p2io.OutputStream, error) {
	return io.NewOutputStream(instead(hostapi.CommandOf(ctx).Stderr, o.w)), nil
}

// instead returns w, or other if there is no w.
func instead(w, other stdio.Writer) stdio.Writer {
	if w == nil {
		return other
	}
	return w
}
