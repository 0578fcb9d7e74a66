package manifest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
)

func TestGeneratedIDs(t *testing.T) {
	const hello = "[component.hello]\nsource = \"h.wasm\"\n"
	const inline = "{ source = \"i.wasm\" }"
	tests := []struct {
		name, text string
		want       string // trigger:component, then component ids
	}{
		{"reference and inline",
			"[[trigger.http]]\ncomponent = \"hello\"\n[[trigger.http]]\ncomponent = " + inline + "\n" + hello,
			"hello-http-trigger:hello http-trigger1:http-trigger1-component | hello http-trigger1-component"},
		{"inline with trigger id",
			"[[trigger.http]]\nid = \"admin\"\ncomponent = " + inline + "\n",
			"admin:admin-component | admin-component"},
		{"inline id taken",
			"[[trigger.http]]\nid = \"admin\"\ncomponent = " + inline + "\n[component.admin-component]\nsource = \"x\"\n",
			"admin:inline-component1 | admin-component inline-component1"},
		{"trigger id no kebab",
			"[[trigger.http]]\nid = \"my admin\"\ncomponent = " + inline + "\n[[trigger.http]]\nid = \"my admin\"\ncomponent = " + inline + "\n",
			"my admin:inline-component1 my admin:inline-component2 | inline-component1 inline-component2"},
		{"several inline",
			"[[trigger.http]]\ncomponents.a = " + inline + "\ncomponents.b = " + inline + "\n",
			"http-trigger1: a=inline-component1 b=inline-component2 | inline-component1 inline-component2"},
		{"one inline in components",
			"[[trigger.http]]\ncomponents.a = " + inline + "\n",
			"http-trigger1: a=http-trigger1-component | http-trigger1-component"},
		{"inline beside a reference",
			"[[trigger.http]]\ncomponent = " + inline + "\ncomponents.a = [\"hello\", " + inline + "]\n" + hello,
			"http-trigger1:inline-component1 a=hello,inline-component2 | hello inline-component1 inline-component2"},
		{"two references",
			"[[trigger.http]]\ncomponent = \"hello\"\n[[trigger.http]]\ncomponent = \"hello\"\n" + hello,
			"hello-http-trigger:hello http-trigger1:hello | hello"},
		{"empty id is none",
			"[[trigger.http]]\nid = \"\"\ncomponent = \"hello\"\n" + hello,
			"hello-http-trigger:hello | hello"},
		{"ids of later triggers are taken",
			"[[trigger.http]]\n[[trigger.http]]\nid = \"http-trigger1\"\n[[trigger.http]]\n",
			"http-trigger2: http-trigger1: http-trigger3: | "},
		{"counters are per type",
			"[[trigger.http]]\n[[trigger.redis]]\n[[trigger.http]]\n",
			"http-trigger1: http-trigger2: redis-trigger1: | "},
		{"names across types",
			"[[trigger.http]]\nid = \"hello-redis-trigger\"\n[[trigger.redis]]\ncomponent = \"hello\"\n" + hello,
			"hello-redis-trigger: redis-trigger1:hello | hello"},
		{"reference to an inline component",
			"[[trigger.http]]\ncomponent = \"http-trigger1-component\"\n[[trigger.http]]\ncomponent = " + inline + "\n",
			"http-trigger1-component-http-trigger:http-trigger1-component http-trigger1:http-trigger1-component | http-trigger1-component"},
		{"no component",
			"[[trigger.http]]\nstatic_response = {}\n",
			"http-trigger1: | "},
	}
	for _, test := range tests {
		m, err := manifest.Parse("spin.toml", []byte(head+test.text), nil)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := summary(m); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

func summary(m *manifest.Manifest) string {
	var b strings.Builder
	for _, e := range m.Triggers {
		b.WriteString(e.ID + ":" + e.Component + " ")
		for _, named := range e.Components {
			b.WriteString(named.Name + "=" + strings.Join(named.IDs, ",") + " ")
		}
	}
	b.WriteString("| ")
	var ids []string
	for _, c := range m.Components {
		ids = append(ids, c.ID)
	}
	return b.String() + strings.Join(ids, " ")
}

func TestTriggerFaults(t *testing.T) {
	const two = "[component.front-end]\nsource = \"f\"\n[component.back-end]\nsource = \"b\"\n"
	for _, test := range []struct{ text, want string }{
		{"[trigger.http]\nroute = \"/\"\n", `3:10: trigger.http: must be an array of tables, not a table: write [[trigger.http]]`},
		{"[[trigger]]\nroute = \"/\"\n", `3:3: trigger: must be a table, not an array: write [[trigger.http]]`},
		{"trigger.http = [\"x\"]\n", `3:17: trigger.http[0]: must be a table, not a string`},
		{"[[trigger.http]]\nid = 1\n", `4:6: trigger.http[0].id: must be a string, not an integer: write "1"`},
		{"[[trigger.http]]\ncomponent = \"1-2-3\"\n", `4:13: trigger.http[0].component: each word of the id must start with an ASCII letter*`},
		{"[[trigger.http]]\ncomponent = 5\n", `4:13: trigger.http[0].component: must be the id of a component or a table, not an integer`},
		{"[[trigger.http]]\ncomponents = 5\n", `4:14: trigger.http[0].components: must be a table, not an integer`},
		{"[[trigger.http]]\ncomponents.a = [\"x\", 5]\n[component.x]\nsource = \"x\"\n", `4:22: trigger.http[0].components.a[1]: must be the id*`},
		{"[[trigger.http]]\ncomponent = \"c\"\n", `4:13: trigger.http[0].component: there is no component "c": add the table [component.c]`},
		{"[[trigger.http]]\ncomponent = \"back-edn\"\n" + two, `4:13: *: there is no component "back-edn": write one of "back-end", "front-end", or add the table [component.back-edn]`},
		{"[[trigger.http]]\ncomponents.x = \"fornt-end\"\n" + two, `4:16: trigger.http[0].components.x: there is no component "fornt-end": write one of "front-end", "back-end"*`},
		{"[[trigger.http]]\ncomponent = { sorce = \"x\", source = \"y\" }\n", `4:15: trigger.http[0].component.sorce: unknown key "sorce": did you mean "source"?`},
		{"[[trigger.http]]\ncomponent = { }\n", `4:13: trigger.http[0].component: the key "source" is missing*`},
	} {
		if fault := faultsOf(t, head+test.text)[0]; !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("got  %s\nwant %s", fault, test.want)
		}
	}
}

func TestFaultyComponentIsNotReportedAsMissing(t *testing.T) {
	faults := faultsOf(t, head+"[[trigger.http]]\ncomponent = \"c\"\n[component]\nc = 5\n")
	if len(faults) != 1 || faults[0].Key != "component.c" {
		t.Errorf("got %v", faults)
	}
}

func TestManyKnownIDsAreCut(t *testing.T) {
	text := head + "[[trigger.http]]\ncomponent = \"ghost\"\n"
	for _, c := range "abcdefghij" {
		text += "[component." + string(c) + "]\nsource = \"x\"\n"
	}
	if msg := faultsOf(t, text)[0].Msg; strings.Count(msg, ", ") != 8 || !strings.Contains(msg, " (2 more), or add") {
		t.Errorf("got %s", msg)
	}
}

func TestKeys(t *testing.T) {
	m := parse(t, head+"[[trigger.http]]\nroute = \"/\"\nid = \"x\"\ncomponents = {}\ndependencies = {}\nexecutor.type = \"http\"\n")
	if keys := m.Triggers[0].Keys(); !slices.Equal(keys, []string{"route", "executor"}) {
		t.Errorf("got %q", keys)
	}
}
