package locked_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/manifest/locked"
)

// Ids of triggers are any text, and with them those of copies of components.
func TestCopiesForAnyTriggerHaveManifests(t *testing.T) {
	for id, want := range map[string]string{
		"admin":                   "c-for-admin",
		"my_trigger":              "c-for-my-trigger",
		"trigger-1":               "c-for-trigger1",
		"My Trigger":              "c-for-my-trigger",
		"2nd":                     "c-for-n2nd",
		"für 1":                   "c-for-f-r1",
		"/":                       "c-for-trigger",
		"taken!":                  "c-for-taken-d1",
		"x_-for-y":                "c-for-x-for-y",
		"UPPER":                   "c-for-UPPER",
		"a\x00b":                  "c-for-a-b",
		"1-for-1":                 "c-for-n1-for1",
		strings.Repeat("a ", 500): "c-for-" + strings.TrimSuffix(strings.Repeat("a-", 500), "-"),
	} {
		a := &locked.App{
			Triggers:   []locked.Trigger{trigger(id, "http", "c", "m"), trigger("plain", "http", "c")},
			Components: components("c", "c-for-taken"),
		}
		move(t, a)
		// What another program has locked is read from text.
		m, err := parse(t, marshal(t, a)).Manifest(locked.ManifestOptions{})
		if err != nil {
			t.Errorf("%q: %v", id, err)
			continue
		}
		if e := m.Triggers[0]; e.ID != id || e.Component != want || len(e.Dependencies["middleware"]) != 1 || m.Triggers[1].Component != "c" {
			t.Errorf("%q: the component is %q, want %q", id, e.Component, want)
		}
		if _, ok := m.Component(want); !ok {
			t.Errorf("%q: no component %q", id, want)
		}
	}
}

// Others than copies may be named elsewhere, as a host of the app's own for one.
func TestOtherComponentsAreNotRenamed(t *testing.T) {
	for _, id := range []string{"a_b", "d-for-x_y", "a_b-for-x", "c-for", "c-for-" + strings.Repeat("é", 1<<16), strings.Repeat("c-for-", 1<<16)} {
		a := &locked.App{Triggers: []locked.Trigger{trigger("t", "http", id)}, Components: components("c", id)}
		var faults manifest.Errors
		if _, err := a.Manifest(locked.ManifestOptions{}); id != "c-for" && !errors.As(err, &faults) {
			t.Errorf("%.20q: %v", id, err)
		} else if id == "c-for" && err != nil {
			t.Error(err)
		}
	}
}
