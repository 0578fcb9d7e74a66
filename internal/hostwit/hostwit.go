// Package hostwit gathers the WIT of a host out of sources that each resolve by themselves, and may
// have parts of the same packages.
package hostwit

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/internal/semver"
)

// Gathered is what was gathered so far. The zero value is empty.
type Gathered struct {
	set  wit.Set
	errs []error
}

// Set returns what there is.
func (g *Gathered) Set() *wit.Set { return &g.set }

// Err returns what was wrong with sources, all of it joined.
func (g *Gathered) Err() error { return errors.Join(g.errs...) }

// Has reports whether there is an interface, in any compatible version.
func (g *Gathered) Has(id string) bool {
	return slices.ContainsFunc(g.set.Packages, func(p *wit.Package) bool {
		return slices.ContainsFunc(p.Interfaces, func(i *wit.Interface) bool { return semver.TrackOf(i.ID()) == semver.TrackOf(id) })
	})
}

// AddDirs adds folders of a file system that match a pattern, each by itself.
func (g *Gathered) AddDirs(fsys fs.FS, pattern string) {
	dirs, err := fs.Glob(fsys, pattern)
	for _, dir := range dirs {
		var files fs.FS
		if files, err = fs.Sub(fsys, dir); err != nil {
			break
		}
		g.Add(files, dir)
	}
	if err != nil {
		g.errs = append(g.errs, err)
	}
}

// Add adds all packages of a file system; nil has none. Errors say what it is of.
func (g *Gathered) Add(fsys fs.FS, of string) {
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
		g.errs = append(g.errs, fmt.Errorf("the WIT of %s: %w", of, err))
		return
	}
	g.add(set)
}

// escapeGlob makes a pattern that matches only a name.
func escapeGlob(name string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(name)
}

// add adds interfaces that are not there yet.
func (g *Gathered) add(set *wit.Set) {
	for _, p := range set.Packages {
		k := slices.IndexFunc(g.set.Packages, func(q *wit.Package) bool { return q.ID() == p.ID() })
		if k < 0 {
			own := *p
			own.Interfaces = slices.Clone(p.Interfaces)
			g.set.Packages = append(g.set.Packages, &own)
			continue
		}
		own := g.set.Packages[k]
		for _, i := range p.Interfaces {
			if !slices.ContainsFunc(own.Interfaces, func(j *wit.Interface) bool { return j.Name == i.Name }) {
				own.Interfaces = append(own.Interfaces, i)
			}
		}
	}
}

// AddRenamed adds what an interface is under the version of another name of it, with what it uses.
// change, if not nil, makes the text of a package of the other version out of that of the one. Nothing
// is added if the one is not there, or the other is.
func (g *Gathered) AddRenamed(from, to string, change func(text string) string) {
	_, old, _ := strings.Cut(from, "@")
	_, version, ok := strings.Cut(to, "@")
	if !ok || g.set.Interface(to) != nil || g.set.Interface(from) == nil {
		return
	}
	var l wit.Loader
	for _, p := range g.set.Packages {
		if p.Version == old {
			text := p.String()
			if change != nil {
				text = change(text)
			}
			l.Add(p.ID()+".wit", strings.ReplaceAll(text, "@"+old, "@"+version))
		} else {
			l.Add(p.ID()+".wit", p.String()) // may be used
		}
	}
	set, err := l.Load()
	if err != nil {
		g.errs = append(g.errs, errors.Join(fmt.Errorf("the WIT of %s, as %s", from, to), err))
		return
	}
	g.add(set)
}
