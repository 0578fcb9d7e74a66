package manifest_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
)

// FuzzParse looks for panics, for errors that point outside of the text, and for
// manifests that break what the package promises.
func FuzzParse(f *testing.F) {
	f.Add([]byte(shop))
	f.Add([]byte(head + "[[trigger.http]]\ncomponent = { source = \"x\" }\ncomponents.a = [\"b\", {}]\n"))
	f.Add([]byte(component + "source = \"x\"\nallowed_outbound_hosts = [\"http://*.a:1..2\", '''b''']\nbuild.command = [\"x\"]"))
	f.Add([]byte("\xef\xbb\xbfspin_manifest_version = \"1\"\r\n[a.'b c']\nd = 1979-05-27T07:32:00-08:00\n[[e]]\n[[e]]\nf = [inf, nan, 0x1f, 1_0]"))
	f.Add([]byte("a.b = 1\n[a]\nc = { d.e = 1, d.f = [{}] }\n\"\\u00e9\" = 07:32:00\n"))
	f.Add([]byte(profiled))
	f.Add([]byte(old))
	f.Add([]byte(older + "allowed_http_hosts = [\"a:80\", \"https://[::1]:443\", \"self\"]\n[component.trigger]\n[[component]]\nid = \"C_d\"\nsource = \"x\"\ntrigger = {}\n"))
	f.Add([]byte(dependent("\"a:b/c@1.0.0-x+y\" = \">=1, <2.*\"\nx = { component = \"b\", inherit_configuration = [\"files\"] }\n\"a:b\" = { url = \"https://h\", digest = \""+digest+"\" }", other)))
	f.Add([]byte(head + "[[trigger.http]]\ndependencies.middleware = [{ path = \"x\" }, { version = \"1\", package = \"a:b\", registry = \"h:1\" }]\n"))
	f.Add([]byte(component + "source = { package = \"a:b\", version = \"1.2.3\" }\nfiles = [\"*\", { source = \"a\", destination = \"/\" }]\ntargets = [\"x\", { url = \"https://h\" }]\nvariables = { a = \"{{ b }}\" }\n[variables]\nb = { required = true }\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := manifest.Parse("f", data, &manifest.Options{Profile: "fancy"}); err != nil {
			checkFaults(t, data, err)
		} else if m.Profile != "fancy" {
			t.Fatalf("the profile is %q", m.Profile)
		}
		m, err := manifest.Parse("f", data, nil)
		if err != nil {
			checkFaults(t, data, err)
			return
		}
		checkManifest(t, data, m)
	})
}

// checkManifest looks for places outside of the text, and for references that lead
// nowhere.
func checkManifest(t *testing.T, data []byte, m *manifest.Manifest) {
	for _, w := range m.Warnings {
		checkPos(t, data, w.Pos)
	}
	for _, v := range m.Variables {
		checkPos(t, data, v.Pos)
	}
	for _, c := range m.Components {
		if found, ok := m.Component(c.ID); !ok || found != c || c.AllowedOutboundHosts == nil || c.Source.String() == "" {
			t.Fatalf("component %+v", c)
		}
		checkPos(t, data, c.Pos)
		checkPos(t, data, c.Source.Pos)
		checkPos(t, data, c.KeyPos("dependencies"))
		checkDependencies(t, data, m, c.Dependencies)
		for _, f := range c.Files {
			checkPos(t, data, f.Pos)
		}
	}
	for _, e := range m.Triggers {
		if _, ok := m.Component(e.Component); !ok && e.Component != "" || e.ID == "" {
			t.Fatalf("trigger %+v", e)
		}
		checkPos(t, data, e.Pos())
		if err := e.Decode(&settings{}); err != nil {
			checkFaults(t, data, err)
		}
		for _, list := range e.Dependencies {
			checkDependencies(t, data, m, list)
		}
	}
}

func checkDependencies(t *testing.T, data []byte, m *manifest.Manifest, list []*manifest.Dependency) {
	for _, d := range list {
		s := d.Source
		if s.Path == "" && s.URL == "" && (s.Package == "" || s.Version == "") {
			t.Fatalf("dependency %+v", d)
		}
		if _, ok := m.Component(d.Component); !ok && d.Component != "" {
			t.Fatalf("dependency %+v", d)
		}
		checkPos(t, data, d.Pos)
		checkPos(t, data, s.Pos)
		checkPos(t, data, d.KeyPos("export"))
	}
}

// FuzzDependencyName looks for panics, and for names that are not read as they are
// written.
func FuzzDependencyName(f *testing.F) {
	for _, text := range []string{"a", "a-B1", "a:b", "a:b/c", "a:b@1.0.0", "a:b/c-D@1.0.0-rc.1+x", "a:b@1.0.0/c", "a@1.0.0", "a_b", "a:b/*", "@", ":/@"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := manifest.ParseDependencyName(text)
		switch {
		case err != nil && (n != manifest.DependencyName{} || err.Error() == "" || len(err.Error()) > 2000):
			t.Fatalf("%q: got %+v, %v", text, n, err)
		case err == nil && n.String() != text:
			t.Fatalf("%q: got %+v", text, n)
		case err == nil && (n.Plain == "") == (n.Package == ""):
			t.Fatalf("%q: got %+v", text, n)
		}
	})
}
func checkFaults(t *testing.T, data []byte, err error) {
	var faults manifest.Errors
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("got %T %v", err, err)
	}
	for _, f := range faults {
		if strings.Contains(f.Msg, "the TOML parser failed") || f.Msg == "" || len(f.Error()) > 20_000 {
			t.Fatalf("message of %d bytes: %.500s", len(f.Error()), f)
		}
		checkPos(t, data, f.Pos())
	}
}

// checkPos accepts the place after the last byte of a line, where something is
// missing.
func checkPos(t *testing.T, data []byte, pos manifest.Position) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	lines := bytes.Split(data, []byte("\n"))
	if pos.File != "f" || pos.Line < 1 || pos.Line > len(lines) || pos.Column < 1 || pos.Column > len(lines[pos.Line-1])+1 {
		t.Fatalf("position %s is outside of the text", pos)
	}
}
