package locked_test

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/manifest/locked"
)

// Whatever the text, there is an app that can be written and is read as the same, or
// there are faults with a place in the text.
func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("testdata/bakery.lock")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"spin_lock_version": 0, "triggers": [], "components": []}`))
	f.Add([]byte(`{"spin_lock_version": 1, "must_understand": ["host_requirements"], "host_requirements": {"middleware": 1, "a": "optional"},
		"metadata": {"trigger": {"type": "http", "x": 1e400}}, "triggers": [{"id": "", "trigger_type": "", "trigger_config": {"component": 1}}], "components": []}`))
	f.Add([]byte(`{"spin_lock_version": 0, "triggers": [], "components": [{"id": "\ud800<>&\u2028", "source": {"content_type": "", "inline": ""},
		"dependencies": {"": {"source": {"content_type": ""}, "inherit": {"All": null}}}}], "x": [[[[]]]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := locked.Parse(data)
		if err != nil {
			checkFaults(t, data, err)
			return
		}
		text, err := a.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		again, err := locked.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a, again) {
			t.Fatalf("read %+v\nthen %+v", a, again)
		}
		checkTOML(t, a, data)
		if err := a.MoveTriggerDependencies(); err != nil && !errors.Is(err, locked.ErrLimit) {
			t.Fatal(err)
		}
		for i := range a.Triggers {
			if _, err := a.Select(a.Triggers[i].Component()); err != nil && !errors.Is(err, locked.ErrNoComponent) && !errors.Is(err, locked.ErrNotSelected) {
				t.Fatal(err)
			}
		}
	})
}

// checkTOML checks that what is written as TOML is TOML, of which the manifest may
// have reasons to think that it is wrong.
func checkTOML(t *testing.T, a *locked.App, text []byte) {
	opts := locked.ManifestOptions{Name: "x.lock", Text: text, Content: func(locked.Content) (string, error) { return "x", nil }}
	if _, err := a.TOML(opts); err != nil {
		if !errors.Is(err, locked.ErrManifest) {
			t.Fatal(err)
		}
		return
	}
	m, err := a.Manifest(opts)
	if err == nil {
		if m.Application.Name != a.Name() || len(m.Triggers) != len(a.Triggers) || len(m.Components) != len(a.Components) {
			t.Fatalf("manifest %+v", m)
		}
		return
	}
	var faults manifest.Errors
	if !errors.As(err, &faults) || errors.Is(err, manifest.ErrSyntax) {
		t.Fatal(err)
	}
	for _, f := range faults {
		after(t, string(text), f.Pos())
	}
}

func checkFaults(t *testing.T, data []byte, err error) {
	var faults locked.Errors
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("got %T %v", err, err)
	}
	for _, e := range faults {
		before := string(data[:e.Offset])
		if e.Msg == "" || len(e.Error()) > 20_000 || e.Line != 1+strings.Count(before, "\n") || e.Column != len(before)-strings.LastIndex(before, "\n") {
			t.Fatalf("fault %d:%d at %d: %.500s", e.Line, e.Column, e.Offset, e)
		}
	}
}
