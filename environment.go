package spin

import (
	"embed"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spinhost/spin/hostapi/wasi"
	"github.com/spinhost/spin/internal/hostwit"
	"github.com/spinhost/spin/manifest/locked"
	"github.com/spinhost/spin/target"
	"github.com/spinhost/spin/trigger"
)

// ownWIT has the WIT of the interfaces that come with spin. What is in a folder hostapi/NAME/wit/NAME
// uses nothing outside of it.
//
//go:embed hostapi/*/wit
var ownWIT embed.FS

// EnvironmentDefinition describes the host that cfg makes, so that others can check their
// components against it before they deploy them: with Config.Targets, or with Spin's own tools. It
// has the kinds of Config.Triggers, and all interfaces of Config.HostAPIs but those that only stand
// in for something. cfg may be nil.
//
// The name becomes that of the definition, such as "acme-host"; pkg is the WIT package of the worlds
// in it, with a version, such as "acme:host@1.0.0". The result has the files by their paths, with
// slashes: NAME.toml and WIT in the folder wit beside it.
//
// Interfaces that do not come with spin need hostapi.Interface.WIT, and triggers that implement
// [trigger.Describer] its WIT: the errors of those that lack it match [target.ErrNoInterface].
func EnvironmentDefinition(cfg *Config, name, pkg string) (map[string][]byte, error) {
	c := withDefaults(cfg)
	var w hostwit.Gathered
	w.AddDirs(ownWIT, "hostapi/*/wit/*")
	h := target.Host{Name: name, Package: pkg}
	for _, i := range c.HostAPIs.Interfaces() {
		if i.Bind == nil || !strings.Contains(i.ID, ":") {
			continue // preview 1 has no WIT
		}
		w.Add(i.WIT, "interface "+i.ID)
		if i.Types != "" {
			var change func(string) string
			if strings.HasSuffix(i.ID, "@"+wasi.November) {
				change = wasi.NovemberWIT
			}
			w.AddRenamed(i.Types, i.ID, change) // the version of another one, with the same types
		}
		h.Imports = append(h.Imports, i.ID)
	}
	for _, kind := range c.Triggers.Kinds() {
		t, _ := c.Triggers.Lookup(kind)
		described := target.HostTrigger{Type: kind, Capabilities: features(t)}
		if d, ok := t.(trigger.Describer); ok {
			w.Add(d.WIT(), "trigger "+kind)
			described.Exports = d.Exports()
		}
		h.Triggers = append(h.Triggers, described)
	}
	if err := errors.Join(w.Err(), lacking(&w, h)); err != nil {
		return nil, err
	}
	h.WIT = w.Set()
	files, err := target.Write(h)
	for name, text := range files {
		files[name] = instruction.ReplaceAll(text, nil)
	}
	return files, err
}

// instruction is a line that is meant for witgen.
var instruction = regexp.MustCompile(`(?m)^ *///? *@(blocking|inline|go .*)\n`)

// withDefaults returns the configuration with the interfaces and triggers that it stands for.
func withDefaults(cfg *Config) Config {
	var c Config
	if cfg != nil {
		c = *cfg
	}
	if len(c.HostAPIs.Interfaces()) == 0 {
		c.HostAPIs = DefaultHostAPIs()
	}
	if len(c.Triggers.Kinds()) == 0 {
		c.Triggers = defaultTriggers(c.Limits)
	}
	return c
}

// features lists what components of a trigger may require of the host.
func features(t trigger.Trigger) []string {
	var list []string
	if d, ok := t.(trigger.Describer); ok {
		list = append(list, d.Features()...)
	}
	if c, ok := t.(trigger.Composer); ok && c.Around(locked.Middleware) != "" {
		list = append(list, locked.Middleware)
	}
	return list
}

// lacking finds interfaces without WIT.
func lacking(w *hostwit.Gathered, h target.Host) error {
	var errs []error
	for _, id := range h.Imports {
		if !w.Has(id) {
			errs = append(errs, fmt.Errorf("%w %q: set WIT of its hostapi.Interface, or take it out of Config.HostAPIs", target.ErrNoInterface, id))
		}
	}
	for _, t := range h.Triggers {
		for _, id := range t.Exports {
			if !w.Has(id) {
				errs = append(errs, fmt.Errorf("%w %q: have WIT of the trigger %q return it", target.ErrNoInterface, id, t.Type))
			}
		}
	}
	return errors.Join(errs...)
}
