package variables_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/hostapi/variables"
)

func dotenvMap(d *variables.Dotenv) map[string]string {
	m := map[string]string{}
	for _, name := range d.Names() {
		m[name], _ = d.Lookup(name)
	}
	return m
}

func TestDotenv(t *testing.T) {
	env := func(name string) (string, bool) {
		v, ok := map[string]string{"HOME": "/root", "A": "outer"}[name]
		return v, ok
	}
	tests := []struct {
		text string
		want map[string]string
	}{
		{"", nil},
		{"\n  \n# a comment\n\t# another", nil},
		{"A=1", map[string]string{"A": "1"}},
		{"\ufeffA=1\r\nB=2\r\n", map[string]string{"A": "1", "B": "2"}},
		{"  A = 1  \nB\t=\t2 # comment", map[string]string{"A": "1", "B": "2"}},
		{"A=\nB= \nC=#x\nD= # x\nE=''", map[string]string{"A": "", "B": "", "C": "", "D": "", "E": ""}},
		{"A=b#c", map[string]string{"A": "b#c"}},
		{"A=1\nA=2", map[string]string{"A": "2"}},
		{"a.b_C1=x", map[string]string{"a.b_C1": "x"}},
		{"export A=1\nexport=2\n export\tB = 3\nexported=4", map[string]string{"A": "1", "export": "2", "B": "3", "exported": "4"}},
		{`A='single "quotes" $HOME \n #x'`, map[string]string{"A": `single "quotes" $HOME \n #x`}},
		{`A="double 'quotes' \"\\\n\$\ #x"`, map[string]string{"A": "double 'quotes' \"\\\n$ #x"}},
		{"A=\"two\nlines\"\nB='two\r\nlines'\nC=1", map[string]string{"A": "two\nlines", "B": "two\r\nlines", "C": "1"}},
		{`A=a' b 'c" d "e\ f`, map[string]string{"A": "a b c d e f"}},
		{"A='x' # comment", map[string]string{"A": "x"}},
		{"A==", map[string]string{"A": "="}},
		{"A=größe", map[string]string{"A": "größe"}},
		{"X=1\nB=$X${X}2 # from above", map[string]string{"X": "1", "B": "112"}},
		{`X=1` + "\n" + `B="$X"` + "\n" + `C="${X}$X"`, map[string]string{"X": "1", "B": "1", "C": "11"}},
		{"A=inner\nB=$A:$HOME:$NONE:", map[string]string{"A": "inner", "B": "outer:/root::"}},
		{"A=1\nA_B=2\nC=$A_B", map[string]string{"A": "1", "A_B": "2", "C": "2"}},
		{`A=$ ` + "\n" + `B="$"` + "\n" + `C=a$.b`, map[string]string{"A": "$", "B": "$", "C": "a$.b"}},
		{"B=$C\nC=1", map[string]string{"B": "", "C": "1"}},
	}
	for _, tt := range tests {
		d, err := variables.ParseDotenv([]byte(tt.text), env)
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		if got := dotenvMap(d); !maps.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestDotenvErrors(t *testing.T) {
	tests := []struct {
		text string
		line int
		want string
	}{
		{"A", 1, "write NAME=value"},
		{"A=1\nB C=2", 2, "write NAME=value"},
		{"1=2", 1, "must be NAME=value"},
		{"=2", 1, "must be NAME=value"},
		{"A=1\n\n-x", 3, "must be NAME=value"},
		{"export", 1, "must be NAME=value"},
		{"export A", 1, "write NAME=value"},
		{"A=1 2", 1, `write NAME="first second"`},
		{"A='1' 2", 1, `write NAME="first second"`},
		{"A=\"1\nB=2\nC=3", 1, `the quote " has no end`},
		{"\nA='1\nB=2", 2, "the quote ' has no end"},
		{"A=\"1\n\n2\" x", 3, "write NAME="},
		{`A=a\b`, 1, "an unknown escape"},
		{`A=a\`, 1, "an unknown escape"},
		{"A=\"a\\\n\"", 1, "an unknown escape"},
		{"A=${B", 1, `"${" has no "}"`},
		{"A=${B\n}", 1, `"${" has no "}"`},
		{"A=1\nB=\xff", 2, "not UTF-8"},
		{"A\x00=1", 1, "write NAME=value"},
		{"A=1\rB=2", 0, ""}, // a carriage return alone ends no line
		{"A=" + strings.Repeat("x", variables.MaxDotenv), 1, "the file has more than 1048576 bytes"},
		{"A=" + strings.Repeat("x", 1000) + strings.Repeat("\nA=$A$A", 12), 11, "take more than 1048576 bytes"},
		{"A=" + strings.Repeat("x", 1000) + "\nB=" + strings.Repeat("$A", 2000), 2, "take more than 1048576 bytes"},
	}
	for _, tt := range tests {
		_, err := variables.ReadDotenv(fstest.MapFS{"app.env": {Data: []byte(tt.text)}}, "app.env", nil)
		if tt.line == 0 {
			if err != nil {
				t.Errorf("%.40q: %v", tt.text, err)
			}
			continue
		}
		var e *variables.DotenvError
		if !errors.As(err, &e) || e.Line != tt.line || e.File != "app.env" || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.40q: %v, want line %d, %q", tt.text, err, tt.line, tt.want)
		}
	}
	if _, err := variables.ReadDotenv(fstest.MapFS{}, ".env", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := variables.ParseDotenv([]byte("x"), nil); err == nil || !strings.HasPrefix(err.Error(), ".env:1: ") {
		t.Errorf("without name: %v", err)
	}
}

func TestEnviron(t *testing.T) {
	file, err := variables.ParseDotenv([]byte("SPIN_VARIABLE_A=file\nSPIN_VARIABLE_B_2=file\nAPP_A=app"), nil)
	if err != nil {
		t.Fatal(err)
	}
	env := func(name string) (string, bool) { return "env", name == "SPIN_VARIABLE_A" || name == "a" }
	type result struct {
		value string
		ok    bool
	}
	tests := []struct {
		what string
		p    variables.Provider
		want map[string]result
	}{
		{"both", variables.Environ("", env, file), map[string]result{"a": {"env", true}, "b_2": {"file", true}, "c": {}}},
		{"no file", variables.Environ("", env, nil), map[string]result{"a": {"env", true}, "b_2": {}}},
		{"no environment", variables.Environ("", nil, file), map[string]result{"a": {"file", true}}},
		{"nothing", variables.Environ("", nil, nil), map[string]result{"a": {}}},
		{"a prefix", variables.Environ("APP", env, file), map[string]result{"a": {"app", true}, "b_2": {}}},
	}
	for _, tt := range tests {
		for name, want := range tt.want {
			v, ok, err := tt.p.Get(context.Background(), name)
			if v != want.value || ok != want.ok || err != nil {
				t.Errorf("%s: %s: %q, %t, %v", tt.what, name, v, ok, err)
			}
			if may := tt.p.(variables.Checker).MayResolve(name); may != want.ok {
				t.Errorf("%s: MayResolve(%s) = %t", tt.what, name, may)
			}
		}
	}
}

// Maps that are changed later, and environments, are read when they say.
func TestStaticIsACopy(t *testing.T) {
	m := map[string]string{"a": "1"}
	p := variables.Static(m)
	m["a"], m["b"] = "2", "2"
	if v, ok, err := p.Get(context.Background(), "a"); v != "1" || !ok || err != nil {
		t.Errorf("%q, %t, %v", v, ok, err)
	}
	if _, ok, _ := p.Get(context.Background(), "b"); ok {
		t.Error("has what was added")
	}
}

// FuzzParseDotenv looks for panics and for values beyond the bounds; and what is quoted as the
// documentation says must come back as it was.
func FuzzParseDotenv(f *testing.F) {
	for _, text := range []string{"A=1", "export A='x'\n#", `A="\n$B${C}\""`, "A=$", "A=${", "\ufeffA==\r\n", "A=\"x\ny\" #", "A=1 2", "A\x00", "a=\xff"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := variables.ParseDotenv(text, func(name string) (string, bool) { return name, len(name) > 3 })
		if err != nil {
			var e *variables.DotenvError
			if !errors.As(err, &e) || e.Line < 1 || e.Line > 1+strings.Count(string(text), "\n") || len(err.Error()) > 512 {
				t.Fatalf("%#v", err)
			}
		}
		size := 0
		for name, v := range dotenvMap(d) {
			size += len(name) + len(v)
		}
		if size > variables.MaxDotenv {
			t.Fatalf("%d bytes", size)
		}
		value := strings.ToValidUTF8(string(text), "")
		quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`).Replace(value) + `"`
		if len(quoted) > variables.MaxDotenv/2 {
			return
		}
		again, err := variables.ParseDotenv([]byte("A=0\nexport B = "+quoted+" # x\nC=1"), nil)
		if got := dotenvMap(again); err != nil || got["B"] != value || got["C"] != "1" || len(got) != 3 {
			t.Fatalf("%q comes back as %q, %v", value, got, err)
		}
	})
}
