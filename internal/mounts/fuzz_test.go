package mounts_test

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/mounts"
)

// FuzzCopied looks for panics, and for files in a tree that are not below the
// app's folder. The folder has a secret beside it and links to it.
func FuzzCopied(f *testing.F) {
	top := f.TempDir()
	must(f, os.WriteFile(filepath.Join(top, "secret"), []byte("secret"), 0o644))
	dir := filepath.Join(top, "app")
	must(f, os.Rename(onDisk(f, folder("f", "s/x/y", "s/in -> x", "s/out -> ../../secret", "s/.d/e", "up -> ..", "[a]")), dir))
	app := os.DirFS(dir)
	for _, entry := range []string{"f", "s", "s/*", "**/*", "../secret", "s/x/y => /../../a", "up/secret", "s/in/y", "[[]a]", "s/[!a-c]?*"} {
		source, destination, table := strings.Cut(entry, " => ")
		f.Add(source, destination, table, "s/o*")
		f.Add(source, destination, !table, "**")
	}
	f.Fuzz(func(t *testing.T, source, destination string, table bool, exclude string) {
		s := mounts.Spec{Files: []mounts.Entry{{Source: source, Destination: destination, Table: table}}}
		direct, err := mounts.Direct(app, s)
		checkFault(t, err)
		for _, m := range direct {
			checkSecret(t, m.FS)
		}
		s.Exclude = []mounts.Exclude{{Pattern: exclude}, {Pattern: "s/out"}, {Pattern: "up"}}
		tree, err := mounts.Copied(t.Context(), app, s)
		checkFault(t, err)
		if err != nil {
			return
		}
		for _, file := range tree.Files() {
			if !fs.ValidPath(file.Source) || !strings.HasPrefix(file.Guest, "/") || path.Clean(file.Guest) != file.Guest {
				t.Fatalf("%+v", file)
			}
		}
		checkSecret(t, tree)
	})
}

func checkSecret(t *testing.T, fsys fs.FS) {
	t.Helper()
	err := fs.WalkDir(fsys, ".", func(name string, item fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if data, err := fs.ReadFile(fsys, name); err == nil && string(data) == "secret" {
			t.Fatalf("%s shows the secret", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFault(t *testing.T, err error) {
	var faults mounts.Errors
	if err == nil {
		return
	}
	if !errors.As(err, &faults) || len(faults) == 0 || len(err.Error()) > 4000 {
		t.Fatalf("%T %.500v", err, err)
	}
	for _, f := range faults {
		if f.Reason == "" || f.Err == nil {
			t.Fatalf("%+v", f)
		}
	}
}
