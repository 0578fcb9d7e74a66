package spin_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

// wasiCalls notes which functions of one version of WASI guests call.
type wasiCalls struct {
	version string // preview1.Module for preview 1

	mu     sync.Mutex
	called map[string]bool // by function, with its interface; false if a guest only imports it
}

// apis returns the host interfaces that come with spin, others in place of some of them, watched.
func (w *wasiCalls) apis(others ...hostapi.Interface) hostapi.Registry {
	w.called = map[string]bool{}
	return spin.DefaultHostAPIs().With(others...).Wrap(func(_ *hostapi.Scope, f hostapi.Function) abi.Around {
		name := f.String()
		if !w.concerns(name) {
			return nil
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.called[name] {
			w.called[name] = false // the guest imports it
		}
		return func(ctx context.Context) (context.Context, func(abi.Outcome), error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.called[name] = true
			return ctx, nil, nil
		}
	})
}

func (w *wasiCalls) concerns(id string) bool {
	id, _, _ = strings.Cut(id, "#")
	return id == w.version || strings.HasPrefix(id, "wasi:") && strings.HasSuffix(id, "@"+w.version)
}

// complete fails the test if there is a function of the version in one of the packages, such as
// "wasi:io", that no guest has called.
func (w *wasiCalls) complete(t *testing.T, packages ...string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	in := func(id string) bool {
		pkg, _, _ := strings.Cut(id, "/")
		return w.concerns(id) && slices.Contains(packages, pkg)
	}
	names := slices.Sorted(maps.Keys(w.called))
	for _, i := range spin.DefaultHostAPIs().Interfaces() {
		switch i.ID {
		case "wasi:clocks/types@" + w.version, "wasi:cli/types@" + w.version, "wasi:sockets/network@" + w.version,
			"wasi:cli/terminal-input@" + w.version, "wasi:cli/terminal-output@" + w.version:
			continue // have no functions
		}
		if in(i.ID) && !slices.ContainsFunc(names, func(f string) bool { return strings.HasPrefix(f, i.ID+"#") }) {
			t.Errorf("no guest imports %s", i.ID)
		}
	}
	for _, f := range names {
		if in(f) && !w.called[f] {
			t.Errorf("no guest has called %s", f)
		}
	}
}
