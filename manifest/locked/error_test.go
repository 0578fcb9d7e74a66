package locked_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest/locked"
)

func TestFaults(t *testing.T) {
	// The keys of an app; those that a test writes take their place.
	app := func(more string) string {
		text := "{"
		for key, value := range map[string]string{"spin_lock_version": "0", "triggers": "[]", "components": "[]"} {
			if !strings.Contains(more, `"`+key+`":`) {
				text += `"` + key + `": ` + value + ", "
			}
		}
		return text + "\n" + more + "}"
	}
	component := func(more string) string {
		return app(`"components": [{"id": "c",` + more)
	}
	const source = `"source": {"content_type": "application/wasm"}`
	tests := []struct {
		name, text, want string
		cause            error
	}{
		{"empty", "", "1:1: the text is not JSON", locked.ErrSyntax},
		{"cut", `{"a": [1, 2`, "1:12: the text is not JSON", locked.ErrSyntax},
		{"bad token", "{\"a\": 1,\n x}", "2:2: the text is not JSON", locked.ErrSyntax},
		{"more text", "{}\n{}", "2:1: the text is not JSON", locked.ErrSyntax},
		{"not UTF-8", "{\"a\": \"\xff\"}", "1:8: the text is not UTF-8", locked.ErrSyntax},
		{"not an object", "[1]", "1:1: must be an object, not an array", nil},
		{"twice", app(`"x": {"a b": 1, "a b": 2}`), `2:17: x: the key "a b" is written twice`, locked.ErrSyntax},
		{"deep", strings.Repeat("[", 65) + strings.Repeat("]", 65), "1:65: [0][0]", locked.ErrLimit},
		{"large", strings.Repeat(" ", 16<<20+1), "1:1: the text has more than 16777216 bytes", locked.ErrLimit},
		{"many", "[" + strings.Repeat("0,", 1<<18) + "0]", "the text has more than 262144 values", locked.ErrLimit},

		{"no version", "{}", `1:1: the key "spin_lock_version" is missing`, locked.ErrMissingKey},
		{"version 2", app(`"spin_lock_version": 2, "must_understand": ["x"]`), `2:22: spin_lock_version: the version is "2"`, locked.ErrVersion},
		{"version -1", app(`"spin_lock_version": -1`), `spin_lock_version: the version is "-1"`, locked.ErrVersion},
		{"version text", app(`"spin_lock_version": "1"`), `spin_lock_version: must be a number, not a string`, nil},
		{"no triggers", `{"spin_lock_version": 1, "components": []}`, `the key "triggers" is missing: add it with an array`, locked.ErrMissingKey},
		{"no components", `{"spin_lock_version": 1, "triggers": []}`, `the key "components" is missing`, locked.ErrMissingKey},
		{"null components", app(`"components": null`), `components: must be an array, not null`, nil},

		{"must understand", app(`"must_understand": ["host_requirements", "the_moon"]`), `2:42: must_understand[1]: the app says that its host must understand "the_moon"`, locked.ErrMustUnderstand},
		{"app requirement", app(`"host_requirements": {"a": "optional", "flying": true}`), `2:40: host_requirements.flying: the app requires "flying"`, locked.ErrRequirement},
		{"component requirement", component(source + `, "host_requirements": {"flying": "required"}}]`), `components[0].host_requirements.flying: the app requires "flying"`, locked.ErrRequirement},

		{"metadata", app(`"metadata": []`), `2:13: metadata: must be an object, not an array`, nil},
		{"name", app(`"metadata": {"name": 1}`), `2:22: metadata.name: must be a string, not a number`, nil},
		{"authors", app(`"metadata": {"authors": ["a", 1]}`), `metadata.authors[1]: must be a string, not a number`, nil},
		{"trigger settings", app(`"metadata": {"triggers": {"http": 1}}`), `metadata.triggers.http: must be an object, not a number`, nil},
		{"legacy settings", app(`"metadata": {"trigger": {"type": []}}`), `metadata.trigger.type: must be a string, not an array`, nil},
		{"variable", app(`"variables": {"x": "y"}`), `variables.x: must be an object, not a string`, nil},
		{"variable default", app(`"variables": {"x": {"default": 5}}`), `variables.x.default: must be a string, not a number`, nil},
		{"variable secret", app(`"variables": {"x": {"secret": null}}`), `variables.x.secret: must be a boolean, not null`, nil},

		{"trigger", app(`"triggers": [1]`), `2:14: triggers[0]: must be an object, not a number`, nil},
		{"trigger id", app(`"triggers": [{"trigger_type": "x", "trigger_config": {}}]`), `2:14: triggers[0]: the key "id" is missing: add it with a string`, locked.ErrMissingKey},
		{"trigger type", app(`"triggers": [{"id": "x", "trigger_config": {}}]`), `triggers[0]: the key "trigger_type" is missing`, locked.ErrMissingKey},
		{"trigger config", app(`"triggers": [{"id": "x", "trigger_type": "x", "trigger_config": 1}]`), `triggers[0].trigger_config: must be an object, not a number`, nil},

		{"component id", app(`"components": [{` + source + `}]`), `components[0]: the key "id" is missing`, locked.ErrMissingKey},
		{"empty id", app(`"components": [{"id": "", ` + source + `}]`), `components[0].id: the id is empty`, nil},
		{"component twice", component(source + `}, {"id": "c", ` + source + `}]`), `components[1].id: there is another component "c": rename`, nil},
		{"source", component(`"x": 1}]`), `components[0]: the key "source" is missing: add it with an object`, locked.ErrMissingKey},
		{"content type", component(`"source": {}}]`), `components[0].source: the key "content_type" is missing`, locked.ErrMissingKey},
		{"source number", component(`"source": {"content_type": "", "source": 1}}]`), `components[0].source.source: must be a string, not a number`, nil},
		{"inline number", component(`"source": {"content_type": "", "inline": 1}}]`), `components[0].source.inline: must be a string, not a number`, nil},
		{"padding", component(`"source": {"content_type": "", "inline": "aGk="}}]`), `components[0].source.inline: is base64 with padding: remove =`, nil},
		{"base64", component(`"source": {"content_type": "", "inline": "a-_"}}]`), `components[0].source.inline: is not base64 with the standard alphabet`, nil},
		{"base64 bits", component(`"source": {"content_type": "", "inline": "ab"}}]`), `components[0].source.inline: is not base64`, nil},
		{"base64 lines", component(`"source": {"content_type": "", "inline": "aG\nk"}}]`), `components[0].source.inline: is not base64`, nil},
		{"env", component(source + `, "env": {"A": 1}}]`), `components[0].env.A: must be a string, not a number`, nil},
		{"config", component(source + `, "config": {"a": null}}]`), `components[0].config.a: must be a string, not null`, nil},
		{"files", component(source + `, "files": [{}]}]`), `components[0].files[0]: the key "path" is missing`, locked.ErrMissingKey},
		{"stores", component(source + `, "metadata": {"key_value_stores": "x"}}]`), `components[0].metadata.key_value_stores: must be an array, not a string`, nil},
		{"resolver", component(source + `, "metadata": {"resolve-trigger-dependencies-using": 1}}]`), `components[0].metadata.resolve-trigger-dependencies-using: must be a string`, nil},
		{"dependency", component(source + `, "dependencies": {"a:b/c@1.0.0": {}}}]`), `components[0].dependencies["a:b/c@1.0.0"]: the key "source" is missing`, locked.ErrMissingKey},
		{"inherit", component(source + `, "dependencies": {"a": {` + source + `, "inherit": "None"}}}]`), `components[0].dependencies.a.inherit: must be one of two forms: write "All"`, nil},
		{"inherit sets", component(source + `, "dependencies": {"a": {` + source + `, "inherit": {"Some": [1]}}}}]`), `components[0].dependencies.a.inherit.Some[0]: must be a string`, nil},
		{"roles", component(source + `, "trigger_dependencies": {"middleware": {}}}]`), `components[0].trigger_dependencies.middleware: must be an array, not an object`, nil},
		{"role", component(source + `, "trigger_dependencies": {"middleware": [{}]}}]`), `components[0].trigger_dependencies.middleware[0]: the key "source" is missing`, locked.ErrMissingKey},
	}
	for _, test := range tests {
		a, err := locked.Parse([]byte(test.text))
		var faults locked.Errors
		if !errors.As(err, &faults) || a != nil {
			t.Errorf("%s: got %v, %v", test.name, a, err)
			continue
		}
		if got := faults[0].Error(); !strings.Contains(got, test.want) {
			t.Errorf("%s: got %s\nwant %s", test.name, got, test.want)
		}
		if test.cause != nil && !errors.Is(err, test.cause) || test.cause == nil && faults[0].Err != nil {
			t.Errorf("%s: cause is %v", test.name, faults[0].Err)
		}
	}
}

func TestAllFaults(t *testing.T) {
	_, err := locked.Parse([]byte(`{"spin_lock_version": 0, "triggers": [1, 2], "components": [{}]}`))
	var faults locked.Errors
	if !errors.As(err, &faults) || len(faults) != 4 || faults[0].Offset != 38 {
		t.Errorf("got %v", err)
	}
	_, err = locked.Parse([]byte(`{"spin_lock_version": 0, "components": [], "triggers": [` + strings.Repeat("1,", 50_000) + `1]}`))
	if !errors.As(err, &faults) || len(faults) != 33 || !errors.Is(faults[32], locked.ErrLimit) {
		t.Errorf("got %d faults", len(faults))
	}
}

func TestIgnored(t *testing.T) {
	for _, text := range []string{
		`{"spin_lock_version": 1, "triggers": [], "components": [], "flavour": {"x": [1]}}`,
		`{"spin_lock_version": 1, "triggers": [{"id": "a", "trigger_type": "b", "trigger_config": {}, "flavour": 1}], "components": []}`,
		`{"spin_lock_version": 1, "triggers": [], "components": [{"id": "a", "source": {"content_type": "", "source": null, "inline": null, "digest": null, "flavour": 1}, "flavour": 1}]}`,
		`{"spin_lock_version": 1, "triggers": [], "components": [], "variables": {"a": {"description": null, "default": null}}}`,
		`{"spin_lock_version": 1, "triggers": [], "components": [], "host_requirements": {"flying": "optional"}}`,
	} {
		if got := marshal(t, parse(t, text)); strings.Contains(got, "flavour") || strings.Contains(got, "null") || strings.Contains(got, "flying") {
			t.Errorf("%s: wrote %s", text, got)
		}
	}
	nulls := parse(t, `{"spin_lock_version": 1, "metadata": {"name": null, "authors": null, "triggers": null, "trigger": null}, "triggers": [],
		"components": [{"id": "a", "source": {"content_type": ""}, "metadata": {"build": null, "databases": null}}]}`)
	if _, ok := nulls.TriggerSettings("http"); ok || nulls.Name() != "" || nulls.Authors() != nil || nulls.Components[0].SQLiteDatabases() != nil ||
		strings.Count(marshal(t, nulls), "null") != 6 {
		t.Errorf("wrote %s", marshal(t, nulls))
	}
	a := parse(t, `{"spin_lock_version": 1, "triggers": [], "components": [{"id": "a", "source": {"content_type": ""},
		"dependencies": {"x": {"source": {"content_type": ""}, "inherit": {"All": null}}, "y": {"source": {"content_type": ""}, "export": "e", "inherit": {"Some": []}}}}]}`)
	if d := a.Components[0].Dependencies; !d["x"].Inherit.All || !d["y"].Inherit.None() || d["y"].Export != "e" {
		t.Errorf("got %+v", d)
	}
}
