package wit

import (
	"io/fs"
	"os"
	"path/filepath"
)

// A Loader collects WIT from any number of sources and resolves it as a whole: each source can use the packages of
// every other, whatever their order. The zero value is ready to use. Faults are kept until Load, so that they come
// in one report. A Loader is for one Load and not for concurrent use.
type Loader struct {
	// Limits bounds what is accepted. Set it before the first source is added.
	Limits Limits
	// Keep tells by the feature gates of an item whether it is part of the result; nil keeps every item. It is
	// called for items that have gates. See [Features].
	Keep func(Stability) bool

	groups  []*group
	files   int
	bytes   int
	items   *budget
	bounded Limits
	errs    ErrorList
}

// A group is the files that make up one package, besides packages nested in them.
type group struct {
	label string // the file or directory, for messages
	root  bool
	files []*sourceFile
}

// Features returns a function for [Loader.Keep] that decides as WIT tools do by default: items under @unstable are
// left out unless their feature is named.
func Features(names ...string) func(Stability) bool {
	enabled := make(map[string]bool)
	for _, n := range names {
		enabled[n] = true
	}
	return func(s Stability) bool { return s.Unstable == "" || enabled[s.Unstable] }
}

// Parse reads WIT from text, which names its package first or consists of nested packages. The name stands for the
// file in positions.
func Parse(name, text string) (*Set, error) {
	var l Loader
	l.Add(name, text)
	return l.Load()
}

// ParseFS reads WIT from files and directories of a file system; see [Loader.AddFS].
func ParseFS(fsys fs.FS, paths ...string) (*Set, error) {
	var l Loader
	l.AddFS(fsys, paths...)
	return l.Load()
}

// ParseDir reads WIT from files and directories of the operating system; see [Loader.AddDir].
func ParseDir(paths ...string) (*Set, error) {
	var l Loader
	l.AddDir(paths...)
	return l.Load()
}

// Add adds the text of one file that holds a package, nested packages or both.
func (l *Loader) Add(name, text string) {
	g := &group{label: name, root: true}
	if l.admit(name, len(text)) {
		l.parse(g, name, text)
	}
	l.groups = append(l.groups, g)
}

// AddFS adds files and directories of a file system. All files of a directory that end in .wit make up one package.
// Its subdirectory deps, if any, holds packages that it uses, one in each file that ends in .wit and in each
// directory of such files; other files and deeper directories are ignored. Symbolic links are followed as fsys does.
func (l *Loader) AddFS(fsys fs.FS, paths ...string) {
	for _, p := range paths {
		l.addPath(fsys, p, func(name string) string { return name })
	}
}

// AddDir is [Loader.AddFS] for paths of the operating system.
func (l *Loader) AddDir(paths ...string) {
	for _, p := range paths {
		dir, base := filepath.Split(filepath.Clean(p))
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			dir, base = p, "."
		}
		fsys := os.DirFS(filepath.Clean(dir))
		l.addPath(fsys, base, func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) })
	}
}

// limits fixes the limits at the first use.
func (l *Loader) limits() *Limits {
	if l.items == nil {
		l.bounded = l.Limits.withDefaults()
		l.items = &budget{left: l.bounded.Items}
	}
	return &l.bounded
}

// admit counts a file and reports whether it is within the limits.
func (l *Loader) admit(name string, size int) bool {
	limits := l.limits()
	l.files++
	l.bytes += size
	pos := Position{File: name}
	switch {
	case size > limits.FileSize:
		l.errs.add(pos, ErrLimit, "file is larger than %d bytes", limits.FileSize)
	case l.bytes > limits.TotalSize:
		l.errs.add(pos, ErrLimit, "all files together are larger than %d bytes", limits.TotalSize)
	case l.files > limits.Files:
		l.errs.add(pos, ErrLimit, "there are more than %d files", limits.Files)
	default:
		return true
	}
	return false
}

// parse adds a parsed file to g.
func (l *Loader) parse(g *group, name, text string) {
	file, errs := parseFile(name, text, l.limits(), l.items)
	g.files = append(g.files, file)
	for _, e := range errs {
		l.errs.add(e.Pos, e.Err, "%s", e.Msg)
	}
}

// Load resolves everything that was added. The error, if any, is an [ErrorList] of all faults; with one there is no
// Set.
func (l *Loader) Load() (*Set, error) {
	l.limits()
	if len(l.groups) == 0 && len(l.errs) == 0 {
		l.errs.add(Position{}, ErrInvalid, "there is nothing to load")
	}
	if err := l.errs.err(); err != nil {
		return nil, err
	}
	r := &resolver{limits: l.bounded, budget: l.items, keepGated: l.Keep, packages: make(map[string]*packageState)}
	set := r.resolve(l.groups)
	if err := r.errs.err(); err != nil {
		return nil, err
	}
	return set, nil
}
