package wasi_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// bindAll binds all interfaces that are not stand-ins.
func bindAll(t *testing.T) map[string]*abi.Interface {
	bound := map[string]*abi.Interface{}
	for _, i := range wasi.Interfaces() {
		if i.Bind == nil {
			continue
		}
		b, err := i.Bind(new(hostapi.Scope))
		if err != nil {
			t.Fatalf("%s: %v", i.ID, err)
		}
		if b.ID != i.ID {
			t.Errorf("%s is bound to %s", i.ID, b.ID)
		}
		bound[i.ID] = b
	}
	return bound
}

func TestInterfacesAreKnownOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, i := range wasi.Interfaces() {
		if seen[i.ID] {
			t.Errorf("%s is there twice", i.ID)
		}
		seen[i.ID] = true
	}
}

// Guests get one type for each resource, found by the name that signatures have for it.
func TestResourcesOfSignaturesAreDefined(t *testing.T) {
	bound := bindAll(t)
	handle := regexp.MustCompile(`(?:own|borrow)<([^#>]*)#([^>]*)>`)
	for id, b := range bound {
		for _, f := range b.Funcs {
			for _, m := range handle.FindAllStringSubmatch(f.Type, -1) {
				if def := bound[m[1]]; def == nil || !slices.Contains(def.Resources, m[2]) {
					t.Errorf("%s %s needs the resource %s of %s, which does not define it", id, f.Name, m[2], m[1])
				}
			}
		}
	}
}

func TestVersionsDoNotMix(t *testing.T) {
	for id, b := range bindAll(t) {
		_, version, _ := strings.Cut(id, "@")
		for _, f := range b.Funcs {
			for _, m := range regexp.MustCompile(`@([^#]*)#`).FindAllStringSubmatch(f.Type, -1) {
				if m[1] != version {
					t.Errorf("%s %s speaks of version %s", id, f.Name, m[1])
				}
			}
		}
	}
}

func TestCapabilitiesOfInterfaces(t *testing.T) {
	for _, i := range wasi.Interfaces() {
		set, guarded := capability.SetOf(i.ID)
		if i.Capability != set || guarded == capability.Ambient(i.ID) {
			t.Errorf("%s belongs to %q, but is of %q by its name", i.ID, i.Capability, set)
		}
	}
}

func TestWhatIsDeliberatelyAbsent(t *testing.T) {
	registry := hostapi.NewRegistry(wasi.Interfaces()...)
	for _, id := range []string{
		"wasi:clocks/timezone@0.2.12", "wasi:clocks/timezone@0.3.0", "wasi:clocks/timezone@0.2.0-rc-2023-10-18",
		"wasi:http/handler@0.3.0", "wasi:http/incoming-handler@0.2.12", "wasi:cli/run@0.2.12", "wasi:cli/run@0.3.0",
		"wasi:keyvalue/watcher@0.2.0-draft2", "wasi:io/error@0.2.0-rc-2023-10-18",
	} {
		if _, ok := registry.Lookup(id); ok {
			t.Errorf("%s is provided", id)
		}
	}
}

func TestGuestsOfTodayFindWhatTheyImport(t *testing.T) {
	bound := bindAll(t)
	for id, funcs := range map[string][]string{
		"wasi:cli/environment": {"get-environment"}, "wasi:cli/exit": {"exit"}, "wasi:cli/stdout": nil, "wasi:cli/stderr": nil, "wasi:cli/stdin": nil,
		"wasi:cli/terminal-stdin": nil, "wasi:cli/terminal-input": nil, "wasi:clocks/monotonic-clock": {"now"},
		"wasi:filesystem/types": {"[method]descriptor.stat"}, "wasi:filesystem/preopens": {"get-directories"},
		"wasi:random/random": {"get-random-bytes", "get-random-u64"}, "wasi:random/insecure-seed": nil, "wasi:http/types": {"[method]fields.get"},
	} {
		for _, v := range []string{"0.2.12", "0.3.0", "0.3.0-rc-2026-03-15"} {
			b := bound[id+"@"+v]
			if b == nil {
				t.Errorf("%s@%s is not provided", id, v)
				continue
			}
			for _, name := range funcs {
				if !hasFunc(b, name) {
					t.Errorf("%s@%s has no %s", id, v, name)
				}
			}
		}
	}
}

func hasFunc(i *abi.Interface, name string) bool {
	return slices.ContainsFunc(i.Funcs, func(f abi.Func) bool { return f.Name == name })
}

// Sockets with options take the place of those without, whatever the version that a guest speaks.
func TestOptionsOfSocketsAreForAllVersions(t *testing.T) {
	with := sockets.InterfacesWith(sockets.Options{})
	for _, i := range wasi.Interfaces() {
		if strings.HasPrefix(i.ID, "wasi:sockets/") && !slices.ContainsFunc(with, func(o hostapi.Interface) bool { return o.ID == i.ID }) {
			t.Errorf("%s goes without options", i.ID)
		}
	}
}
