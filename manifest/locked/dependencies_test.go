package locked_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest/locked"
)

func trigger(id, kind, component string, middleware ...string) locked.Trigger {
	t := locked.Trigger{ID: id, Type: kind, Config: locked.Values{"route": "/" + id}}
	if component != "" {
		t.Config["component"] = component
	}
	for _, name := range middleware {
		d := locked.Dependency{Source: locked.Source{ContentType: locked.WasmContent, Content: locked.FileContent("/" + name)}}
		if t.Dependencies == nil {
			t.Dependencies = make(map[string][]locked.Dependency)
		}
		t.Dependencies["middleware"] = append(t.Dependencies["middleware"], d)
	}
	return t
}

func components(ids ...string) []locked.Component {
	var list []locked.Component
	for _, id := range ids {
		list = append(list, locked.Component{
			ID:     id,
			Source: locked.Source{ContentType: locked.WasmContent, Content: locked.FileContent("/" + id)},
			Env:    map[string]string{"ID": id},
		})
	}
	return list
}

// wiring shows which trigger runs what, around which there is what.
func wiring(a *locked.App) string {
	var lines []string
	around := func(roles map[string][]locked.Dependency) string {
		s := ""
		for role, list := range roles {
			s += " " + role + ":"
			for _, d := range list {
				s += strings.TrimPrefix(d.Source.Source, "file://")
			}
		}
		return s
	}
	for _, t := range a.Triggers {
		lines = append(lines, t.ID+"="+t.Component()+around(t.Dependencies))
	}
	for _, c := range a.Components {
		lines = append(lines, fmt.Sprint(c.ID, around(c.TriggerDependencies), " ", c.TriggerDependenciesOf(), " ", c.HostRequirements[locked.Middleware]))
	}
	return strings.Join(lines, "\n")
}

func move(t *testing.T, a *locked.App) {
	t.Helper()
	if err := a.MoveTriggerDependencies(); err != nil {
		t.Fatal(err)
	}
}

// A text of a megabyte cannot ask for gigabytes.
func TestManyCopies(t *testing.T) {
	large := strings.Repeat("x", 1<<19)
	for name, change := range map[string]func(*locked.Component){
		"env":      func(c *locked.Component) { c.Env["X"] = large },
		"config":   func(c *locked.Component) { c.Config = map[string]string{large: ""} },
		"metadata": func(c *locked.Component) { c.Metadata = locked.Values{"x": map[string]any{"y": []any{large}}} },
		"labels":   func(c *locked.Component) { c.Metadata = locked.Values{"x": []string{large}, "y": locked.Values{}} },
		"files":    func(c *locked.Component) { c.Files = []locked.Mount{{Content: locked.Content{Inline: []byte(large)}}} },
		"dependencies": func(c *locked.Component) {
			c.Dependencies = map[string]locked.Dependency{"x": {Inherit: locked.Inherit{Sets: []string{large}}}}
		},
		"roles": func(c *locked.Component) {
			c.TriggerDependencies = map[string][]locked.Dependency{"x": {{Export: large}}}
		},
	} {
		a := &locked.App{Components: components("c")}
		change(&a.Components[0])
		for i := range 1000 {
			a.Triggers = append(a.Triggers, trigger(fmt.Sprint("t", i), "http", "c", "m"))
		}
		if err := a.MoveTriggerDependencies(); !errors.Is(err, locked.ErrLimit) || len(a.Components) != 1 || a.Triggers[0].Component() != "c" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestMoveTriggerDependencies(t *testing.T) {
	empty := trigger("e", "http", "c")
	empty.Dependencies = map[string][]locked.Dependency{"middleware": nil}
	other := trigger("o", "cron", "c", "m")
	other.Dependencies["audit"], other.Dependencies["middleware"] = other.Dependencies["middleware"], nil
	delete(other.Dependencies, "middleware")
	tests := []struct {
		name       string
		triggers   []locked.Trigger
		components []locked.Component
		want       string
	}{
		{"one trigger", []locked.Trigger{trigger("t", "http", "c", "m1", "m2")}, components("c"),
			"t=c\nc middleware:/m1/m2 http required"},
		{"two triggers", []locked.Trigger{trigger("t", "http", "c", "m1"), trigger("u", "http", "c", "m2")}, components("c", "d"),
			"t=c-for-t\nu=c-for-u\nc  <nil>\nd  <nil>\nc-for-t middleware:/m1 http required\nc-for-u middleware:/m2 http required"},
		{"one of two triggers", []locked.Trigger{trigger("t", "http", "c"), trigger("u", "http", "c", "m")}, components("c"),
			"t=c\nu=c-for-u\nc  <nil>\nc-for-u middleware:/m http required"},
		{"the same id twice", []locked.Trigger{trigger("t", "http", "c", "m1"), trigger("t", "http", "c", "m2"), trigger("t", "http", "c", "m3")}, components("c"),
			"t=c-for-t\nt=c-for-t-d1\nt=c-for-t-d2\nc  <nil>\nc-for-t middleware:/m1 http required\nc-for-t-d1 middleware:/m2 http required\nc-for-t-d2 middleware:/m3 http required"},
		{"an id that a component has", []locked.Trigger{trigger("t", "http", "c", "m"), trigger("u", "http", "c")}, components("c", "c-for-t"),
			"t=c-for-t-d1\nu=c\nc  <nil>\nc-for-t  <nil>\nc-for-t-d1 middleware:/m http required"},
		{"an empty role", []locked.Trigger{empty}, components("c"), "e=c middleware:\nc  <nil>"},
		{"another role", []locked.Trigger{other}, components("c"), "o=c\nc audit:/m cron <nil>"},
		{"no component", []locked.Trigger{trigger("t", "http", "", "m"), trigger("u", "http", "x", "m")}, components("c"),
			"t= middleware:/m\nu=x middleware:/m\nc  <nil>"},
	}
	for _, test := range tests {
		a := &locked.App{Triggers: test.triggers, Components: test.components}
		move(t, a)
		if got := wiring(a); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
		if again := parse(t, marshal(t, a)); wiring(again) != test.want {
			t.Errorf("%s: read\n%s", test.name, wiring(again))
		}
		for _, c := range a.Components {
			if want := c.HostRequirements != nil; want != strings.Contains(marshal(t, a), `"component_host_requirements"`) && want {
				t.Errorf("%s: component_host_requirements is missing", test.name)
			}
		}
	}
}

// A copy of a component has all of it, and none of it is shared.
func TestCopiedComponent(t *testing.T) {
	a := bakery()
	a.Components = a.Components[:1]
	a.Triggers = []locked.Trigger{trigger("t", "http", "bread", "m"), trigger("u", "http", "bread")}
	want := a.Clone().Components[0]
	move(t, a)
	copied := a.Component("bread-for-t")
	if !reflect.DeepEqual(*a.Component("bread"), want) || !reflect.DeepEqual(copied.Files, want.Files) ||
		!reflect.DeepEqual(copied.Dependencies, want.Dependencies) || !reflect.DeepEqual(copied.Env, want.Env) {
		t.Errorf("got %+v", a.Components)
	}
	copied.Env["LOG"], copied.Config["region"], copied.Metadata["description"] = "x", "x", "x"
	copied.Files[1].Inline[0] = 'x'
	copied.Dependencies["salt"] = locked.Dependency{}
	copied.HostRequirements["x"] = "x"
	copied.Metadata["build"].(map[string]any)["command"] = "x"
	if !reflect.DeepEqual(*a.Component("bread"), want) {
		t.Errorf("the copy shares something: %+v", a.Component("bread"))
	}
}

func TestClone(t *testing.T) {
	a := bakery()
	b := a.Clone()
	if !reflect.DeepEqual(a, b) {
		t.Fatalf("got %+v", b)
	}
	*b.Variables["region"].Default = "x"
	b.Metadata["vendor"].(map[string]any)["on"] = false
	b.Metadata["authors"].([]any)[0] = "x"
	b.Triggers[0].Config["executor"].(map[string]any)["type"] = "x"
	b.Components[0].TriggerDependencies["middleware"][0].Export = "x"
	b.Components[0].Dependencies["acme:flour/mill@1.0.0"].Inherit.Sets[0] = "x"
	if !reflect.DeepEqual(a, bakery()) {
		t.Errorf("the copy shares something: %+v", a)
	}
}
