package wit

import (
	"io"
	"io/fs"
	"path"
	"strings"
)

// addPath adds one file or directory; display turns paths of fsys into those that positions show.
func (l *Loader) addPath(fsys fs.FS, name string, display func(string) string) {
	g := &group{label: display(name), root: true}
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		l.errs.add(Position{File: g.label}, err, "cannot read: %v", err)
		return
	case !info.IsDir():
		l.read(g, fsys, name, display)
	default:
		l.readDir(g, fsys, name, display)
		if len(g.files) == 0 && len(l.errs) == 0 {
			l.errs.add(Position{File: g.label}, ErrInvalid, "the directory has no file that ends in .wit")
			return
		}
		l.readDeps(fsys, path.Join(name, "deps"), display)
	}
	l.groups = append(l.groups, g)
}

// readDir adds the files of a directory to g.
func (l *Loader) readDir(g *group, fsys fs.FS, dir string, display func(string) string) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		l.errs.add(Position{File: display(dir)}, err, "cannot read: %v", err)
		return
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if strings.HasSuffix(name, ".wit") && modeOf(fsys, name, e).IsRegular() {
			l.read(g, fsys, name, display)
		}
	}
}

// readDeps adds the packages of a deps directory, if there is one.
func (l *Loader) readDeps(fsys fs.FS, deps string, display func(string) string) {
	if info, err := fs.Stat(fsys, deps); err != nil || !info.IsDir() {
		return
	}
	entries, err := fs.ReadDir(fsys, deps)
	if err != nil {
		l.errs.add(Position{File: display(deps)}, err, "cannot read: %v", err)
		return
	}
	for _, e := range entries {
		name := path.Join(deps, e.Name())
		g := &group{label: display(name)}
		switch mode := modeOf(fsys, name, e); {
		case mode.IsDir():
			l.readDir(g, fsys, name, display)
		case mode.IsRegular() && strings.HasSuffix(name, ".wit"):
			l.read(g, fsys, name, display)
		}
		if len(g.files) > 0 {
			l.groups = append(l.groups, g)
		}
	}
}

// modeOf follows symbolic links, which directory entries do not.
func modeOf(fsys fs.FS, name string, e fs.DirEntry) fs.FileMode {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type()
	}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return 0 // a dangling link, which reading reports
	}
	return info.Mode()
}

// read reads one file within the limits and parses it.
func (l *Loader) read(g *group, fsys fs.FS, name string, display func(string) string) {
	shown := display(name)
	f, err := fsys.Open(name)
	if err != nil {
		l.errs.add(Position{File: shown}, err, "cannot read: %v", err)
		return
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(l.limits().FileSize)+1))
	if err != nil {
		l.errs.add(Position{File: shown}, err, "cannot read: %v", err)
		return
	}
	if l.admit(shown, len(text)) {
		l.parse(g, shown, string(text))
	}
}
