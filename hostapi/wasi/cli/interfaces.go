package cli

import (
	"io"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	p2cli "github.com/spinhost/spin/hostapi/wasi/p2/cli"
	p3cli "github.com/spinhost/spin/hostapi/wasi/p3/cli"
)

// environmentSet is the capability set of environment variables.
const environmentSet = "environment"

// Interfaces returns the interfaces of wasi:cli 0.2, 0.3, the release candidate of 0.3 and the
// snapshot of October 2023 that guests import. The candidate and the snapshot have no exit-with-code.
func Interfaces() []hostapi.Interface {
	list := append(family.WithCandidate(release()...), family.WithOctober(stable()...)...)
	for i := range list {
		switch list[i].ID {
		case "wasi:cli/exit@" + family.Candidate, "wasi:cli/exit@" + family.October:
			list[i] = family.Changed(list[i], family.Without("exit-with-code"))
		}
	}
	return list
}

// stable returns the interfaces of WASI 0.2.
func stable() []hostapi.Interface {
	return []hostapi.Interface{
		family.Of(p2cli.EnvironmentID, environmentSet, func(s *hostapi.Scope) *abi.Interface {
			return p2cli.ServeEnvironment(newEnvironment(s))
		}),
		family.Same(p2cli.ServeExit(exit{})),
		family.Same(p2cli.ServeStdin(stdin{})),
		family.Of(p2cli.StdoutID, "", func(s *hostapi.Scope) *abi.Interface {
			return p2cli.ServeStdout(&output{writer(s.Stdout)})
		}),
		family.Of(p2cli.StderrID, "", func(s *hostapi.Scope) *abi.Interface {
			return p2cli.ServeStderr(&output{writer(s.Stderr)})
		}),
		family.Same(p2cli.ServeTerminalInput()),
		family.Same(p2cli.ServeTerminalOutput()),
		family.Same(p2cli.ServeTerminalStdin(p2Terminal{})),
		family.Same(p2cli.ServeTerminalStdout(p2Terminal{})),
		family.Same(p2cli.ServeTerminalStderr(p2Terminal{})),
	}
}

// release returns the interfaces of WASI 0.3.
func release() []hostapi.Interface {
	return []hostapi.Interface{
		family.Of(p3cli.EnvironmentID, environmentSet, func(s *hostapi.Scope) *abi.Interface {
			return p3cli.ServeEnvironment(newEnvironment(s))
		}),
		family.Same(p3cli.ServeExit(exit{})),
		family.Same(p3cli.ServeTypes()),
		family.Same(p3cli.ServeStdin(streamInput{})),
		family.Of(p3cli.StdoutID, "", func(s *hostapi.Scope) *abi.Interface {
			return p3cli.ServeStdout(streamOutput{writer(s.Stdout), func(c *hostapi.Command) io.Writer { return c.Stdout }, s.Logger})
		}),
		family.Of(p3cli.StderrID, "", func(s *hostapi.Scope) *abi.Interface {
			return p3cli.ServeStderr(streamOutput{writer(s.Stderr), func(c *hostapi.Command) io.Writer { return c.Stderr }, s.Logger})
		}),
		family.Same(p3cli.ServeTerminalInput()),
		family.Same(p3cli.ServeTerminalOutput()),
		family.Same(p3cli.ServeTerminalStdin(p3Terminal{})),
		family.Same(p3cli.ServeTerminalStdout(p3Terminal{})),
		family.Same(p3cli.ServeTerminalStderr(p3Terminal{})),
	}
}

// writer returns w, or what discards all if there is no w.
func writer(w io.Writer) io.Writer {
	if w == nil {
		return io.Discard
	}
	return w
}
