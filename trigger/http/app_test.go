package http_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/spinhost/spin/internal/leaktest"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/trigger"
	httptrigger "github.com/spinhost/spin/trigger/http"
)

// app is a loaded trigger with its components.
type app struct {
	*httptrigger.Server
	host *host
}

// load loads a manifest with components whose guests are given by id. Sources do not count.
func load(t testing.TB, cfg httptrigger.Config, entries string, components ...*component) *app {
	t.Helper()
	leaktest.Check(t)
	a, err := tryLoad(cfg, entries, components...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, c := range components {
			c.end(t)
		}
	})
	return a
}

// end waits until all instances have been given back, and ends them.
func (c *component) end(t testing.TB) {
	eventually(t, "all instances are given back", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.leased == 0
	})
	c.mu.Lock() // a request that the server has refused may still be on its way to an instance
	all := slices.Clone(c.instances)
	c.mu.Unlock()
	for _, i := range all {
		i.in.End(errors.New("test is over"))
	}
}

func tryLoad(cfg httptrigger.Config, entries string, components ...*component) (*app, error) {
	h := &host{name: "test-app", components: map[string]*component{}}
	text := "spin_manifest_version = 2\n[application]\nname = \"test-app\"\n" + entries
	for _, c := range components {
		h.components[c.id] = c
	}
	for _, id := range slices.Sorted(maps.Keys(h.components)) {
		text += fmt.Sprintf("\n[component.%s]\nsource = \"x.wasm\"\n", id)
	}
	m, err := manifest.Parse("spin.toml", []byte(text), nil)
	if err != nil {
		return nil, err
	}
	var list []trigger.Entry
	for _, e := range m.TriggersOf("http") {
		list = append(list, trigger.Entry{
			ID: e.ID, Component: e.Component, Decode: e.Decode,
			Errorf: func(key, format string, args ...any) error {
				pos := e.Pos()
				if key != "" {
					pos = e.KeyPos(key)
				}
				return fmt.Errorf("%s: %w", pos, fmt.Errorf(format, args...))
			},
		})
	}
	h.version = m.Application.Version
	settings := m.Application.Triggers["http"]
	if settings == nil {
		settings = new(manifest.Table)
	}
	h.settings = trigger.Settings{Decode: settings.Decode, Errorf: func(key, format string, args ...any) error {
		return fmt.Errorf("%s: %w", settings.KeyPos(key), fmt.Errorf(format, args...))
	}}
	r, err := httptrigger.Trigger(cfg).Load(context.Background(), h, list)
	if err != nil {
		return nil, err
	}
	return &app{r.(*httptrigger.Server), h}, nil
}

// single is a manifest with one route for the component "guest".
func single(route string) string {
	return fmt.Sprintf("[[trigger.http]]\nroute = %q\ncomponent = \"guest\"\n", route)
}
