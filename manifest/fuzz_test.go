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
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := manifest.Parse("f", data, nil)
		if err != nil {
			checkFaults(t, data, err)
			return
		}
		for _, c := range m.Components {
			if found, ok := m.Component(c.ID); !ok || found != c || c.AllowedOutboundHosts == nil || c.Source.String() == "" {
				t.Fatalf("component %+v", c)
			}
			checkPos(t, data, c.Pos)
			checkPos(t, data, c.Source.Pos)
		}
		for _, e := range m.Triggers {
			if _, ok := m.Component(e.Component); !ok && e.Component != "" || e.ID == "" {
				t.Fatalf("trigger %+v", e)
			}
			checkPos(t, data, e.Pos())
			if err := e.Decode(&settings{}); err != nil {
				checkFaults(t, data, err)
			}
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
