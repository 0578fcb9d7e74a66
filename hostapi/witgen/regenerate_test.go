package main

import (
	"bufio"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// directive is how the lines begin with which packages ask to be generated.
const directive = "//go:generate go run github.com/spinhost/spin/hostapi/witgen "

// root is the folder of the module.
const root = "../.."

// Every package of this repository that is generated from WIT is what its WIT gives today.
func TestRegenerate(t *testing.T) {
	found := 0
	for dir, args := range directives(t) {
		found++
		t.Run(filepath.ToSlash(strings.TrimPrefix(dir, root+string(filepath.Separator))), func(t *testing.T) {
			c, err := parse(args, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			files, err := c.generate(dir)
			if err != nil {
				t.Fatal(err)
			}
			out := filepath.Join(dir, c.out)
			for _, f := range files {
				text, err := os.ReadFile(filepath.Join(out, f.Name))
				if err != nil {
					t.Errorf("%v; run go generate", err)
				} else if !bytes.Equal(text, f.Text) {
					t.Errorf("%s is not what its WIT gives; run go generate", f.Name)
				}
			}
			old, err := stale(out, files)
			if err != nil || len(old) > 0 {
				t.Errorf("files %q are left over, %v; run go generate", old, err)
			}
		})
	}
	if found < 2 {
		t.Errorf("only %d packages are generated", found)
	}
}

// directives finds the command lines of all packages, by folder.
func directives(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case filepath.Ext(path) != ".go":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if args, ok := strings.CutPrefix(lines.Text(), directive); ok {
				dir := filepath.Dir(path)
				if found[dir] != nil {
					t.Errorf("%s has two generated packages", dir)
				}
				found[dir] = strings.Fields(args)
			}
		}
		return lines.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The packages of tests are among those that TestRegenerate finds.
func TestDirectives(t *testing.T) {
	dirs := directives(t)
	for _, dir := range []string{"internal/golden/base", "internal/golden/values"} {
		path := filepath.Join(root, "hostapi/witgen", dir)
		if !slices.Contains(dirs[path], "-package") {
			t.Errorf("%s is not found", dir)
		}
	}
}
