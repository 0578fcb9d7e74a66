package cli

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	p2cli "github.com/spinhost/spin/hostapi/wasi/p2/cli"
	p3cli "github.com/spinhost/spin/hostapi/wasi/p3/cli"
)

// noTerminal implements terminal-stdin, terminal-stdout and terminal-stderr of both WASI
// versions, whose terminals are In and Out: there are none.
type noTerminal[In, Out any] struct{}

var (
	_ p2cli.TerminalStdin  = p2Terminal{}
	_ p2cli.TerminalStdout = p2Terminal{}
	_ p2cli.TerminalStderr = p2Terminal{}
	_ p3cli.TerminalStdin  = p3Terminal{}
	_ p3cli.TerminalStdout = p3Terminal{}
	_ p3cli.TerminalStderr = p3Terminal{}
)

type (
	p2Terminal = noTerminal[p2cli.TerminalInput, p2cli.TerminalOutput]
	p3Terminal = noTerminal[p3cli.TerminalInput, p3cli.TerminalOutput]
)

func (noTerminal[In, Out]) GetTerminalStdin(context.Context) (t abi.Option[In], err error) {
	return
}

func (noTerminal[In, Out]) GetTerminalStdout(context.Context) (t abi.Option[Out], err error) {
	return
}

func (noTerminal[In, Out]) GetTerminalStderr(context.Context) (t abi.Option[Out], err error) {
	return
}
