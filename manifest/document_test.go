package manifest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
)

func TestSyntaxFaults(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a = [1,\n", `1:8: *`},
		{"a = \n", `1:5: *`},
		{"a = 1 b\n", `1:7: *`},
		{"\n  a = x\n", `2:7: *`},
		{"a = 99999999999999999999\n", `1:5: *too large*`},
		{"a = 2024-13-45\n", `1:*impossible date`},
		{"a = \"\xff\"\n", `1:6: the text is not UTF-8 from here*`},
		{"é = \"\xff\"\n", `1:7: the text is not UTF-8*`},
		{"# \xc3\n", `1:3: the text is not UTF-8*`},
		{"a = 1\na = 2\n", `2:1: "a" is already defined at line 1*`},
		{"a.b = 1\na.b = 2\n", `2:3: "b" is already defined at line 1*`},
		{"a = { b = 1, b = 2 }\n", `1:14: "b" is already defined at line 1*`},
		{"a = [{ b = 1, b = 2 }]\n", `1:15: "b" is already defined*`},
		{"[a]\n[b]\n[a]\n", `3:2: "a" is already defined at line 1*`},
		{"[[a]]\n[a]\n", `2:2: "a" is already defined at line 1*`},
		{"[a]\n[[a]]\n", `2:3: "a" is already defined at line 1*`},
		{"a = []\n[[a]]\n", `2:3: "a" is already defined at line 1*`},
		{"a = {}\n[a.b]\n", `2:2: "a" is already defined at line 1*`},
		{"a = 1\n[a.b]\n", `2:2: "a" is already defined at line 1*`},
		{"a = 1\n[[a.b]]\n", `2:3: "a" is already defined at line 1*`},
		{"a = {}\na.b = 1\n", `2:1: "a" is already defined at line 1*`},
		{"a.b = 1\n[a]\n", `2:2: *`},
		{"[a]\nb.c = 1\n[a.b]\n", `3:*`},
	} {
		faults := faultsOf(t, test.text)
		if len(faults) != 1 || !errors.Is(faults, manifest.ErrSyntax) || !matches("spin.toml:"+test.want, faults[0].Error()) {
			t.Errorf("%q:\ngot  %v\nwant %s", test.text, faults, test.want)
		}
	}
}

// Each text is small or well within the size limit, and would cost much time,
// memory or stack without the other limits.
func TestHostileTexts(t *testing.T) {
	var keys, components, inline, triggers, tables strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&keys, "k%d=1\n", i)
	}
	for i := range 2000 {
		fmt.Fprintf(&components, "[component.c%d]\nsource=\"c\"\n", i)
		inline.WriteString("[[trigger.a]]\nid=\"no kebab\"\ncomponent={source=\"c\"}\n")
		triggers.WriteString("[[trigger.a]]\n")
	}
	var dependencies, conflicts, references, names, typos, variables strings.Builder
	for i := range 1100 {
		fmt.Fprintf(&dependencies, "\"a:b/i%[1]d@0.%[1]d.0\" = \"1\"\n", i)
		fmt.Fprintf(&conflicts, "\"a:b/i%[1]d@0.1.%[1]d\" = \"1\"\n\"a:b/i%[1]d@0.1.%[1]d-x\" = \"1\"\n", i)
		fmt.Fprintf(&variables, "v%d={required=true}\n", i)
	}
	for i := range 500 {
		fmt.Fprintf(&references, "c%[1]d%[2]s={source=\"c\"}\n", i, strings.Repeat("a", 60))
		fmt.Fprintf(&names, "x%d={component=\"c%[1]d%[2]s\"}\n", i, strings.Repeat("b", 60))
	}
	for i := range 1500 {
		fmt.Fprintf(&typos, "k%d%s=1\n", i, strings.Repeat("k", 60))
	}
	tables.WriteString("[[trigger.a]]\nid=\"no kebab\"\ncomponents.x=[" + strings.Repeat("{source=\"c\"},", 2000) + "]\n")
	for name, text := range map[string]string{
		"size":              strings.Repeat("#", 1<<20) + "#",
		"keys":              keys.String(),
		"array elements":    "a=[" + strings.Repeat("1,", 500_000) + "]",
		"array depth":       "a=" + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"array depth, more": "a=" + strings.Repeat("[", 500_000),
		"table depth":       "a=" + strings.Repeat("{a=", 5000) + "1" + strings.Repeat("}", 5000),
		"dotted key":        strings.Repeat("a.", 500_000) + "a=1",
		"dotted header":     "[" + strings.Repeat("a.", 500_000) + "a]",
		"dotted array":      "[[" + strings.Repeat("a.", 500_000) + "a]]",
		"array tables":      strings.Repeat("[[a]]\n", 100_000),
		"components":        head + "[trigger]\n" + components.String(),
		"triggers":          head + triggers.String(),
		"inline components": head + inline.String(),
		"inline, one array": head + tables.String(),
		"dependencies":      dependent(dependencies.String()),
		"conflicts":         dependent(conflicts.String()),
		"wrong references":  dependent(names.String(), "[component]\n"+references.String()),
		"wrong keys":        dependent("[component.c.dependencies.x]\n" + typos.String()),
		"variables":         component + "source=\"c\"\n[variables]\n" + variables.String(),
	} {
		m, err := manifest.Parse("spin.toml", []byte(text), nil)
		if m != nil || err == nil || len(err.Error()) > 20_000 {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		// The parser has a limit of its own on the depth of open brackets.
		if !errors.Is(err, manifest.ErrLimit) && name != "array depth, more" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Texts whose cost could grow with the square of their length.
func TestLongNames(t *testing.T) {
	digits := "a" + strings.Repeat("_1", 200_000)
	for _, text := range []string{
		head + "[trigger]\n[component." + digits + "]\nsource = \"c\"\n",
		component + "source = \"c\"\nkey_value_stores = [\"" + digits + "\"]",
		component + "source = \"c\"\nvariables = { a = \"" + strings.Repeat("{{ x }}", 4000) + "{{ " + digits + " }}\" }\n",
		component + "source = \"c\"\nfiles = [\"" + strings.Repeat("../", 200_000) + "\"]\nallowed_http_hosts = [\"" + strings.Repeat("[", 400_000) + "\"]",
		dependent("\"" + digits + "\" = \"1\""),
		dependent("\"a:b" + strings.Repeat("/b", 200_000) + "\" = \"1\""),
		dependent("\"a:b@" + strings.Repeat("1.", 200_000) + "\" = \"1\""),
		dependent("\"a:b\" = \"" + strings.Repeat(">1,", 200_000) + "\""),
	} {
		for _, f := range faultsOf(t, text) {
			if len(f.Error()) > 3000 {
				t.Errorf("message of %d bytes: %.200s", len(f.Error()), f)
			}
		}
	}
}

func TestLimitsLeaveRoom(t *testing.T) {
	var text strings.Builder
	text.WriteString(head)
	for i := range 1000 {
		fmt.Fprintf(&text, "[[trigger.http]]\nroute=\"/%d\"\ncomponent=\"c%d\"\n[component.c%d]\nsource=\"c\"\n", i, i, i)
	}
	if m := parse(t, text.String()); len(m.Components) != 1000 || len(m.Triggers) != 1000 {
		t.Errorf("got %d components, %d triggers", len(m.Components), len(m.Triggers))
	}
	deep := head + "[[trigger.x]]\na=" + strings.Repeat("[", 25) + strings.Repeat("]", 25) + "\n"
	parse(t, deep)
}
