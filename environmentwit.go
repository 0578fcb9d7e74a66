package spin

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// ownWIT has the WIT of the interfaces that come with spin. What is in a folder hostapi/NAME/wit/NAME
// uses nothing outside of it.
//
//go:embed hostapi/*/wit
var ownWIT embed.FS

type (
	packageWIT   = wit.Package
	interfaceWIT = wit.Interface
)

// hostWIT gathers the WIT of a host out of sources that each resolve by themselves, and may have
// parts of the same packages.
type hostWIT struct {
	set  wit.Set
	errs []error
}

// addOwn adds the interfaces that come with spin.
func (w *hostWIT) addOwn() {
	dirs, err := fs.Glob(ownWIT, "hostapi/*/wit/*")
	for _, dir := range dirs {
		var files fs.FS
		if files, err = fs.Sub(ownWIT, dir); err != nil {
			break
		}
		w.addFiles(files, dir)
	}
	if err != nil {
		w.errs = append(w.errs, err) // never, of files that are part of the program
	}
}

// addFiles adds all packages of a file system.
func (w *hostWIT) addFiles(fsys fs.FS, of string) {
	if fsys == nil {
		return
	}
	var l wit.Loader
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "deps":
			return fs.SkipDir // read with the folder that it is in
		case d.IsDir():
			if files, err := fs.Glob(fsys, path.Join(escapeGlob(name), "*.wit")); err != nil || len(files) == 0 {
				return err
			}
			l.AddFS(fsys, name)
		}
		return nil
	})
	var set *wit.Set
	if err == nil {
		set, err = l.Load()
	}
	if err != nil {
		w.errs = append(w.errs, fmt.Errorf("the WIT of %s: %w", of, err))
		return
	}
	w.add(set)
}

// escapeGlob makes a pattern that matches only a name.
func escapeGlob(name string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(name)
}

// add adds interfaces that are not there yet.
func (w *hostWIT) add(set *wit.Set) {
	for _, p := range set.Packages {
		k := slices.IndexFunc(w.set.Packages, func(q *wit.Package) bool { return q.ID() == p.ID() })
		if k < 0 {
			own := *p
			own.Interfaces = slices.Clone(p.Interfaces)
			w.set.Packages = append(w.set.Packages, &own)
			continue
		}
		own := w.set.Packages[k]
		for _, i := range p.Interfaces {
			if !slices.ContainsFunc(own.Interfaces, func(j *wit.Interface) bool { return j.Name == i.Name }) {
				own.Interfaces = append(own.Interfaces, i)
			}
		}
	}
}

// rename adds what an interface is under the version of another name of it, with what it uses.
func (w *hostWIT) rename(from, to string) {
	_, old, _ := strings.Cut(from, "@")
	_, version, ok := strings.Cut(to, "@")
	if !ok || w.set.Interface(to) != nil || w.set.Interface(from) == nil {
		return
	}
	var l wit.Loader
	for _, p := range w.set.Packages {
		if p.Version == old {
			l.Add(p.ID()+".wit", strings.ReplaceAll(p.String(), "@"+old, "@"+version))
		} else {
			l.Add(p.ID()+".wit", p.String()) // may be used
		}
	}
	set, err := l.Load()
	if err != nil {
		w.errs = append(w.errs, errors.Join(fmt.Errorf("the WIT of %s, as %s", from, to), err))
		return
	}
	w.add(set)
}
