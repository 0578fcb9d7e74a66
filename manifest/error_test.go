package manifest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/manifest"
)

// component is a valid manifest up to the header of its component, which is at
// line 4. Tests add the lines from 5 on.
const component = head + "[trigger]\n[component.c]\n"

func faultsOf(t *testing.T, text string) manifest.Errors {
	t.Helper()
	m, err := manifest.Parse("spin.toml", []byte(text), nil)
	var faults manifest.Errors
	if !errors.As(err, &faults) || m != nil {
		t.Fatalf("%q: got %v, %v", text, m, err)
	}
	return faults
}

func TestFaults(t *testing.T) {
	const src = "source = \"c.wasm\"\n"
	tests := []struct {
		name, text string
		want       string // the first error, with * for any text
		cause      error
	}{
		{"empty text", "", `1:1: spin_manifest_version: the key "spin_manifest_version" is missing: write spin_manifest_version = 2*`, manifest.ErrMissingKey},
		{"integer version 1", "spin_manifest_version = 1", `1:25: spin_manifest_version: the manifest version is 1: write spin_manifest_version = 2`, manifest.ErrVersion},
		{"string version 0", "nonsense = 1\nspin_manifest_version = \"0\"", `2:25: spin_manifest_version: the manifest version is "0"*`, manifest.ErrVersion},
		{"string version 2", "spin_manifest_version = \"2\"", `1:25: *version is "2"*`, manifest.ErrVersion},
		{"string version 77.1", "spin_manifest_version = \"77.1\"", `1:25: *version is "77.1"*`, manifest.ErrVersion},
		{"table version", "[spin_manifest_version]", `1:2: *version is a table*`, manifest.ErrVersion},
		{"float version", "spin_manifest_version = 2.0", `1:25: *version is 2.0*`, manifest.ErrVersion},
		{"old key with version 2", "spin_version = 2\n[application]\nname = \"x\"\n[trigger]", `1:1: spin_version: unknown key "spin_version": write spin_manifest_version = 2`, manifest.ErrUnknownKey},
		{"old key beside the new", head + "spin_version = 2\n[trigger]", `3:1: spin_version: unknown key*`, manifest.ErrUnknownKey},

		{"no application", "spin_manifest_version = 2\n[trigger]", `1:1: the key "application" is missing: add the table [application]*`, manifest.ErrMissingKey},
		{"no application name", "spin_manifest_version = 2\n[trigger]\n[application]", `3:2: application: the key "name" is missing*`, manifest.ErrMissingKey},
		{"no trigger", head, `1:1: the key "trigger" is missing: add a [[trigger.http]]*`, manifest.ErrMissingKey},
		{"typo in application", head + "application.nmae = \"x\"\n[trigger]", `3:13: application.nmae: unknown key "nmae": did you mean "name"?`, manifest.ErrUnknownKey},
		{"name at the top", head + "name = \"x\"\n[trigger]", `3:1: name: unknown key "name": write it below [application]`, manifest.ErrUnknownKey},
		{"array for application", "spin_manifest_version = 2\n[[application]]\nname = \"x\"\n[trigger]", `2:3: application: must be a table, not an array: write [application]`, nil},
		{"number for a string", head + "application.version = 1.10\n[trigger]", `3:23: application.version: must be a string, not a float: write "1.10"`, nil},
		{"date for a string", head + "application.version = 2024-01-02\n[trigger]", `3:23: *must be a string, not a date or time: write "2024-01-02"`, nil},
		{"string for an array", head + "application.authors = \"me\"\n[trigger]", `3:23: application.authors: must be an array of strings, not a string: write ["me"]`, nil},
		{"array in an array", head + "application.authors = [\"me\",\n [\"you\"]]\n[trigger]", `3:23: application.authors: must be a string, not an array`, nil},
		{"tool value", head + "application.tool.x = 1\n[trigger]", `3:22: application.tool.x: must be a table, not an integer`, nil},

		{"id with underscore", head + "[trigger]\n[component.bad_id]\n" + src, `4:12: component.bad_id: words of the id are separated by "-", not "_": write "bad-id"`, nil},
		{"id with digits first", head + "[trigger]\n[component.1-2]\n" + src, `4:12: component.1-2: each word of the id must start with an ASCII letter*`, nil},
		{"id with empty word", head + "[trigger]\n[component.a--b]\n" + src, `4:12: component.a--b: a word of the id is empty*`, nil},
		{"id with mixed case", head + "[trigger]\n[component.aB]\n" + src, `4:12: component.aB: the letters of a word*: write "ab"`, nil},
		{"id with space", head + "[trigger]\n[component.\"a b\"]\n" + src, `4:12: component."a b": the id may only have*`, nil},
		{"empty id", head + "[trigger]\n[component.\"\"]\n" + src, `4:12: component."": the id is empty*`, nil},
		{"array of components", head + "[trigger]\n[[component]]\n" + src, `4:3: component: must be a table, not an array: write [component.ID]`, nil},
		{"component array", head + "[trigger]\n[[component.c]]\n" + src, `4:13: component.c: must be a table, not an array: write [component.c]`, nil},

		{"typo", component + "sorce = \"x\"\n" + src, `5:1: component.c.sorce: unknown key "sorce": did you mean "source"?`, manifest.ErrUnknownKey},
		{"no source", component, `4:12: component.c: the key "source" is missing: write source = *`, manifest.ErrMissingKey},
		{"source number", component + "source = 1", `5:10: component.c.source: must be a path or a table, not an integer: write "1"`, nil},
		{"empty source", component + "source = \"\"", `5:10: component.c.source: the path is empty*`, nil},
		{"id key", component + "id = \"c\"\n" + src, `5:1: component.c.id: unknown key "id": write the id in the header*`, manifest.ErrUnknownKey},
		{"URL without digest", component + "source = { url = \"https://x.example/c.wasm\" }", `5:10: component.c.source: the key "digest" is missing: write { url = *, digest = "sha256:..." }`, manifest.ErrMissingKey},
		{"stores", component + src + "key_value_stores = [\"default\", \"b@d\"]", `6:32: component.c.key_value_stores: "b@d" is not a label: *`, nil},
		{"databases", component + src + "sqlite_databases = [\"camelCase\"]", `6:21: component.c.sqlite_databases: "camelCase" is not a label: the letters of a word*`, nil},
		{"environment number", component + src + "environment = { PORT = 8080 }", `6:24: component.c.environment.PORT: must be a string, not an integer: write "8080"`, nil},
		{"build without command", component + src + "build.workdir = \"x\"", `6:1: component.c.build: the key "command" is missing*`, manifest.ErrMissingKey},
		{"build environment", component + src + "[component.c.build]\ncommand = \"make\"\nenvironment = {}", `8:1: component.c.build.environment: unknown key*command, workdir, watch`, manifest.ErrUnknownKey},
		{"build command number", component + src + "build.command = 1", `6:17: component.c.build.command: must be a string or an array of strings, not an integer`, nil},
		{"inherit string", component + src + "dependencies_inherit_configuration = \"true\"", `6:38: *must be a boolean, not a string: write true`, nil},
		{"host", component + src + "allowed_outbound_hosts = [\n  \"example.com\" ]", `7:3: component.c.allowed_outbound_hosts: "example.com" has no scheme: write "https://example.com"`, nil},
		{"host template", component + src + "allowed_outbound_hosts = [\"http://{{ h }\"]", `6:27: *has a malformed template: at byte 7: "{{" has no "}}": write "{{ h }}"*`, capability.ErrTemplate},
		{"host number", component + src + "allowed_outbound_hosts = [1]", `6:27: *must be a string, not an integer: write "1"`, nil},
	}
	for _, test := range tests {
		fault := faultsOf(t, test.text)[0]
		if !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.name, fault, test.want)
		}
		if test.cause != nil && !errors.Is(fault, test.cause) {
			t.Errorf("%s: cause is %v", test.name, fault.Err)
		}
		if test.cause != manifest.ErrUnsupported && errors.Is(fault, manifest.ErrUnsupported) {
			t.Errorf("%s is taken for what is not supported yet", test.name)
		}
	}
}

// matches compares text with a pattern in which * stands for any text.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	for _, part := range parts[1:] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return text == "" || strings.HasSuffix(pattern, "*")
}

func TestFaultsAreReportedTogether(t *testing.T) {
	faults := faultsOf(t, head+`[[trigger.http]]
component = "nobody"
[component.c]
sorce = "c.wasm"
allowed_outbound_hosts = ["a.example", "https://ok.example", "b.example"]
`)
	var lines []string
	for _, f := range faults {
		lines = append(lines, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Key))
	}
	want := "4:13 trigger.http[0].component\n5:12 component.c\n6:1 component.c.sorce\n7:27 component.c.allowed_outbound_hosts\n7:62 component.c.allowed_outbound_hosts"
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s", got)
	}
	if n := strings.Count(faults.Error(), "\n"); n != 4 {
		t.Errorf("%d line ends in the message", n)
	}
	var entryErr *capability.EntryError
	if !errors.As(error(faults), &entryErr) || entryErr.Entry.Text != "a.example" {
		t.Errorf("got %v", entryErr)
	}
	if !errors.Is(faults, manifest.ErrUnknownKey) || errors.Is(faults, manifest.ErrUnsupported) {
		t.Error("wrong causes")
	}
}

func TestNumberOfFaultsIsBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString(head + "[trigger]\n[component.c]\nsource = \"c\"\n")
	for i := range 100 {
		fmt.Fprintf(&text, "unknown-%d = 1\n", i)
	}
	faults := faultsOf(t, text.String())
	last := faults[len(faults)-1]
	if len(faults) != 33 || last.Msg != "there are more errors: correct the ones above first" || last.Line != 38 {
		t.Errorf("got %d faults, the last is %v", len(faults), last)
	}
}

func TestNumberOfFaultyIDsIsBounded(t *testing.T) {
	text := head + "[[trigger.http]]\ncomponent = \"ghost\"\n"
	for i := range 100 {
		text += fmt.Sprintf("[component.c_%d]\nsource = \"c\"\n", i)
	}
	if faults := faultsOf(t, text); len(faults) != 33 || !errors.Is(faults[32], manifest.ErrLimit) {
		t.Errorf("got %d faults", len(faults))
	}
}

func TestMessagesStayShort(t *testing.T) {
	long := strings.Repeat("é", 50_000)
	digits := "1" + strings.Repeat("0", 50_000) + ".0"
	for _, text := range []string{
		"spin_manifest_version = \"" + long + "\"",
		"spin_manifest_version = " + digits[:200] + ".5",
		head + "application.version = 0." + strings.Repeat("1", 50_000) + "\n[trigger]",
		head + "[trigger]\n[component.\"" + long + "\"]\nsource = \"x\"\n\"" + long + "\" = 1",
		head + "[[trigger.http]]\ncomponent = \"" + long + "\"\n",
		head + "[[trigger.http]]\ncomponent = \"" + strings.Repeat("a", 50_000) + "\"\n",
		head + "[trigger]\n[component.c]\nsource = \"x\"\nallowed_outbound_hosts = [\"" + long + "\"]",
		head + "\"" + long + "\" = 1\n\"" + long + "\" = 1\n",
		"[a]\n\"" + long + "\".c = 1\n[a.\"" + long + "\"]\n",
	} {
		for _, f := range faultsOf(t, text) {
			if len(f.Error()) > 1500 {
				t.Errorf("message of %d bytes: %.200s", len(f.Error()), f)
			}
		}
	}
}
