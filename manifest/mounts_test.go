package manifest_test

import (
	"slices"
	"testing"

	"github.com/spinhost/spin/manifest"
)

func TestFiles(t *testing.T) {
	c := component1(t, parse(t, component+`source = "c"
files = ["a.txt", "assets/**/*", { source = "static", destination = "/" }, { source = "../others/x", destination = "y" }, "..x/y.."]
exclude_files = ["assets/*.psd"]
`), "c")
	var got []string
	for _, f := range c.Files {
		s := f.Source.Value
		if f.Destination != nil {
			s += " -> " + f.Destination.Value + " " + f.Destination.Pos.String()
		}
		got = append(got, s)
	}
	want := []string{"a.txt", "assets/**/*", "static -> / spin.toml:6:69", "../others/x -> y spin.toml:6:116", "..x/y.."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if c.Files[2].Pos.String() != "spin.toml:6:34" || c.Files[2].Source.Pos.String() != "spin.toml:6:45" || c.ExcludeFiles[0] != (manifest.Text{Value: "assets/*.psd", Pos: manifest.Position{File: "spin.toml", Line: 7, Column: 18}}) {
		t.Errorf("got %v, %v", c.Files, c.ExcludeFiles)
	}
}

func TestWholeFolderIsWarnedOf(t *testing.T) {
	m := parse(t, component+"source = \"c\"\nfiles = [\"a/*\", \"*\", \"**/*\", \"**\"]\n")
	checkWarnings(t, m, `spin.toml:6:17: component.c.files: "*" gives the guest all files*`, `spin.toml:6:22: component.c.files: "*" gives*`)
}

func TestFileFaults(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`files = "x"`, `6:9: component.c.files: must be an array of strings and tables, not a string: write ["x"]`},
		{`files = [1]`, `6:10: component.c.files: must be a path, a pattern, or { source, destination }, not an integer`},
		{`files = [""]`, `6:10: component.c.files: the path is empty*`},
		{`files = [".."]`, `6:10: component.c.files: ".." has no name that the guest could see: write { source = "..", destination = "/" }`},
		{`files = ["."]`, `6:10: *"." has no name*`},
		{`files = ["a/."]`, `6:10: *"a/." has no name*`},
		{`files = ["a/.."]`, `6:10: *"a/.." has no name*`},
		{`files = [{ source = "x" }]`, `6:10: component.c.files: the key "destination" is missing: write { source = "path", destination = "/path/in/guest" }`},
		{`files = [{ destination = "x" }]`, `6:10: component.c.files: the key "source" is missing*`},
		{`files = [{ source = "x", destinaton = "/" }]`, `6:10: *`},
		{`files = [{ source = "x", destination = "/", mode = 1 }]`, `6:45: component.c.files.mode: unknown key "mode"*`},
		{`files = [{ source = "", destination = "/" }]`, `6:21: component.c.files.source: the path is empty*`},
		{`files = [{ source = "x", destination = "/../etc" }]`, `6:40: component.c.files.destination: the path leads upwards with ".."*`},
		{`files = [{ source = "x", destination = "a\\..\\b" }]`, `6:40: *leads upwards*`},
		{`exclude_files = [""]`, `6:18: component.c.exclude_files: the pattern is empty*`},
		{`exclude_files = "x"`, `6:17: component.c.exclude_files: must be an array of strings, not a string: write ["x"]`},
	} {
		if fault := faultsOf(t, component+"source = \"c\"\n"+test.text)[0]; !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.text, fault, test.want)
		}
	}
}
