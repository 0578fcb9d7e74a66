package manifest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
)

func TestSources(t *testing.T) {
	for text, want := range map[string]manifest.Source{
		`"c.wasm"`: {Path: "c.wasm"},
		`{ url = "https://x.example/c.wasm", digest = "` + digest + `" }`:     {URL: "https://x.example/c.wasm", Digest: digest},
		`{ package = "my-org:pkg2", version = "1.2.3" }`:                      {Package: "my-org:pkg2", Version: "1.2.3"},
		`{ registry = "ghcr.io", package = "a:b", version = "1.0.0-rc.1+x" }`: {Registry: "ghcr.io", Package: "a:b", Version: "1.0.0-rc.1+x"},
		`{ registry = "localhost:5000", package = "a:b", version = "0.0.0" }`: {Registry: "localhost:5000", Package: "a:b", Version: "0.0.0"},
		`{ registry = "[::1]:5000", package = "a:b", version = "0.0.0" }`:     {Registry: "[::1]:5000", Package: "a:b", Version: "0.0.0"},
	} {
		want.Pos = manifest.Position{File: "spin.toml", Line: 5, Column: 10}
		if got := component1(t, parse(t, component+"source = "+text), "c").Source; got != want {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}

func TestSourceFaults(t *testing.T) {
	upper := "sha256:" + strings.ToUpper(digest[7:])
	for _, test := range []struct{ text, want string }{
		{`{ url = "https://x.example", digest = "not-a-digest" }`, `5:48: component.c.source.digest: the digest "not-a-digest" does not start with "sha256:": write*`},
		{`{ url = "https://x.example", digest = "sha256:../../x" }`, `5:48: component.c.source.digest: the digest does not have 64 digits*`},
		{`{ url = "https://x.example", digest = "` + digest[:70] + `/" }`, `5:48: *the digest has other letters than a to f*`},
		{`{ url = "https://x.example", digest = "` + upper + `" }`, `5:48: component.c.source.digest: the digest has capital letters: write "` + digest + `"`},
		{`{ url = "x.example", digest = "` + digest + `" }`, `5:18: component.c.source.url: "x.example" is not a URL of HTTP*`},
		{`{ url = "", digest = "` + digest + `" }`, `5:18: *"" is not a URL of HTTP*`},
		{`{ package = "a:b" }`, `5:10: component.c.source: the key "version" is missing: write { registry =*`},
		{`{ version = "1.2.3" }`, `5:10: component.c.source: the key "package" is missing*`},
		{`{ package = "a:b", version = "1.2" }`, `5:39: component.c.source.version: "1.2" is not a version: *`},
		{`{ package = "a:b", version = "^1.2.3" }`, `5:39: *"^1.2.3" is not a version*`},
		{`{ package = "a", version = "1.2.3" }`, `5:22: component.c.source.package: "a" is not the name of a package*`},
		{`{ package = "a:b", version = "1.2.3", registry = "" }`, `5:59: component.c.source.registry: "" is not the host of a registry*`},
		{`{ package = "a:b", version = "1.2.3", registry = "a/b" }`, `5:59: *"a/b" is not the host of a registry*`},
		{`{ package = "a:b", version = "1.2.3", registry = "u@a" }`, `5:59: *"u@a" is not the host of a registry*`},
		{`{ package = "a:b", version = "1.2.3", registry = "a:x" }`, `5:59: *"a:x" is not the host of a registry*`},
		{`{ package = "a:b", version = "1.2.3", url = "x" }`, `5:48: component.c.source: "url" does not go with the keys of a registry: write either { registry = *`},
		{`{ path = "x.wasm" }`, `5:12: component.c.source.path: a local source is only a string: write source = "x.wasm"`},
		{`{ component = "x" }`, `5:12: component.c.source.component: unknown key "component": remove it, or write one of url, digest, package, version, registry`},
		{`{}`, `5:10: component.c.source: the table does not say where the component is: write one of { url = *`},
		{`["c.wasm"]`, `5:10: component.c.source: must be a path or a table, not an array`},
	} {
		if fault := faultsOf(t, component+"source = "+test.text)[0]; !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.text, fault, test.want)
		}
	}
}

// Messages are read by more people than manifests.
func TestFaultsDoNotTellPasswords(t *testing.T) {
	for _, text := range []string{
		component + "source = { url = \"ftp://me:hunter2@x.example/c\", digest = \"" + digest + "\" }",
		component + "source = { url = \"https://me:hunter2@a b/c\", digest = \"" + digest + "\" }",
		component + "source = { url = \"https://me:hunter2@x.example/c\" }",
		dependent("log = { url = \"me:hunter2@x.example\", digest = \"" + digest + "\" }"),
		component + "source = \"c\"\nallowed_outbound_hosts = [\"http://me:hunter2@e.com\"]",
		component + "source = \"c\"\nallowed_http_hosts = [\"http://me:hunter2@e.com\"]",
		component + "source = \"c\"\nallowed_http_hosts = [\"ftp://me:hunter2@e.com\"]",
		head + "application.targets = [{ url = \"me:hunter2@e.com\" }]\n[trigger]",
		head + "[trigger]\n[variables]\npin = { default = \"hunter2\", secret = true, required = true }",
		head + "[trigger]\n[variables]\npin = { defualt = \"hunter2\", secret = true }",
		head + "[trigger]\n[variables]\npin = { default = hunter2, secret = true }",
		head + "[trigger]\n[variables]\npin = { default = \"hunter2, secret = true }\n",
	} {
		if err := faultsOf(t, text); strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s", err)
		}
	}
	m := parse(t, component+"source = { url = \"https://me:hunter2@x.example/c\", digest = \""+digest+"\" }")
	if s := m.Components[0].Source; s.String() != "https://me:xxxxx@x.example/c" || s.URL != "https://me:hunter2@x.example/c" {
		t.Errorf("got %s", s)
	}
}

func TestTargets(t *testing.T) {
	m := parse(t, head+`application.targets = ["spin-up:3.4", { url = "https://x.example/e.toml" }, { path = "e.toml" }]
[trigger]
[component.inherits]
source = "c"
[component.own]
source = "c"
targets = ["mine"]
[component.none]
source = "c"
targets = []
`)
	pos := func(line, column int) manifest.Position {
		return manifest.Position{File: "spin.toml", Line: line, Column: column}
	}
	all := []manifest.Target{{Name: "spin-up:3.4", Pos: pos(3, 24)}, {URL: "https://x.example/e.toml", Pos: pos(3, 39)}, {Path: "e.toml", Pos: pos(3, 77)}}
	for id, want := range map[string][]manifest.Target{"inherits": all, "own": {{Name: "mine", Pos: pos(9, 12)}}, "none": {}} {
		if got := component1(t, m, id).Targets; !slices.Equal(got, want) {
			t.Errorf("%s: got %+v", id, got)
		}
	}
	if !slices.Equal(m.Application.Targets, all) {
		t.Errorf("got %+v", m.Application.Targets)
	}
	for _, test := range []struct{ text, want string }{
		{`"x"`, `3:23: application.targets: must be an array of strings and tables, not a string: write ["x"]`},
		{`[1]`, `3:24: application.targets: must be a name, { url }, or { path }, not an integer`},
		{`[""]`, `3:24: application.targets: the name is empty*`},
		{`[{ registry = "x", id = "y" }]`, `3:26: application.targets.registry: unknown key "registry"*`},
		{`[{ path = "x", url = "y" }]`, `3:38: application.targets: "url" does not go with the keys of a file: write either { path = "..." } or { url = *`},
		{`[{ url = "x" }]`, `3:32: application.targets.url: "x" is not a URL of HTTP*`},
		{`[{}]`, `3:24: application.targets: the table does not say where the target environment is*`},
	} {
		if fault := faultsOf(t, head+"application.targets = "+test.text+"\n[trigger]\n")[0]; !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.text, fault, test.want)
		}
	}
}
