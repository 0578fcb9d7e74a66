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
	scope []hostapi.EnvVar
	vars  []abi.Tuple2[string, string] // of scope
}

var (
	_ p2cli.Environment = environment{}
	_ p3cli.Environment = environment{}
)

func newEnvironment(s *hostapi.Scope) environment {
	return environment{s.Environment, tuples(s.Environment)}
}

func tuples(vars []hostapi.EnvVar) []abi.Tuple2[string, string] {
	list := make([]abi.Tuple2[string, string], len(vars))
	for i, v := range vars {
		list[i] = abi.Tuple2[string, string]{F0: v.Name, F1: v.Value}
	}
	return list
}

func (e environment) GetEnvironment(ctx context.Context) ([]abi.Tuple2[string, string], error) {
	if c := hostapi.CommandOf(ctx); len(c.Env) > 0 {
		return tuples(c.Environ(e.scope)), nil
	}
	return e.vars, nil
}

func (environment) GetArguments(ctx context.Context) ([]string, error) {
	return hostapi.CommandOf(ctx).Args, nil
}

func (environment) InitialCwd(context.Context) (cwd abi.Option[string], err error) { return }

func (environment) GetInitialCwd(context.Context) (cwd abi.Option[string], err error) { return }
