package manifest_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/spinhost/spin/manifest"
)

func TestLabels(t *testing.T) {
	for _, label := range []string{"default", "snake_case", "kebab-case", "mixed_CASE_words", "foo-BAR", "x1-y2", "a1_b2"} {
		c := component1(t, parse(t, fmt.Sprintf(component+"source = \"c\"\nkey_value_stores = [%[1]q]\nsqlite_databases = [\n  %[1]q]\n", label)), "c")
		if c.KeyValueStores[0].Value != label || c.SQLiteDatabases[0].Pos.String() != "spin.toml:8:3" {
			t.Errorf("got %v", c.SQLiteDatabases)
		}
	}
	for label, want := range map[string]string{
		"b@d":       `the label may only have ASCII letters, digits and "-": write words such as "my-store" or "my_store"`,
		"camelCase": `the letters of a word of the label must be all lower or all upper case: write "camelcase"`,
		"":          `the label is empty*`,
		"a__b":      `a word of the label is empty, as "_" may only stand between two words*`,
		"a--b":      `a word of the label is empty, as "-"*`,
		"1a":        `each word of the label must start*`,
		"_a":        `a word of the label is empty*`,
		"mIxEd":     `the letters of a word*`,
		"a_b-c":     `words of the label are separated by "-" or by "_", not by both: write "a-b-c"`,
		"a_1":       `each word of the label must start with an ASCII letter: write "a1"`,
		"é":         `each word of the label must start with an ASCII letter*`,
	} {
		for _, key := range []string{"key_value_stores", "sqlite_databases"} {
			fault := faultsOf(t, fmt.Sprintf(component+"source = \"c\"\n%s = [\"default\", %q]\n", key, label))[0]
			if !matches(fmt.Sprintf("spin.toml:6:32: component.c.%s: %q is not a label: %s", key, label, want), fault.Error()) {
				t.Errorf("%q: got %s", label, fault)
			}
		}
	}
}

func TestModelNamesAreFree(t *testing.T) {
	c := component1(t, parse(t, component+"source = \"c\"\nai_models = [\"meta/Llama-3.1:8b\", \"all-minilm-l6-v2\"]\n"), "c")
	if len(c.AIModels) != 2 || c.AIModels[0].Value != "meta/Llama-3.1:8b" {
		t.Errorf("got %v", c.AIModels)
	}
}

func TestTablesOfOthers(t *testing.T) {
	m := parse(t, head+`application.trigger.redis.address = "redis://x"
application.tool.editor = { theme = "dark" }
[[trigger.http]]
executor = { type = "wasip3-unstable" }
[component.c]
source = "c"
[component.c.tool.x]
list = [1, { a = 2.5 }]
`)
	redis := m.Application.Triggers["redis"]
	var config struct {
		Address string `toml:"address"`
	}
	if err := redis.Decode(&config); err != nil || config.Address != "redis://x" || redis.KeyPos("address").String() != "spin.toml:3:27" {
		t.Errorf("got %v, %v", config, err)
	}
	var other struct {
		Adress string `toml:"adress"`
	}
	if err := redis.Decode(&other); err == nil || err.Error() != `spin.toml:3:27: application.trigger.redis.address: unknown key "address": did you mean "adress"?` {
		t.Errorf("got %v", err)
	}
	if got := m.Application.Tool["editor"].Values(); !reflect.DeepEqual(got, map[string]any{"theme": "dark"}) {
		t.Errorf("got %v", got)
	}
	if got := m.Triggers[0].Values(); !reflect.DeepEqual(got, map[string]any{"executor": map[string]any{"type": "wasip3-unstable"}}) {
		t.Errorf("got %v", got)
	}
	want := map[string]any{"list": []any{int64(1), map[string]any{"a": 2.5}}}
	if got := component1(t, m, "c").Tool["x"].Values(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	var zero manifest.Table
	if zero.Keys() != nil || len(zero.Values()) != 0 || zero.Decode(&config) != nil || zero.KeyPos("x").IsValid() {
		t.Error("the zero table is not empty")
	}
	if fault := faultsOf(t, head+"application.trigger.http = 1\n[trigger]\n")[0]; fault.Key != "application.trigger.http" {
		t.Errorf("got %v", fault)
	}
}
