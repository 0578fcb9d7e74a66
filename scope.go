package spin

import (
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/internal/composition"
)

// scope is what host interfaces find of the component, or of a dependency inside it.
func (c *component) scope(p *composition.Part) *hostapi.Scope {
	a, path := c.a, p.Path()
	printed := a.output.Of(c.m.ID)
	s := &hostapi.Scope{
		App: a.Name(), Component: c.m.ID, Path: path, HTTP: a.httpFor(Origin{a.Name(), c.m.ID, path}), Blocked: a.cfg.BlockNetworks,
		Logger: a.log.With("component", c.m.ID),
		Stdout: printed.Stdout, Stderr: printed.Stderr,
	}
	c.hosts.Provide(s)
	if len(path) > 0 {
		s.Logger = s.Logger.With("dependency", strings.Join(path, "/"))
	}
	a.provide(s, c.m)
	if p.MayUse(capability.Files) {
		filesystem.Provide(s, a.mounts[c.m.ID], a.cfg.Limits.OpenFiles)
	}
	if p.MayUse(capability.Environment) {
		s.Environment = c.environment()
	}
	return s
}

// environment is that of the manifest, and over it that of the configuration, in order.
func (c *component) environment() []hostapi.EnvVar {
	env := map[string]string{}
	maps.Copy(env, c.m.Environment)
	maps.Copy(env, c.a.cfg.Env)
	var list []hostapi.EnvVar
	for _, name := range slices.Sorted(maps.Keys(env)) {
		list = append(list, hostapi.EnvVar{Name: name, Value: env[name]})
	}
	return list
}
