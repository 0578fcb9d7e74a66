package mounts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"unicode/utf8"

	"github.com/spinhost/spin/internal/wording"
)

// walker goes through the folders below one that an entry names.
type walker struct {
	*collector
	glob *glob
	to   func(source string) string // guest path of a file
	// around holds the folders that are being read, without links in their paths.
	around []string
}

// walk takes the files that match a glob, each to the place that to says for its
// path below the app's folder.
func (c *collector) walk(g *glob, to func(source string) string) *Error {
	real, info, err := resolve(c.app, ".", g.base)
	switch {
	case errors.Is(err, ErrEscape), errors.Is(err, ErrLink):
		return c.entry.linkFault(g.base, false, err)
	case errors.Is(err, fs.ErrNotExist), err == nil && !info.IsDir():
		return nil // a pattern may match nothing
	case err != nil:
		return c.entry.fault(err, "cannot be read: "+err.Error(), "")
	}
	w := &walker{collector: c, glob: g, to: to}
	return w.folder(g.base, real, g.from(0))
}

// folder reads one folder: at is its path, real the one without links.
func (w *walker) folder(at, real string, p progress) *Error {
	if slices.Contains(w.around, real) {
		if w.excluded(at) {
			return nil
		}
		return w.entry.linkFault(at, true, ErrLink)
	}
	if len(w.around) == maxDepth {
		return w.entry.fault(ErrLimit, fmt.Sprintf("has more than %d folders within each other", maxDepth), "name those that are needed")
	}
	if err := context.Cause(w.ctx); err != nil {
		return w.entry.fault(err, "cannot be read: "+err.Error(), "")
	}
	list, err := fs.ReadDir(w.app, real)
	if err != nil {
		return w.entry.fault(err, "has a folder that cannot be read: "+err.Error(), "make it readable, or leave it out")
	}
	w.around = append(w.around, real)
	defer func() { w.around = w.around[:len(w.around)-1] }()
	for _, item := range list {
		if w.visited++; w.visited > maxVisited || w.budget < 0 {
			return w.tooMuch()
		}
		if fault := w.item(at, real, item, p); fault != nil {
			return fault
		}
	}
	return nil
}

// item takes a file, or goes into a folder, if the glob can match there.
func (w *walker) item(at, real string, item fs.DirEntry, p progress) *Error {
	source, kind := path.Join(at, item.Name()), item.Type()
	folder, file := w.glob.step(p, item.Name(), &w.budget)
	if folder == 0 && !file {
		return nil
	}
	if !utf8.ValidString(item.Name()) {
		w.warn("leaves out "+wording.Quote(source)+", whose name is not UTF-8", "rename it")
		return nil
	}
	real = path.Join(real, item.Name())
	if kind&fs.ModeSymlink != 0 {
		w.visited += linkVisits
		target, info, err := resolve(w.app, path.Dir(real), item.Name())
		switch {
		case err == nil:
			real, kind = target, info.Mode().Type()
		case w.excluded(source), errors.Is(err, fs.ErrNotExist):
			return nil
		case errors.Is(err, ErrEscape), errors.Is(err, ErrLink):
			return w.entry.linkFault(source, true, err)
		default:
			return w.entry.fault(err, "has "+wording.Quote(source)+", which cannot be read: "+err.Error(), "")
		}
	}
	switch {
	case kind.IsDir() && folder != 0:
		return w.folder(source, real, folder)
	case kind.IsRegular() && file && !w.excluded(source):
		return w.take(w.to(source), source, real)
	}
	return nil
}
