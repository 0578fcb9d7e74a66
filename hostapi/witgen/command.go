package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
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

// parse reads the command line. Usage goes to w.
func parse(args []string, w io.Writer) (*command, error) {
	flags := flag.NewFlagSet("witgen", flag.ContinueOnError)
	flags.SetOutput(w)
	dirs := flags.String("wit", "", "folders of WIT packages, `DIR,...`; DIR/... means DIR and every folder below it")
	id := flags.String("package", "", "`ID` of the WIT package")
	interfaces := flags.String("interfaces", "", "`NAME,...` of the interfaces that a host implements; none for none")
	exports := flags.String("exports", "", "`NAME,...` of the interfaces that guests implement")
	name := flags.String("go", "", "`NAME` of the Go package")
	out := flags.String("o", ".", "`DIR` for the files")
	use := flags.String("use", "", "`ID=PATH,...` of Go packages generated from other WIT")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	c := &command{wit: list(*dirs), out: *out}
	c.opts = gen.Options{Package: *id, Exports: list(*exports), GoPackage: *name, Use: map[string]string{}}
	switch {
	case flags.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case len(c.wit) == 0:
		return nil, errors.New("-wit is missing: name the folders of WIT")
	case *id == "":
		return nil, errors.New("-package is missing: name the WIT package")
	case *interfaces == "none":
		c.opts.Interfaces = []string{}
	default:
		c.opts.Interfaces = list(*interfaces)
	}
	for _, u := range list(*use) {
		from, to, ok := strings.Cut(u, "=")
		if !ok {
			return nil, fmt.Errorf("-use %s: write ID=PATH", u)
		}
		c.opts.Use[from] = to
	}
	return c, nil
}

// list splits a list at commas; an empty text is nil.
func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
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
	return gen.Generate(set, c.opts)
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
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Text, 0o666); err != nil {
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
