package mounts_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/internal/mounts"
)

func siteTree(t *testing.T, app fs.FS) *mounts.Tree {
	t.Helper()
	tree, err := mounts.Copied(t.Context(), app, spec("static/*", "links/file", "static/img => /deep/er", "f.txt => /deep/f"))
	must(t, err)
	return tree
}

func TestTreeIsAFileSystem(t *testing.T) {
	for system, app := range systems(t, site) {
		tree := siteTree(t, app)
		if err := fstest.TestFS(tree, "static/a.js", "static/.hidden", "links/file", "deep/er/deep/y.png", "deep/f"); err != nil {
			t.Errorf("%s: %v", system, err)
		}
	}
}

func TestTree(t *testing.T) {
	for system, app := range systems(t, site) {
		tree := siteTree(t, app)
		if data, err := fs.ReadFile(tree, "links/file"); err != nil || string(data) != "f.txt" {
			t.Errorf("%s: got %q %v", system, data, err)
		}
		info, err := fs.Lstat(tree, "links/file")
		if err != nil || info.Name() != "file" || info.Mode() != 0o444 || info.Size() != 5 {
			t.Errorf("%s: got %v %v", system, info, err)
		}
		for _, name := range []string{"f.txt", "static/img", "static/a.js/x", "links/img", "../f.txt", "/static/a.js", ""} {
			_, openErr := tree.Open(name)
			_, statErr := tree.Stat(name)
			_, readErr := tree.ReadFile(name)
			_, listErr := tree.ReadDir(name)
			if openErr == nil || statErr == nil || readErr == nil || listErr == nil {
				t.Errorf("%s: %s is there", system, name)
			}
		}
		f, err := tree.Open("static/b.css")
		must(t, err)
		var part [3]byte
		if _, err := f.(io.ReaderAt).ReadAt(part[:], 7); err != nil || string(part[:]) != "b.c" {
			t.Errorf("%s: read %q %v", system, part, err)
		}
		if _, ok := f.(io.Writer); ok {
			t.Errorf("%s: files can be written", system)
		}
		must(t, f.Close())
	}
}

// TestTreeKeepsItsNames changes the app's folder after the tree was made.
func TestTreeKeepsItsNames(t *testing.T) {
	dir := onDisk(t, site)
	tree := siteTree(t, os.DirFS(dir))
	must(t, os.WriteFile(filepath.Join(dir, "static", "new"), nil, 0o644))
	must(t, os.Remove(filepath.Join(dir, "static", "a.js")))
	must(t, os.WriteFile(filepath.Join(dir, "static", "b.css"), []byte("new"), 0o644))
	if _, err := tree.Stat("static/new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	_, err := tree.Open("static/a.js")
	var pathErr *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &pathErr) || pathErr.Path != "static/a.js" {
		t.Errorf("got %v", err)
	}
	if data, err := fs.ReadFile(tree, "static/b.css"); err != nil || string(data) != "new" {
		t.Errorf("got %q %v", data, err)
	}
}

func TestCopyTo(t *testing.T) {
	for system, app := range systems(t, site) {
		tree := siteTree(t, app)
		dir := filepath.Join(t.TempDir(), "a", "b")
		must(t, tree.CopyTo(t.Context(), dir))
		must(t, tree.CopyTo(t.Context(), dir)) // over the first
		if err := fstest.TestFS(os.DirFS(dir), "static/a.js", "static/.hidden", "links/file", "deep/er/deep/y.png", "deep/f"); err != nil {
			t.Errorf("%s: %v", system, err)
		}
		info, err := os.Lstat(filepath.Join(dir, "links", "file"))
		if err != nil || !info.Mode().IsRegular() || info.Size() != 5 {
			t.Errorf("%s: got %v %v", system, info, err)
		}
	}
}

func TestCopyToStaysInside(t *testing.T) {
	outside := t.TempDir()
	dir := t.TempDir()
	must(t, os.Symlink(outside, filepath.Join(dir, "static")))
	if err := siteTree(t, site).CopyTo(t.Context(), dir); err == nil {
		t.Error("wrote through a link that leads out")
	}
	if list, err := os.ReadDir(outside); err != nil || len(list) > 0 {
		t.Errorf("outside has %v %v", list, err)
	}
}

func TestCopyToEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := siteTree(t, site).CopyTo(ctx, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestDirect(t *testing.T) {
	for system, app := range systems(t, site) {
		list, err := mounts.Direct(app, spec("static", "links => /l", ". => /"))
		must(t, err)
		if len(list) != 3 || list[0].Guest != "static" || list[1].Guest != "/l" || list[2].Guest != "/" || list[1].Source != "links" {
			t.Fatalf("%s: got %+v", system, list)
		}
		if err := fstest.TestFS(list[0].FS, "a.js", ".hidden", "img/deep/y.png"); err != nil {
			t.Errorf("%s: %v", system, err)
		}
		links := list[1].FS
		if _, err := fs.ReadFile(links, "file"); !errors.Is(err, mounts.ErrEscape) {
			t.Errorf("%s: a link that leads out of the mount: %v", system, err)
		}
		if _, err := fs.Stat(links, "img/x.png"); !errors.Is(err, mounts.ErrEscape) {
			t.Errorf("%s: below such a link: %v", system, err)
		}
		if target, err := fs.ReadLink(links, "file"); err != nil || target != "../f.txt" {
			t.Errorf("%s: got %s %v", system, target, err)
		}
		if info, err := fs.Lstat(links, "file"); err != nil || info.Mode().Type() != fs.ModeSymlink {
			t.Errorf("%s: got %v %v", system, info, err)
		}
		whole := list[2].FS
		if data, err := fs.ReadFile(whole, "links/file"); err != nil || string(data) != "f.txt" {
			t.Errorf("%s: a link inside: %q %v", system, data, err)
		}
		if list, err := fs.ReadDir(whole, "links/img"); err != nil || len(list) != 2 {
			t.Errorf("%s: got %v %v", system, list, err)
		}
	}
}

// TestDirectIsLive adds a file after the mount was made.
func TestDirectIsLive(t *testing.T) {
	dir := onDisk(t, site)
	list, err := mounts.Direct(os.DirFS(dir), spec("static"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "static", "new"), nil, 0o644))
	if _, err := fs.Stat(list[0].FS, "new"); err != nil {
		t.Error(err)
	}
}

func TestDirectFaults(t *testing.T) {
	app := folder("f.txt", "s/a", "out -> ..")
	for _, c := range []struct {
		entry string
		cause error
	}{
		{"f.txt", mounts.ErrKind},
		{"s/*", fs.ErrNotExist},
		{"nope => /", fs.ErrNotExist},
		{"..", mounts.ErrEscape},
		{"out", mounts.ErrEscape},
		{"out => /", mounts.ErrEscape},
		{"s => ", mounts.ErrDestination},
		{"s => /../x", mounts.ErrDestination},
		{"s => d/", mounts.ErrDestination}, // taken
		{"!s/*", mounts.ErrExclude},
	} {
		list, err := mounts.Direct(app, spec("s => /d", c.entry))
		var faults mounts.Errors
		if list != nil || !errors.As(err, &faults) || len(faults) != 1 || !errors.Is(err, c.cause) || faults[0].Pos.Line != 2 {
			t.Errorf("%s: got %v %v", c.entry, list, err)
		}
	}
}
