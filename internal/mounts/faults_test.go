package mounts_test

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/internal/mounts"
)

func TestCopiedFaults(t *testing.T) {
	fsystems := systems(t, folder("f.txt", "s/x/y/z", "out -> ../secret", "abs -> /etc", "far -> s/../../secret", "self -> self",
		"loop/up -> ../loop", "loop/a", "leak/passwd -> ../../../etc/passwd", "leak/a"))
	for _, c := range []struct {
		entries []string
		cause   error
		want    string
	}{
		{[]string{"f.txt => /"}, mounts.ErrDestination, `spin.toml:1:1: files: "f.txt" is a file, and the destination "/" is a folder: write the name of the file too, destination = "/f.txt"`},
		{[]string{"f.txt => /a/"}, mounts.ErrDestination, `destination = "/a/f.txt"`},
		{[]string{"f.txt => /a/."}, mounts.ErrDestination, `destination = "/a/f.txt"`},
		{[]string{"f.txt => "}, mounts.ErrDestination, `is a folder`},
		{[]string{"f.txt => ../x"}, mounts.ErrDestination, `".."`},
		{[]string{"s => /a/../../x"}, mounts.ErrDestination, `".."`},
		{[]string{"s => /\x00"}, mounts.ErrDestination, `a character that no path has`},
		{[]string{"nope"}, fs.ErrNotExist, `"nope" does not exist and is no pattern`},
		{[]string{"nope => /x"}, fs.ErrNotExist, `"nope" does not exist: name a file or a folder`},
		{[]string{"s/* => /x"}, fs.ErrNotExist, `only plain strings can be patterns`},
		{[]string{"f.txt/x"}, fs.ErrNotExist, `does not exist`},
		{[]string{"f.txt/"}, mounts.ErrKind, `write it without the slash`},
		{[]string{".."}, mounts.ErrEscape, `has the part ".."`},
		{[]string{"s/../f.txt"}, mounts.ErrEscape, `has the part ".."`},
		{[]string{"../**/*"}, mounts.ErrEscape, `has the part ".."`},
		{[]string{"s/.. => /"}, mounts.ErrEscape, `has the part ".."`},
		{[]string{"/etc/passwd"}, mounts.ErrEscape, `is an absolute path: write it relative`},
		{[]string{"/etc/* => /"}, mounts.ErrEscape, `is an absolute path`},
		{[]string{"."}, mounts.ErrPath, `is the whole folder of the manifest`},
		{[]string{"./"}, mounts.ErrPath, `is the whole folder of the manifest`},
		{[]string{"s/."}, mounts.ErrPath, `ends in "/.": write "s"`},
		{[]string{""}, mounts.ErrPath, `"" is empty`},
		{[]string{"a\x00b"}, mounts.ErrPath, `a character that no path has`},
		{[]string{"a\xffb"}, mounts.ErrPath, `a character that no path has`},
		{[]string{strings.Repeat("a", 5000)}, mounts.ErrLimit, `is too long`},
		{[]string{"s => /" + strings.Repeat("a", 5000)}, mounts.ErrLimit, `is too long`},
		{[]string{"a[b"}, mounts.ErrPattern, `has [ without the ]`},
		{[]string{"a[b/c]"}, mounts.ErrPattern, `has [ without the ]`},
		{[]string{"a***"}, mounts.ErrPattern, `more than two stars`},
		{[]string{"a**/b"}, mounts.ErrPattern, `has ** beside other characters`},
		{[]string{"**a"}, mounts.ErrPattern, `has ** beside other characters`},
		{[]string{strings.Repeat("*/", 100)}, mounts.ErrPattern, `too many parts`},
		{[]string{strings.Repeat("?", 600)}, mounts.ErrPattern, `too long`},
		{[]string{"f.txt", "!a[b"}, mounts.ErrPattern, `spin.toml:2:1: exclude_files: "a[b" has [ without the ]`},
		{[]string{"f.txt", "!a\x00"}, mounts.ErrPattern, `a character that no path has`},
		{[]string{"out"}, mounts.ErrEscape, `"out" is, or goes through, a symbolic link that leads out of the folder of the manifest`},
		{[]string{"out/x"}, mounts.ErrEscape, `goes through`},
		{[]string{"abs/passwd => /p"}, mounts.ErrEscape, `goes through`},
		{[]string{"far"}, mounts.ErrEscape, `goes through`},
		{[]string{"abs/*"}, mounts.ErrEscape, `"abs/*" has the symbolic link "abs", which leads out`},
		{[]string{"leak => /"}, mounts.ErrEscape, `has the symbolic link "leak/passwd", which leads out of the folder of the manifest: put there what it leads to, or exclude it: exclude_files = ["leak/passwd"]`},
		{[]string{"leak/*"}, mounts.ErrEscape, `"leak/passwd"`},
		{[]string{"self"}, mounts.ErrLink, `leads back to itself`},
		{[]string{"loop => /"}, mounts.ErrLink, `has the symbolic link "loop/up", which leads back to itself or to a folder around it`},
		{[]string{"loop/**/a"}, mounts.ErrLink, `exclude it: exclude_files = ["loop/up"]`},
		{[]string{"f.txt => /x", "s => /x"}, mounts.ErrDestination, `where another entry has a file and this one a folder`},
		{[]string{"s => /x", "f.txt => /x"}, mounts.ErrDestination, `where another entry has a file`},
	} {
		for system, app := range fsystems {
			tree, err := mounts.Copied(t.Context(), app, spec(c.entries...))
			var faults mounts.Errors
			if tree != nil || !errors.As(err, &faults) || !errors.Is(err, c.cause) {
				t.Errorf("%s %.60q: got %v %v", system, c.entries, tree, err)
				continue
			}
			if !strings.Contains(err.Error(), c.want) || len(err.Error()) > 800 {
				t.Errorf("%s %.60q: got %v", system, c.entries, err)
			}
		}
	}
}

// odd has a pipe, and a file and a folder that the operating system does not give.
type odd struct{ fs.FS }

func (o odd) Open(name string) (fs.File, error) {
	if strings.HasPrefix(name, "shut") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return o.FS.Open(name)
}

func (o odd) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "shut" || name == "s/shut" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return fs.ReadDir(o.FS, name)
}

func TestFilesThatAreNoneOrCannotBeRead(t *testing.T) {
	app := odd{fstest.MapFS{"pipe": {Mode: fs.ModeNamedPipe}, "device": {Mode: fs.ModeDevice}, "s/a": {}, "s/pipe": {Mode: fs.ModeNamedPipe},
		"s/shut/b": {}, "shut/x": {}}}
	for _, c := range []struct{ entry, want string }{
		{"pipe", `"pipe" is neither a regular file nor a folder: name another one`},
		{"device => /d", `is neither a regular file nor a folder`},
		{"s => /", "has a folder that cannot be read: open s/shut: permission denied: make it readable, or leave it out"},
		{"s/**/*", "has a folder that cannot be read"},
		{"shut/*", "cannot be read"},
	} {
		_, err := mounts.Copied(t.Context(), app, spec(c.entry))
		var faults mounts.Errors
		if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Pos.Line != 1 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.entry, err)
		}
	}
	// A pattern stands for the regular files among what it matches.
	tree, err := mounts.Copied(t.Context(), app, spec("s/*", "*", "!s/shut/*"))
	if err != nil || listing(tree) != "s/a" {
		t.Errorf("got %v, %v", tree, err)
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	_, err := mounts.Copied(t.Context(), site, spec("nope", "f.txt", "..", "!a***", "/"))
	var faults mounts.Errors
	if !errors.As(err, &faults) || len(faults) != 4 {
		t.Fatalf("got %v", err)
	}
	var many []string
	for range 100 {
		many = append(many, "nope")
	}
	_, err = mounts.Copied(t.Context(), site, spec(many...))
	if !errors.As(err, &faults) || len(faults) != 32 {
		t.Errorf("got %d faults", len(faults))
	}
}

// TestCostlyPatterns has patterns and folders for which simple matchers and walks
// take exponential time.
func TestCostlyPatterns(t *testing.T) {
	names := []string{strings.Repeat("a", 200)}
	deep := "d"
	for range 100 {
		deep += "/d"
	}
	names = append(names, deep+"/f")
	app := folder(names...)
	tree, err := mounts.Copied(t.Context(), app, spec(strings.Repeat("a*", 100)+"b", strings.Repeat("**/d/", 30)+"*", "!**/d"+strings.Repeat("*d", 60)+"x"))
	if err != nil || listing(tree) != deep+"/f" {
		t.Errorf("got %v", err)
	}

	app = folder(deep + "/" + strings.TrimPrefix(deep, "d/") + "/f")
	if _, err = mounts.Copied(t.Context(), app, spec("d => /")); !errors.Is(err, mounts.ErrLimit) {
		t.Errorf("depth: got %v", err)
	}

	// Each folder has two links to the next one.
	var links []string
	for i := range 30 {
		next := strings.Repeat("x", i+2)
		links = append(links, strings.Repeat("x", i+1)+"/l -> ../"+next, strings.Repeat("x", i+1)+"/m -> ../"+next)
	}
	app = folder(append(links, strings.Repeat("x", 31)+"/f")...)
	if _, err = mounts.Copied(t.Context(), app, spec("x => /")); !errors.Is(err, mounts.ErrLimit) {
		t.Errorf("links: got %v", err)
	}
}

func TestTooManyEntries(t *testing.T) {
	many := mounts.Spec{Files: make([]mounts.Entry, 5000)}
	if _, err := mounts.Copied(t.Context(), site, many); !errors.Is(err, mounts.ErrLimit) {
		t.Errorf("got %v", err)
	}
	many = mounts.Spec{Exclude: make([]mounts.Exclude, 5000)}
	if _, err := mounts.Direct(site, many); !errors.Is(err, mounts.ErrLimit) {
		t.Errorf("got %v", err)
	}
}

// flood is a folder with the files 1 to n, which costs nothing to make.
type flood struct {
	fs.FS
	n int
}

func (f flood) ReadDir(string) ([]fs.DirEntry, error) {
	list := make([]fs.DirEntry, f.n)
	for i := range list {
		list[i] = numbered(i)
	}
	return list, nil
}

type numbered int

func (n numbered) Name() string               { return strconv.Itoa(int(n)) }
func (n numbered) IsDir() bool                { return false }
func (n numbered) Type() fs.FileMode          { return 0 }
func (n numbered) Info() (fs.FileInfo, error) { return nil, fs.ErrInvalid }

func TestTooManyFiles(t *testing.T) {
	if _, err := mounts.Copied(t.Context(), flood{fstest.MapFS{}, 1<<17 + 1}, spec("*")); !errors.Is(err, mounts.ErrLimit) {
		t.Errorf("got %v", err)
	}
	// Many names are no fault as long as few files are taken.
	tree, err := mounts.Copied(t.Context(), flood{fstest.MapFS{}, 1<<17 + 1}, spec("*000"))
	if err != nil || len(tree.Files()) != 131 {
		t.Errorf("got %v", err)
	}
	if _, err := mounts.Copied(t.Context(), flood{fstest.MapFS{}, 1<<18 + 1}, spec("nothing*")); !errors.Is(err, mounts.ErrLimit) {
		t.Errorf("names: got %v", err)
	}
}

// TestTooMuchWork has an exclude that stays possible along each of many names.
func TestTooMuchWork(t *testing.T) {
	s := spec("*", "!*"+strings.Repeat("?*", 80)+"x")
	_, err := mounts.CopiedWithin(t.Context(), flood{fstest.MapFS{}, 10_000}, s, 100_000)
	if !errors.Is(err, mounts.ErrLimit) || !strings.Contains(err.Error(), "write fewer patterns") {
		t.Errorf("got %v", err)
	}
	if _, err := mounts.CopiedWithin(t.Context(), flood{fstest.MapFS{}, 10_000}, s, 10_000_000); err != nil {
		t.Errorf("got %v", err)
	}
}
