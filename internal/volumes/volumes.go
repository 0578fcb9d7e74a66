// Package volumes makes what guests see of their components' files: the files themselves, copies
// in which they may write, or folders as they are.
package volumes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/internal/bundle"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/internal/mounts"
	"github.com/spinhost/spin/manifest"
)

// Volumes are the files of an app's components. Its user closes it.
type Volumes struct {
	Bundle *bundle.Bundle
	// Direct mounts folders as they are.
	Direct bool
	// Write lets guests change what they see: copies in a folder of TempDir, or with Direct the
	// folders themselves.
	Write   bool
	TempDir string // "" means that of the operating system
	Log     *slog.Logger

	free []func() // in the order in which they are called
}

// Open returns the mounts of a component. All faults are joined, each a [*fault.Error].
func (v *Volumes) Open(ctx context.Context, c *manifest.Component) ([]filesystem.Mount, error) {
	list, err := v.open(ctx, c)
	if err != nil {
		return nil, errors.Join(placed(c, err)...)
	}
	return list, nil
}

// Close frees the volumes, and removes copies.
func (v *Volumes) Close() {
	for _, f := range v.free {
		f()
	}
	v.free = nil
}

func (v *Volumes) open(ctx context.Context, c *manifest.Component) ([]filesystem.Mount, error) {
	if v.Bundle.Locked() {
		return v.locked(c)
	}
	app, root, err := v.Bundle.Root()
	if err != nil {
		return nil, err
	}
	spec := specOf(c)
	if v.Direct {
		return v.direct(app, root, spec)
	}
	tree, err := mounts.Copied(ctx, app, spec)
	if err != nil {
		return nil, err
	}
	for _, w := range tree.Warnings() {
		v.Log.Warn(w.Error())
	}
	volume := filesystem.FS(tree)
	if v.Write {
		if volume, err = v.copied(ctx, tree); err != nil {
			return nil, err
		}
	}
	return []filesystem.Mount{{Path: "/", Volume: volume}}, nil
}

// direct mounts folders as they are.
func (v *Volumes) direct(app fs.FS, root *os.Root, spec mounts.Spec) ([]filesystem.Mount, error) {
	direct, err := mounts.Direct(app, spec)
	if err != nil {
		return nil, err
	}
	if v.Write && root == nil && len(direct) > 0 {
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
			volume = v.volume(sub)
		}
		list = append(list, filesystem.Mount{Path: d.Guest, Volume: volume})
	}
	return list, nil
}

// locked mounts the folders that a locked app names, which are copies already or direct.
func (v *Volumes) locked(c *manifest.Component) (list []filesystem.Mount, err error) {
	var errs []error
	for _, f := range c.Files {
		volume, err := v.lockedFolder(f.Source.Value)
		if err != nil {
			errs = append(errs, fault.At(f.Pos, fmt.Errorf("files: %q: %w", f.Source.Value, err)))
			continue
		}
		list = append(list, filesystem.Mount{Path: f.Destination.Value, Volume: volume})
	}
	return list, errors.Join(errs...)
}

func (v *Volumes) lockedFolder(source string) (*filesystem.Volume, error) {
	sub, root, err := v.Bundle.OpenFolder(source)
	switch {
	case err != nil:
		return nil, err
	case root != nil:
		return v.volume(root), nil
	case v.Write:
		return nil, errors.New("guests cannot write into Config.FS: remove Config.AllowTransientWrite")
	}
	return filesystem.FS(sub), nil
}

// copied copies files into a folder in which guests may write.
func (v *Volumes) copied(ctx context.Context, tree *mounts.Tree) (*filesystem.Volume, error) {
	dir, err := os.MkdirTemp(v.TempDir, "spin-files-")
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
	volume := v.volume(root)
	v.free = append(v.free, func() { // closed by then
		if err := os.RemoveAll(dir); err != nil {
			v.Log.Warn("removing copies of files", "error", err)
		}
	})
	return volume, nil
}

// volume makes a volume that Close closes.
func (v *Volumes) volume(root *os.Root) *filesystem.Volume {
	volume := filesystem.Root(root, v.Write)
	v.free = append(v.free, func() { _ = volume.Close() })
	return volume
}
