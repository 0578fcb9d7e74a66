package spin_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin"
)

func TestInvokeFaults(t *testing.T) {
	var r reached
	app, err := loadComposed(t, mainTOML+`dependencies."acme:probe/probe" = { path = "probe.wasm" }`+"\n", spin.Config{HostAPIs: r.recording()})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		component, function string
		args                []any
		want                string
	}{
		"no component": {"mainn", "acme:main/run#try", nil, `the app has no component "mainn"`},
		"no interface": {"main", "acme:main/ran#try", nil, `component "main": component has no export "acme:main/ran"`},
		"no function":  {"main", "acme:main/run#trie", nil, `component has no exported function "acme:main/run@1.0.0#trie"`},
		"not exported": {"main", "try", nil, `component has no exported function "try"`},
		"an argument":  {"main", "acme:main/run#try", []any{1}, "1 arguments given to a function of type func()->list<u32>"},
		"a trap":       {"main", "acme:main/run#here", nil, "may not use acme:geo/lookup@1.0.0"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := app.Invoke(t.Context(), c.component, c.function, c.args...)
			if got != nil || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, %v, want %s", got, err, c.want)
			}
			if trap := name == "a trap"; errors.Is(err, spin.ErrTrap) != trap || errors.Is(err, spin.ErrDenied) != trap {
				t.Errorf("%v does not match what it has to", err)
			}
		})
	}
	ctx, stop := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	stop(gone)
	if _, err := app.Invoke(ctx, "main", "acme:main/run#try"); err != nil && !errors.Is(err, gone) {
		t.Errorf("%v, want the context's cause", err)
	}
	closeApp(t, app)
	if _, err := app.Invoke(t.Context(), "main", "acme:main/run#try"); !errors.Is(err, spin.ErrClosed) {
		t.Errorf("%v, want ErrClosed", err)
	}
}
