package spin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/internal/mounts"
	"github.com/spinhost/spin/manifest"
)

// openFiles finds the files of all components: what they see and, if they may change it, a copy.
func (a *App) openFiles(ctx context.Context) error {
	a.mounts = map[string][]filesystem.Mount{}
	var errs []error
	for _, c := range a.m.Components {
		if len(c.Files)+len(c.ExcludeFiles) == 0 {
			continue
		}
		list, err := a.mount(ctx, c)
		if err != nil {
			errs = append(errs, fileFaults(c, err)...)
			continue
		}
		if len(c.Files) > 0 {
			a.mounts[c.ID] = list
		}
	}
	return join(errs)
}

// provideFiles gives a component, or a dependency that inherits them, its files.
func (a *App) provideFiles(s *hostapi.Scope, c *manifest.Component) {
	filesystem.Provide(s, a.mounts[c.ID], a.cfg.Limits.OpenFiles)
}

// mount returns the mounts of a component.
func (a *App) mount(ctx context.Context, c *manifest.Component) ([]filesystem.Mount, error) {
	if a.files.locked != nil {
		return a.mountLocked(c)
	}
	app, root, err := a.appFolder()
	if err != nil {
		return nil, err
	}
	spec := fileSpec(c)
	if a.cfg.DirectMounts {
		return a.mountDirect(app, root, spec)
	}
	tree, err := mounts.Copied(ctx, app, spec)
	if err != nil {
		return nil, err
	}
	for _, w := range tree.Warnings() {
		a.log.Warn(w.Error())
	}
	volume := filesystem.FS(tree)
	if a.cfg.AllowTransientWrite {
		if volume, err = a.copyFiles(ctx, tree); err != nil {
			return nil, err
		}
	}
	return []filesystem.Mount{{Path: "/", Volume: volume}}, nil
}

// mountDirect mounts folders as they are.
func (a *App) mountDirect(app fs.FS, root *os.Root, spec mounts.Spec) ([]filesystem.Mount, error) {
	direct, err := mounts.Direct(app, spec)
	if err != nil {
		return nil, err
	}
	if a.cfg.AllowTransientWrite && root == nil && len(direct) > 0 {
		return nil, errors.New("guests cannot write into Config.FS: remove Config.DirectMounts, so that they write into copies, or Config.AllowTransientWrite")
	}
	var list []filesystem.Mount
	for _, d := range direct {
		volume := filesystem.FS(d.FS)
		if root != nil {
			sub, err := root.OpenRoot(d.Source)
			if err != nil {
				return nil, err
			}
			volume = a.volume(sub)
		}
		list = append(list, filesystem.Mount{Path: d.Guest, Volume: volume})
	}
	return list, nil
}

// mountLocked mounts the folders that a locked app names, which are copies already or direct.
func (a *App) mountLocked(c *manifest.Component) (list []filesystem.Mount, err error) {
	var errs []error
	for _, f := range c.Files {
		volume, err := a.lockedFolder(f.Source.Value)
		if err != nil {
			errs = append(errs, &Error{Component: c.ID, Pos: f.Pos, Err: fmt.Errorf("files: %q: %w", f.Source.Value, err)})
			continue
		}
		list = append(list, filesystem.Mount{Path: f.Destination.Value, Volume: volume})
	}
	return list, errors.Join(errs...)
}

func (a *App) lockedFolder(source string) (*filesystem.Volume, error) {
	full, err := a.files.resolve(source)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(a.files.fsys, full)
	switch {
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, errors.New("is no folder: put the files of a component into one, and name that")
	case a.files.fsys == (osFS{}):
		root, err := os.OpenRoot(full)
		if err != nil {
			return nil, err
		}
		return a.volume(root), nil
	case a.cfg.AllowTransientWrite:
		return nil, errors.New("guests cannot write into Config.FS: remove Config.AllowTransientWrite")
	}
	sub, err := fs.Sub(a.files.fsys, full)
	if err != nil {
		return nil, err
	}
	return filesystem.FS(sub), nil
}

// appFolder returns the folder of the manifest, and its root if it is one of the operating system.
func (a *App) appFolder() (fs.FS, *os.Root, error) {
	if a.files.fsys != (osFS{}) {
		sub, err := fs.Sub(a.files.fsys, a.files.dir)
		return sub, nil, err
	}
	if a.files.root == nil {
		root, err := os.OpenRoot(a.files.dir)
		if err != nil {
			return nil, nil, err
		}
		a.files.root = root
		a.closers = append(a.closers, func() { _ = root.Close() })
	}
	return a.files.root.FS(), a.files.root, nil
}

// copyFiles copies files into a folder of the app's own, in which guests may write.
func (a *App) copyFiles(ctx context.Context, tree *mounts.Tree) (*filesystem.Volume, error) {
	dir, err := os.MkdirTemp(a.cfg.TempDir, "spin-files-")
	if err != nil {
		return nil, fmt.Errorf("a folder for copies: %w: set Config.TempDir to one that exists", err)
	}
	var root *os.Root
	if err = tree.CopyTo(ctx, dir); err == nil {
		root, err = os.OpenRoot(dir)
	}
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	v := a.volume(root)
	a.closers = append(a.closers, func() { // closed by then
		if err := os.RemoveAll(dir); err != nil {
			a.log.Warn("removing copies of files", "error", err)
		}
	})
	return v, nil
}

// volume makes a volume that the app closes.
func (a *App) volume(root *os.Root) *filesystem.Volume {
	v := filesystem.Root(root, a.cfg.AllowTransientWrite)
	a.closers = append(a.closers, func() { _ = v.Close() })
	return v
}

// fileSpec says what a component wants, in the words of package mounts.
func fileSpec(c *manifest.Component) (spec mounts.Spec) {
	for _, f := range c.Files {
		e := mounts.Entry{Source: f.Source.Value, Pos: f.Pos}
		if f.Destination != nil {
			e.Table, e.Destination = true, f.Destination.Value
		}
		spec.Files = append(spec.Files, e)
	}
	for _, x := range c.ExcludeFiles {
		spec.Exclude = append(spec.Exclude, mounts.Exclude{Pattern: x.Value, Pos: x.Pos})
	}
	return spec
}

// fileFaults gives errors about files their places.
func fileFaults(c *manifest.Component, err error) []error {
	var faults mounts.Errors
	if !errors.As(err, &faults) {
		var errs []error
		for _, e := range fault.Split(err) {
			if _, ok := position(e); !ok {
				e = &Error{Component: c.ID, Pos: c.KeyPos("files"), Err: fmt.Errorf("files: %w", e)}
			}
			errs = append(errs, e)
		}
		return errs
	}
	var errs []error
	for _, f := range faults {
		errs = append(errs, &Error{Component: c.ID, Pos: f.Pos, Err: fault.Reword(f, f.Key+": "+f.Detail())})
	}
	return errs
}
