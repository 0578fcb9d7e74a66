package main

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/hostapi/witgen/internal/gen"
)

// command is one run of witgen.
type command struct {
	wit  []string // folders
	out  string
	opts gen.Options
}

// run generates the files and puts them in place.
func (c *command) run() error {
	files, err := c.generate("")
	if err != nil {
		return err
	}
	return write(c.out, files)
}

// generate makes the files. Folders are relative to base.
func (c *command) generate(base string) ([]gen.File, error) {
	dirs, err := folders(base, c.wit)
	if err != nil {
		return nil, err
	}
	set, err := wit.ParseDir(dirs...)
	if err != nil {
		return nil, err
	}
	opts := c.opts
	if opts.Package == "" {
		if opts.Package, err = only(set, len(dirs)); err != nil {
			return nil, err
		}
	}
	if opts.GoPackage == "" {
		opts.GoPackage = packageIn(filepath.Join(base, c.out))
	}
	return gen.Generate(set, opts)
}

// only returns the id of the package that one folder holds.
func only(set *wit.Set, folders int) (id string, err error) {
	if folders == 1 && set.Root != nil {
		return set.Root.ID(), nil
	}
	var ids []string
	for _, p := range set.Packages {
		ids = append(ids, p.ID())
	}
	return "", fmt.Errorf("-package is missing: write which of %s to make Go of", strings.Join(ids, ", "))
}

// packageIn returns the name of the Go package in a folder, as the files say that are not
// generated; "" if there are none.
func packageIn(dir string) string {
	paths, _ := filepath.Glob(filepath.Join(dir, "*.go")) // the pattern is a good one
	for _, path := range paths {
		if strings.HasSuffix(path, gen.Suffix) || strings.HasSuffix(path, "_test.go") {
			continue
		}
		if f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly); err == nil {
			return f.Name.Name
		}
	}
	return ""
}

// folders lists the folders that the patterns stand for.
func folders(base string, patterns []string) ([]string, error) {
	var dirs []string
	for _, pattern := range patterns {
		root, all := strings.CutSuffix(pattern, "/...")
		if !filepath.IsAbs(root) {
			root = filepath.Join(base, root)
		}
		if !all {
			dirs = append(dirs, root)
			continue
		}
		found, err := packages(root)
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, found...)
	}
	return dirs, nil
}

// packages lists root and the folders below it that hold WIT. What is in deps comes with
// the folder around it.
func packages(root string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if d.Name() == "deps" && path != root {
			return fs.SkipDir
		}
		texts, err := filepath.Glob(filepath.Join(path, "*.wit"))
		if len(texts) > 0 {
			dirs = append(dirs, path)
		}
		return err
	})
	if err == nil && len(dirs) == 0 {
		err = fmt.Errorf("there is no WIT in %s or below", root)
	}
	return dirs, err
}

// write puts the files into a folder, in place of those of earlier runs.
func write(dir string, files []gen.File) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	old, err := stale(dir, files)
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, f.Text) {
			continue // whoever goes by times need not look at it again
		}
		if err := os.WriteFile(path, f.Text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// stale lists the files in dir that an earlier run has generated and this one has not.
func stale(dir string, files []gen.File) ([]string, error) {
	fresh := map[string]bool{}
	for _, f := range files {
		fresh[f.Name] = true
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*"+gen.Suffix))
	if err != nil {
		return nil, err
	}
	var old []string
	for _, path := range paths {
		if fresh[filepath.Base(path)] {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(string(text), gen.Header) {
			old = append(old, path)
		}
	}
	return old, nil
}
