package profile_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/spinhost/spin/profile"
)

// dependency is a name and what it stands for.
type dependency struct{ name, path string }

func name(d dependency) string { return d.name }

type (
	component = profile.Component[string, dependency]
	overlay   = profile.Overlay[string, dependency]
)

func base() component {
	return component{
		Source:       "release.wasm",
		Environment:  map[string]string{"LEVEL": "info", "HOME": "/"},
		Dependencies: []dependency{{"foo-bar", "fb.wasm"}, {"other", "o.wasm"}},
		Build:        &profile.Build{Command: []string{"make"}, Single: true, Workdir: "src", Watch: []string{"*.c"}},
	}
}

func TestApply(t *testing.T) {
	debug := "debug.wasm"
	changed := func(change func(*component)) component {
		c := base()
		change(&c)
		return c
	}
	for what, test := range map[string]struct {
		overlay overlay
		want    component
	}{
		"nothing": {overlay{}, base()},
		"a source replaces the source": {overlay{Source: &debug},
			changed(func(c *component) { c.Source = debug })},
		"variables are added and replaced": {overlay{Environment: map[string]string{"LEVEL": "debug", "TRACE": "1"}},
			changed(func(c *component) {
				c.Environment = map[string]string{"LEVEL": "debug", "HOME": "/", "TRACE": "1"}
			})},
		"a variable can be made empty, not removed": {overlay{Environment: map[string]string{"LEVEL": ""}},
			changed(func(c *component) { c.Environment["LEVEL"] = "" })},
		"dependencies are added and replaced as a whole": {overlay{Dependencies: []dependency{{"fancy-thing", "ft.wasm"}, {"foo-bar", "debug.wasm"}}},
			changed(func(c *component) {
				c.Dependencies = []dependency{{"foo-bar", "debug.wasm"}, {"other", "o.wasm"}, {"fancy-thing", "ft.wasm"}}
			})},
		"a command leaves the rest of the build": {overlay{Command: &profile.Command{Lines: []string{"a", "b"}}},
			changed(func(c *component) { c.Build.Command, c.Build.Single = []string{"a", "b"}, false })},
	} {
		t.Run(what, func(t *testing.T) {
			given := base()
			if got := test.overlay.Apply(given, name); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
			if !reflect.DeepEqual(given, base()) {
				t.Errorf("the component was changed to %+v", given)
			}
		})
	}
}

func TestApplyToAComponentWithoutSettings(t *testing.T) {
	got := overlay{
		Environment: map[string]string{"A": "1"}, Dependencies: []dependency{{"x", "x.wasm"}, {"x", "y.wasm"}},
		Command: &profile.Command{Lines: []string{"make"}, Single: true},
	}.Apply(component{}, name)
	want := component{
		Environment: map[string]string{"A": "1"}, Dependencies: []dependency{{"x", "y.wasm"}},
		Build: &profile.Build{Command: []string{"make"}, Single: true},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		name    string
		defined []string
		want    string
	}{
		{"", nil, ""},
		{"debug", []string{"release", "debug"}, ""},
		{"deugb", []string{"release", "debug", "release"}, `there is no profile "deugb": choose one of debug, release`},
		{"debug", nil, `there is no profile "debug", as no component defines any`},
	} {
		err := profile.Check(test.name, slices.Clone(test.defined))
		var undefined *profile.UndefinedError
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%q: %v", test.name, err)
		case test.want != "" && (!errors.As(err, &undefined) || undefined.Name != test.name || err.Error() != test.want):
			t.Errorf("%q: got %v", test.name, err)
		}
	}
}

func ExampleOverlay_Apply() {
	base := profile.Component[string, dependency]{
		Source:      "target/release/shop.wasm",
		Environment: map[string]string{"LOG": "info"},
	}
	debugSource := "target/debug/shop.wasm"
	debug := profile.Overlay[string, dependency]{
		Source:      &debugSource,
		Environment: map[string]string{"TRACE": "1"},
	}
	c := debug.Apply(base, func(d dependency) string { return d.name })
	fmt.Println(c.Source, c.Environment)
	// Output: target/debug/shop.wasm map[LOG:info TRACE:1]
}

func ExampleCheck() {
	fmt.Println(profile.Check("deubg", []string{"debug", "release"}))
	// Output: there is no profile "deubg": choose one of debug, release
}
