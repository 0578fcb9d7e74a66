package volumes_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/internal/bundle"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/internal/volumes"
)

// app has a component with a key of its own about files.
func app(files string) fstest.MapFS {
	return fstest.MapFS{
		"spin.toml": {Data: []byte(`spin_manifest_version = 2
application.name = "test"
trigger = {}
[component.main]
source = "main.wasm"
files = ` + files + "\n")},
		"static/a.txt": {Data: []byte("a")},
	}
}

// open opens the volumes of the component.
func open(t *testing.T, fsys fstest.MapFS, dir string, v *volumes.Volumes) ([]string, error) {
	t.Helper()
	cfg := bundle.Config{FS: fsys}
	if dir != "" {
		if err := os.CopyFS(dir, fsys); err != nil {
			t.Fatal(err)
		}
		cfg.FS = nil
	}
	b := bundle.New(cfg)
	t.Cleanup(b.Close)
	m, err := b.Manifest(filepath.Join(dir, "spin.toml"))
	if err != nil {
		t.Fatal(err)
	}
	v.Bundle, v.Log = b, slog.New(slog.DiscardHandler)
	t.Cleanup(v.Close)
	list, err := v.Open(t.Context(), m.Components[0])
	var paths []string
	for _, x := range list {
		paths = append(paths, x.Path)
	}
	return paths, err
}

const direct = `[{ source = "static", destination = "/public" }]`

func TestWhereFilesAreMounted(t *testing.T) {
	for _, tt := range []struct {
		behaviour, files string
		disk             bool
		v                volumes.Volumes
		want             string
	}{
		{"files as they were", `["static/*.txt"]`, false, volumes.Volumes{}, "/"},
		{"folders as they are", direct, false, volumes.Volumes{Direct: true}, "/public"},
		{"folders on disk as they are", direct, true, volumes.Volumes{Direct: true}, "/public"},
		{"folders in which guests write", direct, true, volumes.Volumes{Direct: true, Write: true}, "/public"},
	} {
		dir := ""
		if tt.disk {
			dir = t.TempDir()
		}
		got, err := open(t, app(tt.files), dir, &tt.v)
		if err != nil || !slices.Equal(got, []string{tt.want}) {
			t.Errorf("%s: %q, %v", tt.behaviour, got, err)
		}
	}
}

func TestCopiesAreRemoved(t *testing.T) {
	temp := t.TempDir()
	v := &volumes.Volumes{Write: true, TempDir: temp}
	if _, err := open(t, app(direct), "", v); err != nil {
		t.Fatal(err)
	}
	copies, err := filepath.Glob(temp + "/spin-files-*/public/a.txt")
	if err != nil || len(copies) != 1 {
		t.Errorf("%q, %v", copies, err)
	}
	v.Close()
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		behaviour, files, text string
		v                      volumes.Volumes
	}{
		{"no such folder", `[{ source = "none", destination = "/" }]`, "none", volumes.Volumes{}},
		{"no folder", `["static/a.txt"]`, "files", volumes.Volumes{Direct: true}},
		{"nothing to write into", direct, "guests cannot write into Config.FS", volumes.Volumes{Direct: true, Write: true}},
		{"no place for copies", direct, "Config.TempDir", volumes.Volumes{Write: true, TempDir: filepath.Join(t.TempDir(), "none")}},
	} {
		_, err := open(t, app(tt.files), "", &tt.v)
		var f *fault.Error
		if !errors.As(err, &f) || f.Pos.Line != 6 || !strings.Contains(err.Error(), tt.text) {
			t.Errorf("%s: got %v", tt.behaviour, err)
		}
	}
}
