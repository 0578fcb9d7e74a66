package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// inFolder writes an app that reads variables, and more files, and makes their folder the current
// one.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	guest, err := filepath.Abs("../../testdata/guests/rust/variables-p3.wasm")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	files["spin.toml"] = fmt.Sprintf(`spin_manifest_version = 2
[application]
name = "test"
[variables]
a = { default = "default" }
b = { default = "default" }
c = { default = "default" }
d = { default = "default" }
e = { default = "default" }
f = { required = true, secret = true }
[[trigger.http]]
route = "/..."
component = "guest"
[component.guest]
source = %q
variables = { all = "{{ a }},{{ b }},{{ c }},{{ d }},{{ e }},{{ f }}" }
`, guest)
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Flags go before the environment, that before the .env file, and that before defaults; the last
// of several flags counts.
func TestVariables(t *testing.T) {
	inFolder(t, map[string]string{
		"one":       "from a file\n",
		"some.json": `{"b": "json", "c": "json"}`,
		"some.toml": `c = "toml"`,
		".env":      "# more\nSPIN_VARIABLE_D=dotenv\nexport SPIN_VARIABLE_E='dotenv'\nSPIN_VARIABLE_A=x\nSPIN_VARIABLE_F=\"hush $D\"\n",
	})
	t.Setenv("SPIN_VARIABLE_A", "environment")
	t.Setenv("SPIN_VARIABLE_D", "environment")
	t.Setenv("D", "hush")
	p := start(t, "--from", "spin.toml", "--variable", "a=flag", "--variable", "a=@one", "--variable", "b=flag", "--variable", "@some.json", "--variable", "@some.toml")
	want := "ok: from a file\n,json,toml,environment,dotenv,hush hush"
	if status, got := p.get("/v3?name=all"); status != 200 || got != want {
		t.Errorf("%d %q, want %q", status, got, want)
	}
}

// What is wrong is said at the start, and without any value.
func TestFaultsOfVariables(t *testing.T) {
	inFolder(t, map[string]string{
		"number.json": `{"b": 17}`, "bad.json": "{\n\"b\": \"hush\n", "list.json": `["hush"]`,
		"bad.toml": "a = \"\"\nb = \"hush", "number.toml": "b = 17", "some.txt": "hush",
	})
	const needed = `spin.toml:10:1: no provider resolved required variable "f": write a default in [variables], or set SPIN_VARIABLE_F in the environment`
	tests := []struct {
		flag, dotenv, want string
	}{
		{"a=1", "", needed},
		{"a", "", "want NAME=VALUE, NAME=@FILE, @FILE.json or @FILE.toml"},
		{"=hush", "", "want NAME=VALUE"},
		{"a=@nowhere", "", "open nowhere: no such file or directory"},
		{"@nowhere.json", "", "open nowhere.json: no such file or directory"},
		{"@some.txt", "", "some.txt: variables are read from files that end in .json or .toml; write NAME=@some.txt for the value of one"},
		{"@number.json", "", `number.json: the value of "b" is no string: write it in quotes`},
		{"@number.toml", "", `number.toml: the value of "b" is no string: write it in quotes`},
		{"@bad.json", "", "bad.json: no JSON from line 2 on"},
		{"@list.json", "", "list.json: want a table of names and strings"},
		{"@bad.toml", "", "bad.toml: no TOML from line 2, column"},
		{"f=1", "A=hush hush", `.env:1: a value with spaces stands in quotes: write NAME="first second"`},
	}
	for _, tt := range tests {
		if err := os.WriteFile(".env", []byte(tt.dotenv), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(command, "--listen", "127.0.0.1:0", "--variable", tt.flag).CombinedOutput()
		if err == nil || !strings.Contains(string(out), tt.want) || strings.Contains(string(out), "hush") {
			t.Errorf("%s: %v, %s, want %q", tt.flag, err, out, tt.want)
		}
	}
}
