package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// site writes an app whose component has a folder of files, and returns its manifest.
func site(t *testing.T) string {
	t.Helper()
	guest, err := filepath.Abs("../../testdata/guests/rust/files-p2.wasm")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"assets/index.html": "home",
		"spin.toml": fmt.Sprintf(`spin_manifest_version = 2
[application]
name = "site"
[[trigger.http]]
route = "/..."
component = "site"
[component.site]
source = %q
files = [{ source = "assets", destination = "/" }]
`, guest),
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "spin.toml")
}

func TestFiles(t *testing.T) {
	for _, c := range []struct {
		flags              []string
		writes, direct, in bool // into the folder that the manifest names, into that of --temp
	}{
		{nil, false, false, false},
		{[]string{"--allow-transient-write"}, true, false, true},
		{[]string{"--direct-mounts"}, false, true, false},
		{[]string{"--direct-mounts", "--allow-transient-write"}, true, true, false},
	} {
		t.Run(strings.Join(c.flags, " "), func(t *testing.T) {
			manifest, temp := site(t), t.TempDir()
			assets := filepath.Join(filepath.Dir(manifest), "assets")
			p := start(t, append([]string{"-f", manifest, "--temp", temp}, c.flags...)...)
			if _, b := p.get("/2/read?path=/index.html"); b != "read: \"home\"\n" {
				t.Errorf("%q", b)
			}
			if _, b := p.get("/2/tour?path=/"); strings.HasPrefix(b, "write: ()") != c.writes {
				t.Errorf("%q", b)
			}
			if _, err := os.Stat(filepath.Join(assets, "d.txt")); (err == nil) != (c.writes && c.direct) {
				t.Errorf("the folder of the manifest: %v", err)
			}
			if copies, err := os.ReadDir(temp); (len(copies) > 0) != c.in || err != nil {
				t.Errorf("the folder for copies: %v, %v", copies, err)
			}
			if err := os.WriteFile(filepath.Join(assets, "new"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, b := p.get("/2/list?path=/"); strings.Contains(b, `"new"`) != c.direct {
				t.Errorf("%q", b)
			}
			if code := p.interrupt(); code != 0 || p.stderr.String() != "" {
				t.Errorf("exit code %d: %s", code, p.stderr)
			}
			if copies, err := os.ReadDir(temp); len(copies) > 0 || err != nil {
				t.Errorf("there are still copies: %v, %v", copies, err)
			}
		})
	}
}
