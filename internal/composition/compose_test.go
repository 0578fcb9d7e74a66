package composition_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/internal/composition"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/manifest"
)

// guests has main.wasm, which hands on what a dependency exports, and probe.wasm, which is such
// a dependency and imports interfaces of the host.
const guests = "../../testdata/guests/wat/"

var runtime = sync.OnceValues(func() (*engine.Runtime, error) { return engine.NewRuntime(engine.Config{Instances: 10}) })

// composer composes the component main of manifests.
type composer struct {
	composition.Host
	scopes []string          // who was asked for
	bound  []string          // what for whom
	made   map[string][]byte // code by its path, before that of guests
}

func newComposer(t *testing.T) *composer {
	rt, err := runtime()
	if err != nil {
		t.Fatal(err)
	}
	c := &composer{Host: composition.Host{Runtime: rt, Usage: new(capability.Usage), Logger: slog.New(slog.DiscardHandler)}}
	for id, i := range map[string]hostapi.Interface{
		"fermyon:spin/key-value@2.0.0":             {Capability: capability.KeyValueStores},
		"wasi:keyvalue/store@0.2.0-draft2":         {Capability: capability.KeyValueStores},
		"fermyon:spin/variables@2.0.0":             {Capability: capability.Variables},
		"wasi:config/store@0.2.0-draft-2024-09-27": {Capability: capability.Variables},
		"wasi:cli/environment@0.2.6":               {Capability: capability.Environment},
		"wasi:cli/environment@0.2.0-rc-2023-10-18": {Capability: capability.Environment},
		"wasi:clocks/monotonic-clock@0.2.6":        {},
		"acme:geo/lookup@1.0.0":                    {Capability: "geo"},
		"acme:never/imported@1.0.0":                {Capability: "never"},
	} {
		i.ID = id
		if i.Capability != capability.Variables { // they stand in for others
			i.Bind = func(s *hostapi.Scope) (*abi.Interface, error) {
				c.bound = append(c.bound, s.Name()+" "+id)
				return &abi.Interface{ID: id, Resources: []string{"store", "bucket"}, Funcs: answers}, nil
			}
		}
		c.APIs = c.APIs.With(i)
	}
	return c
}

// answers are functions of all interfaces.
var answers = []abi.Func{
	{Name: "[static]store.open", Type: "*", Serve: returns(value.OK("store"))},
	{Name: "open", Type: "*", Serve: returns(value.OK("bucket"))},
	{Name: "get-environment", Type: "*", Serve: returns([]any{})},
	{Name: "now", Type: "*", Serve: returns(uint64(1))},
	{Name: "here", Type: "*", Serve: returns(uint32(7))},
}

func returns(v any) func(*abi.Call) { return func(c *abi.Call) { c.DynamicReturn(v) } }

func (c *composer) compose(t *testing.T, dependencies string) (*composition.Program, error) {
	t.Helper()
	m, err := manifest.Parse("spin.toml", []byte(`spin_manifest_version = 2
application.name = "test"
trigger = {}
[component.main]
source = "main.wasm"
`+dependencies), nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Compose(t.Context(), composition.Spec{
		Component: m.Components[0],
		Decode: func(_ context.Context, d *manifest.Dependency) (*engine.Component, error) {
			name := "main.wasm"
			if d != nil {
				name = d.Source.Path
			}
			wasm, ok := c.made[name]
			if !ok {
				var err error
				if wasm, err = os.ReadFile(guests + name); err != nil {
					return nil, err
				}
			}
			return engine.Decode(wasm)
		},
		Scope: func(p *composition.Part) *hostapi.Scope {
			c.scopes = append(c.scopes, strings.Join(p.Path(), "/"))
			return &hostapi.Scope{Component: "main", Path: p.Path()}
		},
	})
	if err == nil {
		t.Cleanup(p.Close)
	}
	return p, err
}

func TestPartsHaveScopesOfTheirOwn(t *testing.T) {
	c := newComposer(t)
	p, err := c.compose(t, `[component.main.dependencies]
"acme:probe/probe@1.1.0" = { path = "probe.wasm", inherit_configuration = ["environment", "geo"] }
`)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"", "acme:probe/probe@1.1.0"}; !slices.Equal(c.scopes, want) {
		t.Errorf("scopes of %q, want %q", c.scopes, want)
	}
	slices.Sort(c.bound)
	if want := []string{
		"main/acme:probe/probe@1.1.0 acme:geo/lookup@1.0.0",
		"main/acme:probe/probe@1.1.0 wasi:cli/environment@0.2.0-rc-2023-10-18",
		"main/acme:probe/probe@1.1.0 wasi:cli/environment@0.2.6",
		"main/acme:probe/probe@1.1.0 wasi:clocks/monotonic-clock@0.2.6",
	}; !slices.Equal(c.bound, want) {
		t.Errorf("bound were %q, want %q", c.bound, want)
	}
	if got, want := p.Exports(), []string{"acme:main/run@1.0.0"}; !slices.Equal(got, want) {
		t.Errorf("exports %q, want %q", got, want)
	}
	for _, name := range []string{"acme:main/run#here", "acme:main/run@1.0.0#here", "acme:main/run@1.5.0#here"} {
		if _, err := p.FuncNamed(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.FuncNamed("acme:main/run@2.0.0#here"); err == nil {
		t.Error("a function of an incompatible version is found")
	}
	for _, e := range first(p.World()) {
		if e.Name == "acme:probe/probe@1.1.0" {
			t.Error("what a dependency provides is still imported")
		}
	}
}

func first[A, B any](a A, _ B) A { return a }

func TestFaultsOfDependencies(t *testing.T) {
	for _, tt := range []struct {
		behaviour, dependencies, text string
		line                          int // 0 if it is the component's
	}{
		{"nothing provides an import", "", "acme:probe/probe@1.1.0", 0},
		{"a dependency of another name", `dependencies = { "acme:probe/other" = { path = "probe.wasm" } }`, "imports nothing of that name: write one of acme:probe/probe@1.1.0, or remove it", 6},
		{"it does not export that", `dependencies = { "acme:probe/probe" = { path = "main.wasm" } }`, "it does not export", 6},
		{"an unknown capability set", `dependencies = { "acme:probe/probe" = { path = "probe.wasm", inherit_configuration = ["ge"] } }`, `"geo"`, 6},
		{"nothing to decode", `dependencies = { "acme:probe/probe" = { path = "none.wasm" } }`, "none.wasm", 0},
	} {
		t.Run(tt.behaviour, func(t *testing.T) {
			_, err := newComposer(t).compose(t, tt.dependencies)
			if err == nil || !strings.Contains(err.Error(), tt.text) {
				t.Fatalf("got %v, want %s", err, tt.text)
			}
			var f *fault.Error
			if errors.As(err, &f); (f != nil) != (tt.line > 0) || f != nil && f.Pos.Line != tt.line {
				t.Errorf("%v is placed at %+v, want line %d", err, f, tt.line)
			}
		})
	}
}

func TestWhatIsPlacedAroundMustExportAndImportTheInterface(t *testing.T) {
	c := newComposer(t)
	_, err := c.Compose(t.Context(), composition.Spec{
		Component: &manifest.Component{ID: "main"}, Interface: "acme:main/run",
		Around: []*manifest.Dependency{{Component: "front", Pos: manifest.Position{File: "spin.toml", Line: 9}}},
		Decode: func(context.Context, *manifest.Dependency) (*engine.Component, error) {
			wasm, err := os.ReadFile(guests + "main.wasm")
			if err != nil {
				t.Fatal(err)
			}
			return engine.Decode(wasm)
		},
	})
	if want := `spin.toml:9: dependency "front": it does not import acme:main/run, by which it would call what it is placed before`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
