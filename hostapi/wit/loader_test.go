package wit_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/hostapi/wit"
)

// files makes a file system of names and texts.
func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

func TestDirectoryIsOnePackage(t *testing.T) {
	set, err := wit.ParseFS(files(
		"wit/b.wit", "/// From b.\npackage a:b@1.0.0; use types as t; interface one { use t.{x}; }",
		"wit/a.wit", "interface types { type x = u8; } world w { import one; }",
		"wit/c.wit", "/// From c.\npackage a:b@1.0.0; package c:d { interface nested {} }",
		"wit/notes.txt", "not WIT",
		"wit/other/d.wit", "not WIT either",
	), "wit")
	if err != nil {
		t.Fatal(err)
	}
	root := set.Root
	if root.ID() != "a:b@1.0.0" || len(root.Interfaces) != 2 || root.Interfaces[0].Name != "types" || root.Interfaces[1].Name != "one" || len(root.Worlds) != 1 {
		t.Errorf("root is %+v", root)
	}
	if root.Docs != "From b.\nFrom c." {
		t.Errorf("docs are %q", root.Docs)
	}
	if set.Interface("c:d/nested") == nil {
		t.Error("nested package is missing")
	}
	if pos := root.Interfaces[1].Pos; pos.File != "wit/b.wit" {
		t.Errorf("interface is at %v", pos)
	}
}

func TestAliasesBelongToTheirFile(t *testing.T) {
	_, err := wit.ParseFS(files(
		"a.wit", "package a:b; use types as t; interface types { type x = u8; }",
		"b.wit", "interface one { use t.{x}; }",
	), ".")
	if want := "b.wit:1:21: interface or world t is not defined in this package"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDeps(t *testing.T) {
	set, err := wit.ParseFS(files(
		"main.wit", "package a:b; world w { import c:d/i; import e:f/j@1.0.0; import g:h/k; }",
		"deps/single.wit", "package c:d; interface i { use e:f/j@1.0.0.{t}; }",
		"deps/any-name@1/types.wit", "interface j { type t = u8; }",
		"deps/any-name@1/package.wit", "package e:f@1.0.0; package g:h { interface k {} }",
		"deps/any-name@1/deps/deeper.wit", "this is ignored",
		"deps/README.md", "this too",
		"deps/empty/README.md", "and this",
	), ".")
	if err != nil {
		t.Fatal(err)
	}
	if got := list(set.World("a:b/w").Imports); got != "e:f/j@1.0.0 c:d/i g:h/k" {
		t.Errorf("imports are %s", got)
	}
	if set.Root != set.Package("a:b") {
		t.Errorf("root is %v", set.Root.ID())
	}
}

// Sources see each other, and the last one is the root.
func TestSeveralSources(t *testing.T) {
	var l wit.Loader
	l.Add("x.wit", "package x:x; interface i { use y:y/j.{t}; }")
	l.AddFS(files("y/y.wit", "package y:y; interface j { type t = u8; }", "z.wit", "package z:z; world w { import x:x/i; }"), "y", "z.wit")
	set, err := l.Load()
	if err != nil {
		t.Fatal(err)
	}
	if set.Root.ID() != "z:z" {
		t.Errorf("root is %s", set.Root.ID())
	}
	if got := list(set.Root.Worlds[0].Imports); got != "(y:y/j) x:x/i" {
		t.Errorf("imports are %s", got)
	}
}

func TestOnlyNestedPackages(t *testing.T) {
	set := mustParse(t, "package a:b { interface i {} } package c:d { world w { import a:b/i; } }")
	if set.Root != nil || len(set.Packages) != 2 {
		t.Errorf("root %v of %d packages", set.Root, len(set.Packages))
	}
	if got, want := set.String(), "package a:b {\n  interface i {}\n}\n\npackage c:d {\n  world w {\n    import a:b/i;\n  }\n}\n"; got != want {
		t.Errorf("got:\n%s", got)
	}
}

// A package may come from several places if it is the same there.
func TestSamePackageTwice(t *testing.T) {
	fsys := files(
		"a/a.wit", "package a:a; interface i { use c:c/j.{t}; }",
		"a/deps/c.wit", "package c:c; interface j { type t = u8; } world w {}",
		"b/b.wit", "package b:b; interface i { use c:c/j.{t}; }",
		"b/deps/c/one.wit", "// The same in two files.\npackage c:c; world w { }",
		"b/deps/c/two.wit", "/// Documented.\ninterface j { type t=u8; }",
		"d/d.wit", "package d:d; package c:c { interface j { type t = u16; } world w {} }",
	)
	if _, err := wit.ParseFS(fsys, "a", "b"); err != nil {
		t.Error(err)
	}
	_, err := wit.ParseFS(fsys, "a", "d")
	if want := "d/d.wit:1:22: package c:c is already defined at a/deps/c.wit:1:9, with other contents"; err == nil || err.Error() != want || !errors.Is(err, wit.ErrDuplicate) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestLoaderFaults(t *testing.T) {
	fsys := files(
		"two/a.wit", "package a:b;", "two/b.wit", "package a:c;",
		"none/a.wit", "interface i {}",
		"empty/notes.txt", "",
		"bad/a.wit", "package a:b; interface {", "bad/b.wit", "interface i { f: func(a: u8 }", "bad/deps/c.wit", "?",
	)
	tests := []struct {
		name  string
		paths []string
		class error
		want  string
	}{
		{"packages of one directory", []string{"two"}, wit.ErrInvalid, "two/b.wit:1:9: package a:c is declared here, but a:b at two/a.wit:1:9; the files of a directory make up one package"},
		{"no declaration", []string{"none"}, wit.ErrInvalid, "none: no package is declared; start one of the files with a line such as: package example:name;"},
		{"no WIT", []string{"empty"}, wit.ErrInvalid, "empty: the directory has no file that ends in .wit"},
		{"no file", []string{"absent.wit"}, fs.ErrNotExist, "absent.wit: cannot read: open absent.wit: file does not exist"},
		{"nothing", nil, wit.ErrInvalid, "there is nothing to load"},
		{"every file is reported", []string{"bad", "absent"}, wit.ErrSyntax, `bad/a.wit:1:24: expected interface name, found "{"
bad/b.wit:1:29: expected "," or ")", found "}"
bad/deps/c.wit:1:1: unexpected character '?'
absent: cannot read: open absent: file does not exist`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set, err := wit.ParseFS(fsys, test.paths...)
			if err == nil || set != nil {
				t.Fatalf("set %v, error %v", set, err)
			}
			if err.Error() != test.want || !errors.Is(err, test.class) {
				t.Errorf("\ngot  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestParseDir(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("wit/main.wit", "package a:b; interface i { use c:d/j.{t}; }")
	write("store/types.wit", "package c:d; interface j { type t = u8; }")
	if err := os.Mkdir(filepath.Join(dir, "wit/deps"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "store"), filepath.Join(dir, "wit/deps/linked")); err != nil {
		write("wit/deps/linked/types.wit", "package c:d; interface j { type t = u8; }") // links need rights on some systems
	}
	set, err := wit.ParseDir(filepath.Join(dir, "wit"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := set.Root.Interfaces[0].Pos.File, filepath.Join(dir, "wit", "main.wit"); got != want {
		t.Errorf("position is in %s, want %s", got, want)
	}
	if set, err = wit.ParseDir(filepath.Join(dir, "store", "types.wit")); err != nil || set.Root.ID() != "c:d" {
		t.Errorf("single file: %v, %v", set, err)
	}
	if _, err = wit.ParseDir(filepath.Join(dir, "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent path: %v", err)
	}
}

func TestKeep(t *testing.T) {
	const text = `package a:b@1.0.0;
interface i {
  @unstable(feature = one) f: func();
  @unstable(feature = two) g: func();
  @since(version = 1.0.0) h: func();
  @unstable(feature = one) type t = u8;
  resource r { @unstable(feature = two) m: func(); n: func(); }
}
@unstable(feature = two) interface j {}
@unstable(feature = one) world v {}
world w { @unstable(feature = one) import x: func(); @unstable(feature = two) export i; @unstable(feature = one) include v; @unstable(feature = one) use i.{t}; }
`
	load := func(keep func(wit.Stability) bool) (*wit.Set, error) {
		l := wit.Loader{Keep: keep}
		l.Add("f.wit", text)
		return l.Load()
	}
	tests := []struct {
		name string
		keep func(wit.Stability) bool
		want string // interface and world as they remain
	}{
		{"all", nil, "[method]r.m [method]r.n f g h | i j | v w | (a:b/i@1.0.0) t x | a:b/i@1.0.0"},
		{"none", wit.Features(), "[method]r.n h | i | w |  | "},
		{"one", wit.Features("one"), "[method]r.n f h | i | v w | (a:b/i@1.0.0) t x | "},
		{"two", wit.Features("two", "three"), "[method]r.m [method]r.n g h | i j | w |  | a:b/i@1.0.0"},
		{"no gated item", func(wit.Stability) bool { return false }, "[method]r.n | i | w |  | "},
	}
	for _, test := range tests {
		set, err := load(test.keep)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var funcs, interfaces, worlds []string
		for _, f := range set.Interface("a:b/i@1.0.0").Funcs {
			funcs = append(funcs, f.WireName())
		}
		for _, i := range set.Root.Interfaces {
			interfaces = append(interfaces, i.Name)
		}
		for _, w := range set.Root.Worlds {
			worlds = append(worlds, w.Name)
		}
		w := set.World("a:b/w@1.0.0")
		got := strings.Join([]string{strings.Join(funcs, " "), strings.Join(interfaces, " "), strings.Join(worlds, " "), list(w.Imports), list(w.Exports)}, " | ")
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestUseOfWhatIsNotKept(t *testing.T) {
	l := wit.Loader{Keep: wit.Features()}
	l.Add("f.wit", `package a:b;
interface i {
  @unstable(feature = x) type t = u8;
  f: func(a: t);
}
@unstable(feature = x) interface j { type u = u8; }
interface k { use j.{u}; use i.{t}; }
`)
	_, err := l.Load()
	want := `f.wit:7:19: j of this package is left out by its feature gate
f.wit:7:33: type t of interface i is left out by its feature gate
f.wit:4:14: type t of interface i is left out by its feature gate`
	if err == nil || err.Error() != want || !errors.Is(err, wit.ErrUndefined) {
		t.Errorf("got %v", err)
	}
}
