package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// stateful writes an app that keeps values and runs SQL, with a profile in which the first is not
// there as it was.
func stateful(t *testing.T) string {
	t.Helper()
	guests, err := filepath.Abs("../../testdata/guests/rust")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "spin.toml")
	text := fmt.Sprintf(`spin_manifest_version = 2
[application]
name = "stateful"
[[trigger.http]]
route = "/..."
component = "kv"
[[trigger.http]]
route = "/sum/..."
component = "sql"
[component.kv]
source = %q
key_value_stores = ["default"]
[component.kv.profile.broken]
source = "none.wasm"
[component.sql]
source = %q
sqlite_databases = ["default"]
`, guests+"/kv-p2.wasm", guests+"/sqlite-p3.wasm")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const getA = "/2/get?store=default&key=a"

func TestKeyValuePresets(t *testing.T) {
	manifest := stateful(t)
	p := start(t, "-f", manifest, "--key-value", "a=1", "--key-value", "a=2=3")
	if s, b := p.get(getA); s != 200 || b != "2=3" {
		t.Errorf("%d %q", s, b)
	}
	if code := p.interrupt(); code != 0 || p.stderr.String() != "" {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(manifest), ".spin", "sqlite_key_value.db")); err != nil {
		t.Error(err)
	}
	if s, b := start(t, "-f", filepath.Dir(manifest)).get(getA); s != 200 || b != "2=3" {
		t.Errorf("the state is not kept: %d %q", s, b)
	}
}

func TestStateDir(t *testing.T) {
	manifest, state, other := stateful(t), t.TempDir(), t.TempDir()
	rc := filepath.Join(t.TempDir(), "rc.toml")
	if err := os.WriteFile(rc, []byte("state_dir = '"+other+"'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, args := range map[string][]string{state: {"--state-dir", state}, other: nil} {
		p := start(t, append([]string{"-f", manifest, "--runtime-config-file", rc, "--key-value", "a=x"}, args...)...)
		if s, b := p.get(getA); s != 200 || b != "x" {
			t.Errorf("%d %q", s, b)
		}
		if _, err := os.Stat(filepath.Join(dir, "sqlite_key_value.db")); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(manifest), ".spin")); err == nil {
		t.Error("there is a folder beside the manifest as well")
	}
}

// The store that --key-value fills is that of the runtime configuration.
func TestRuntimeConfigFile(t *testing.T) {
	dir := t.TempDir()
	rc := filepath.Join(dir, "rc.toml")
	if err := os.WriteFile(rc, []byte("[key_value_store.default]\ntype = \"spin\"\npath = \"mine.db\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "-f", stateful(t), "--runtime-config-file", rc, "--key-value", "a=x")
	if s, b := p.get(getA); s != 200 || b != "x" {
		t.Errorf("%d %q", s, b)
	}
	if _, err := os.Stat(filepath.Join(dir, "mine.db")); err != nil {
		t.Error(err)
	}
}

func TestSQLitePresets(t *testing.T) {
	script := filepath.Join(t.TempDir(), "script.sql")
	if err := os.WriteFile(script, []byte("INSERT INTO t VALUES (2);\nINSERT INTO t VALUES (3);\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "-f", stateful(t), "--sqlite", "CREATE TABLE t (a)", "--sqlite", "@"+script, "--sqlite", "@"+script+":default")
	if s, b := p.get("/sum?db=default&sql=SELECT+a+FROM+t"); s != 200 || b != "4 rows, sum 10, Ok(())\n" {
		t.Errorf("%d %q", s, b)
	}
}

func TestCapabilities(t *testing.T) {
	cmd := exec.Command(command, "-f", stateful(t), "--capabilities", "--listen", "127.0.0.1:99999")
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil || stderr.String() != "" {
		t.Fatalf("%v: %s", err, &stderr)
	}
	for _, want := range []string{"stateful", "kv", "sql", "key_value_stores", "sqlite_databases"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("no %s in\n%s", want, &stdout)
		}
	}
}

func TestStateFailures(t *testing.T) {
	manifest := stateful(t)
	rc := filepath.Join(t.TempDir(), "rc.toml")
	if err := os.WriteFile(rc, []byte("[key_value_store.default]\ntype = \"redis\"\n[llm_compute]\ntype = \"spin\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		behaviour string
		args      []string
		code      int
		stderr    string
	}{
		{"a profile with a component that is not there", []string{"--profile", "broken"}, 1, "none.wasm: no such file"},
		{"a profile that nothing defines", []string{"--profile", "brokn"}, 1, "brokn"},
		{"no runtime configuration", []string{"--runtime-config-file", rc + "x"}, 1, rc + "x: no such file"},
		{"a type that nobody builds", []string{"--runtime-config-file", rc}, 1, rc + ":2:8: key_value_store.default.type: unknown type \"redis\": write one of spin\n" + rc + ":3:2: llm_compute: this is not supported yet"},
		{"a preset of such a store", []string{"--runtime-config-file", rc, "--key-value", "a=b"}, 1, "--key-value: " + rc + ":2:8"},
		{"a preset without value", []string{"--key-value", "a"}, 2, "want KEY=VALUE"},
		{"a script that is not there", []string{"--sqlite", "@" + rc + ".sql"}, 2, "no such file"},
		{"a database that is not there", []string{"--sqlite", "@" + rc + ":ledger"}, 1, `there is no database "ledger"`},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			cmd := exec.Command(command, append([]string{"-f", manifest, "--listen", "127.0.0.1:0"}, tt.args...)...)
			out, _ := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.Contains(string(out), tt.stderr) {
				t.Errorf("exit code %d\n%s\nwant %s", code, out, tt.stderr)
			}
		})
	}
}
