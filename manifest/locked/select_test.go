package locked_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest/locked"
)

func TestSelect(t *testing.T) {
	a := &locked.App{
		Metadata: locked.Values{"name": "x"},
		Triggers: []locked.Trigger{
			trigger("a1", "http", "a"), trigger("b1", "http", "b"), trigger("static", "http", ""),
			trigger("a2", "redis", "a"), trigger("w1", "http", "Wild"), trigger("d1", "http", "d"),
		},
		Components: components("a", "b", "Wild", "d", "unused"),
	}
	hosts := map[string][]any{
		"a":    {"http://wild.spin.internal", "https://b.example", "*://*:*", "http://{{ x }}.spin.internal"},
		"b":    {"http://A.spin.internal:80/", "http://c.spin.internal"},
		"Wild": {"http://*.spin.internal"},
		"d":    {"no-scheme.spin.internal", "http://x.spin.internal.example"},
	}
	for i, c := range a.Components {
		a.Components[i].Metadata = locked.Values{"allowed_outbound_hosts": append([]any{}, hosts[c.ID]...)}
	}
	before := marshal(t, a)
	tests := []struct {
		ids  string
		want string // triggers and components, or parts of the error
		err  error
	}{
		{"d", "d1 d", nil},
		{"d d unused", "d1 d", nil},
		{"unused", "", nil},
		{"", "", nil},
		{"e f", `no component "e": write one of "a", "b", "Wild", "d", "unused"` + "\n" + `the app has no component "f"`, locked.ErrNoComponent},
		{"a", `component "a" calls components that are not selected, as its allowed_outbound_hosts has "http://wild.spin.internal": select "wild" too`, locked.ErrNotSelected},
		{"a b", `component "b" calls components that are not selected, as its allowed_outbound_hosts has "http://c.spin.internal"`, locked.ErrNotSelected},
		{"a Wild", `"Wild" calls components that are not selected, as its allowed_outbound_hosts has "http://*.spin.internal": select all`, locked.ErrNotSelected},
	}
	for _, test := range tests {
		b, err := a.Select(strings.Fields(test.ids)...)
		if !errors.Is(err, test.err) {
			t.Errorf("%s: %v", test.ids, err)
			continue
		}
		if test.err != nil {
			var fault *locked.SelectError
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), test.want) || b != nil {
				t.Errorf("%s: got %v\nwant %s", test.ids, err, test.want)
			}
			continue
		}
		var got []string
		for _, t := range b.Triggers {
			got = append(got, t.ID)
		}
		for _, c := range b.Components {
			got = append(got, c.ID)
		}
		if strings.Join(got, " ") != test.want || b.Name() != "x" {
			t.Errorf("%s: got %s", test.ids, got)
		}
	}
	if marshal(t, a) != before {
		t.Error("Select changed its app")
	}
}

func TestSelectAmongManyStaysReadable(t *testing.T) {
	a := &locked.App{}
	for i := range 100 {
		a.Components = append(a.Components, components(fmt.Sprintf("c%d", i))...)
	}
	if _, err := a.Select("ghost"); !errors.Is(err, locked.ErrNoComponent) || !strings.HasSuffix(err.Error(), `"c19", ...`) {
		t.Errorf("got %v", err)
	}
}

// Components are selected by the ids that they have once dependencies were moved.
func TestSelectCopies(t *testing.T) {
	a := &locked.App{
		Triggers:   []locked.Trigger{trigger("t", "http", "c", "m"), trigger("u", "http", "c")},
		Components: components("c"),
	}
	move(t, a)
	b, err := a.Select("c-for-t")
	if err != nil || wiring(b) != "t=c-for-t\nc-for-t middleware:/m http required" {
		t.Errorf("got %v, %v", b, err)
	}
}
