package capability_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

func TestParseInterfaceID(t *testing.T) {
	for text, want := range map[string]capability.InterfaceID{
		"wasi:http/types@0.2.6":                    {Package: "wasi:http", Interface: "types", Version: "0.2.6"},
		"fermyon:spin/key-value":                   {Package: "fermyon:spin", Interface: "key-value"},
		"wasi:config/store@0.2.0-draft-2024-09-27": {Package: "wasi:config", Interface: "store", Version: "0.2.0-draft-2024-09-27"},
		"a:b-c/d2-E3@1.0.0-rc.1+build.05":          {Package: "a:b-c", Interface: "d2-E3", Version: "1.0.0-rc.1+build.05"},
		"a:b/c@18446744073709551615.0.12":          {Package: "a:b", Interface: "c", Version: "18446744073709551615.0.12"},
	} {
		id, err := capability.ParseInterfaceID(text)
		if err != nil || id != want || id.String() != text {
			t.Errorf("%s: got %+v, %v", text, id, err)
		}
	}
}

func TestParseInterfaceIDRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "names no interface",
		"wasi:http":                "names no interface",
		"http/types":               "names no namespace",
		"wasi:http/types/more":     "interface name",
		"a:b:c/d":                  "package name",
		"Wasi:http/types":          "package name",
		"wasi:/types":              "package name",
		"wasi:http/":               "interface name",
		"wasi:http/ty_pes":         "interface name",
		"wasi:http/tYpes":          "interface name",
		"wasi:http/2types":         "interface name",
		"wasi:http/types@":         "version",
		"wasi:http/types@0.2":      "version",
		"wasi:http/types@0.2.06":   "version",
		"wasi:http/types@v0.2.6":   "version",
		"wasi:http/types@1.0.0-":   "version",
		"wasi:http/types@1.0.0-01": "version",
		"wasi:http/types@1.0.0+é":  "version",
		"wasi:http/types@18446744073709551616.0.0": "version",
		"wasi:http/types@1.0.0@2":                  "version",
		"a:b/" + strings.Repeat("c", 2000):         "1024 bytes",
	} {
		_, err := capability.ParseInterfaceID(text)
		var idErr *capability.InterfaceIDError
		if !errors.As(err, &idErr) || !errors.Is(err, capability.ErrInterfaceID) || !strings.Contains(idErr.Reason, want) {
			t.Errorf("%q: got %v", text, err)
			continue
		}
		if idErr.Text != text || len(err.Error()) > 400 {
			t.Errorf("%q: got %s", text, err)
		}
	}
}

func TestInterfaceTrack(t *testing.T) {
	for text, want := range map[string]string{
		"wasi:http/types":                     "wasi:http/types",
		"wasi:http/types@0.2.6":               "wasi:http/types@0.2",
		"wasi:http/types@0.2.0-rc-2023-10-18": "wasi:http/types@0.2.0-rc-2023-10-18",
		"spin:sqlite/sqlite@3.1.0":            "spin:sqlite/sqlite@3",
		"a:b/c@0.0.7":                         "a:b/c@0.0.7",
		"a:b/c@1.2.3+build":                   "a:b/c@1",
		"a:b/c@1.2.3-rc.1+build":              "a:b/c@1.2.3-rc.1",
	} {
		id, err := capability.ParseInterfaceID(text)
		if err != nil || id.Track() != want {
			t.Errorf("%s: got %s, %v", text, id.Track(), err)
		}
	}
}

func TestInterfaceCompatible(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"wasi:http/types@0.2.0", "wasi:http/types@0.2.12", true},
		{"wasi:http/types@0.2.0", "wasi:http/types@0.3.0", false},
		{"wasi:http/types@0.2.0", "wasi:http/handler@0.2.0", false},
		{"wasi:http/types@0.2.0", "wasi:io/types@0.2.0", false},
		{"wasi:http/types@0.3.0", "wasi:http/types@0.3.0-rc-2026-03-15", false},
		{"wasi:http/types@0.3.0-rc-2026-03-15", "wasi:http/types@0.3.0-rc-2026-03-15", true},
		{"spin:postgres/postgres@3.0.0", "spin:postgres/postgres@4.2.0", false},
		{"spin:postgres/postgres@4.0.0", "spin:postgres/postgres@4.2.0", true},
		{"fermyon:spin/llm", "fermyon:spin/llm@2.0.0", false},
		{"fermyon:spin/llm", "fermyon:spin/llm", true},
		{"a:b/c@0.0.1", "a:b/c@0.0.2", false},
	} {
		a, b := parseID(t, test.a), parseID(t, test.b)
		if a.Compatible(b) != test.want || b.Compatible(a) != test.want {
			t.Errorf("%s and %s: want %t", a, b, test.want)
		}
	}
	if !parseID(t, "a:b/c@0.3.0-rc-2026-03-15").Prerelease() || parseID(t, "a:b/c@0.3.0+rc").Prerelease() || parseID(t, "a:b/c").Prerelease() {
		t.Error("wrong pre-releases")
	}
}

func parseID(t *testing.T, text string) capability.InterfaceID {
	t.Helper()
	id, err := capability.ParseInterfaceID(text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// FuzzParseInterfaceID looks for panics, and for names that do not survive being written and read again.
func FuzzParseInterfaceID(f *testing.F) {
	for _, text := range []string{"wasi:http/types@0.2.6", "a:b/c", "a:b/c@1.0.0-rc.1+b", "a:b-C/d", "a:b/c@0.0.0", "@", ":/@", "a:b/c@1.0.0-01"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := capability.ParseInterfaceID(text)
		if err != nil {
			if len(err.Error()) > 1024 {
				t.Fatalf("message of %d bytes", len(err.Error()))
			}
			return
		}
		if id.String() != text || !id.Compatible(id) || !strings.HasPrefix(id.Track(), id.Name()) {
			t.Fatalf("%q became %+v", text, id)
		}
		track := parseTrack(t, id)
		if !id.Compatible(track) {
			t.Fatalf("%s is not on its track's first version %s", id, track)
		}
	})
}

// parseTrack returns the version that starts the track of id.
func parseTrack(t *testing.T, id capability.InterfaceID) capability.InterfaceID {
	name, version, versioned := strings.Cut(id.Track(), "@")
	if !versioned {
		return id
	}
	core, _, _ := strings.Cut(version, "-")
	for n := strings.Count(core, "."); n < 2; n++ {
		version += ".0"
	}
	return parseID(t, name+"@"+version)
}
