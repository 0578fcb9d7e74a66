package mounts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"

	"github.com/spinhost/spin/internal/wording"
)

// maxWork bounds what patterns may cost together, in steps: some seconds.
const maxWork = 1 << 28

// collector gathers the files of a component.
type collector struct {
	faults
	ctx      context.Context
	app      fs.FS
	tree     *Tree
	excludes []*pattern
	warnings faults
	entry    Entry // the one that is read
	visited  int
	budget   int
}

// Copied gathers what the entries of a component name, below the root of app. The
// error is [Errors] with every fault, or that of the context.
func Copied(ctx context.Context, app fs.FS, spec Spec) (*Tree, error) {
	return copied(ctx, app, spec, maxWork)
}

func copied(ctx context.Context, app fs.FS, spec Spec, budget int) (*Tree, error) {
	c := &collector{ctx: ctx, app: app, tree: newTree(app), budget: budget}
	if len(spec.Files) > maxEntries || len(spec.Exclude) > maxEntries {
		return nil, tooManyEntries(spec)
	}
	for _, x := range spec.Exclude {
		p, problem := parsePattern(x.Pattern)
		if problem != "" {
			c.add(x.fault(ErrPattern, problem, "write a pattern such as static/*.map"))
			continue
		}
		c.excludes = append(c.excludes, p)
	}
	for _, e := range spec.Files {
		c.entry = e
		if err := c.read(); err != nil {
			if cause := context.Cause(ctx); cause != nil {
				return nil, cause
			}
			c.add(err)
		}
		if c.full() || errors.Is(c.err(), ErrLimit) {
			break
		}
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	c.tree.warnings = c.warnings.errs
	return c.tree, nil
}

func tooManyEntries(spec Spec) error {
	reason := fmt.Sprintf("is one of more than %d entries", maxEntries)
	if len(spec.Files) > maxEntries {
		return Errors{spec.Files[maxEntries].fault(ErrLimit, reason, "name folders")}
	}
	return Errors{spec.Exclude[maxEntries].fault(ErrLimit, reason, "write patterns")}
}

// read gathers the files of one entry.
func (c *collector) read() *Error {
	e := c.entry
	source, fault := checkSource(e)
	if fault != nil {
		return fault
	}
	real, info, err := resolve(c.app, ".", source)
	switch {
	case err == nil && info.IsDir():
		return c.folder(source)
	case err == nil && info.Mode().IsRegular() && e.Source[len(e.Source)-1] != '/':
		return c.file(source, real)
	case err == nil && info.Mode().IsRegular():
		return e.fault(ErrKind, "is a file, not a folder", "write it without the slash at its end")
	case err == nil:
		return e.fault(ErrKind, "is neither a regular file nor a folder", "name another one")
	case !e.Table && isGlob(source):
		return c.glob()
	case errors.Is(err, ErrEscape), errors.Is(err, ErrLink):
		return e.linkFault(source, false, err)
	case !errors.Is(err, fs.ErrNotExist):
		return e.fault(err, "cannot be read: "+err.Error(), "")
	case e.Table && isGlob(source):
		return e.fault(err, "does not exist", "name a file or a folder, as only plain strings can be patterns")
	case e.Table:
		return e.fault(err, "does not exist", "name a file or a folder below that of the manifest")
	}
	return e.fault(err, "does not exist and is no pattern", "name a file or a folder below that of the manifest, or write a pattern such as static/*")
}

// file takes a file that is named literally; excludes are not for it.
func (c *collector) file(source, real string) *Error {
	to := source
	if c.entry.Table {
		var fault *Error
		if to, fault = checkDestination(c.entry, true); fault != nil {
			return fault
		}
	}
	return c.take(to, source, real)
}

// folder takes a folder that is named literally. A plain string doubles its path as
// in Spin, where guests can see it.
func (c *collector) folder(source string) *Error {
	if !c.entry.Table {
		c.warn("puts its files at "+path.Join("/", source, source), fmt.Sprintf(
			"write { source = %q, destination = %q } for those at %s", source, "/"+source, "/"+source))
		return c.walk(everything(source), func(name string) string { return path.Join(source, name) })
	}
	to, fault := checkDestination(c.entry, false)
	if fault != nil {
		return fault
	}
	skip := len(source)
	if source == "." {
		skip = 0
	}
	return c.walk(everything(source), func(name string) string { return path.Join(to, "./"+name[skip:]) })
}

// glob takes what matches a pattern.
func (c *collector) glob() *Error {
	g, problem := parseGlob(c.entry.Source)
	switch {
	case problem != "":
		return c.entry.fault(ErrPattern, problem, "write a pattern such as static/*.js")
	case g.folders:
		c.warn("stands for folders, not for the files in them", "write "+wording.Quote(path.Join(c.entry.Source, "*")))
		return nil
	}
	return c.walk(g, func(name string) string { return name })
}

func (c *collector) warn(reason, fix string) {
	c.warnings.add(c.entry.fault(nil, reason, fix))
}

// take puts a file into the tree.
func (c *collector) take(to, source, real string) *Error {
	if !fs.ValidPath(to) || to == "." {
		return c.entry.fault(ErrPath, "has the file "+wording.Quote(source)+", whose name is no text", "rename it")
	}
	old, err := c.tree.put(to, source, real)
	if err != nil {
		return c.entry.fault(err, "has "+wording.Quote(source)+" for "+wording.Quote("/"+to)+", where another entry has a file and this one a folder, or the reverse",
			"give it another destination")
	}
	if old != "" {
		c.warn("replaces "+wording.Quote("/"+to)+", which was "+wording.Quote(old), "leave one of the two out")
	}
	if c.budget < 0 {
		return c.tooMuch()
	}
	if len(c.tree.files) > maxFiles {
		return c.entry.fault(ErrLimit, "is beyond "+strconv.Itoa(maxFiles)+" files of the component", "name fewer")
	}
	return nil
}

func (c *collector) tooMuch() *Error {
	return c.entry.fault(ErrLimit, "makes this component's files too many to look at", "name a smaller folder, or write fewer patterns")
}

// excluded reports whether exclude_files has a pattern for a path.
func (c *collector) excluded(source string) bool {
	for _, p := range c.excludes {
		if p.matches(source, &c.budget) {
			return true
		}
	}
	return false
}
