package cli

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	p2cli "github.com/spinhost/spin/hostapi/wasi/p2/cli"
	p3cli "github.com/spinhost/spin/hostapi/wasi/p3/cli"
)

// environment implements the interface environment of both WASI versions.
type environment struct {
	vars []abi.Tuple2[string, string]
}

var (
	_ p2cli.Environment = environment{}
	_ p3cli.Environment = environment{}
)

func newEnvironment(s *hostapi.Scope) environment {
	vars := make([]abi.Tuple2[string, string], len(s.Environment))
	for i, v := range s.Environment {
		vars[i] = abi.Tuple2[string, string]{F0: v.Name, F1: v.Value}
	}
	return environment{vars}
}

func (e environment) GetEnvironment(context.Context) ([]abi.Tuple2[string, string], error) {
	return e.vars, nil
}

func (environment) GetArguments(context.Context) ([]string, error) { return nil, nil }

func (environment) InitialCwd(context.Context) (cwd abi.Option[string], err error) { return }

func (environment) GetInitialCwd(context.Context) (cwd abi.Option[string], err error) { return }
