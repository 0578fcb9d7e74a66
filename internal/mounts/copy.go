package mounts

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// CopyTo copies the files of the tree into a folder of the operating system, which
// is made if it is not there. Files that have the same names are overwritten; what
// else is in the folder stays. Nothing is written outside of it, through symbolic
// links either. The copy belongs to the caller, also where an error ends it
// halfway.
func (t *Tree) CopyTo(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(t, ".", func(name string, item fs.DirEntry, err error) error {
		if err == nil {
			err = context.Cause(ctx)
		}
		switch {
		case err != nil:
			return err
		case item.IsDir():
			return root.MkdirAll(filepath.FromSlash(name), 0o755)
		}
		return t.copyFile(ctx, root, name)
	})
}

func (t *Tree) copyFile(ctx context.Context, root *os.Root, name string) (err error) {
	from, err := t.Open(name)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := to.Close(); err == nil {
			err = closeErr
		}
	}()
	_, err = io.Copy(to, &contextReader{ctx, from})
	return err
}

// contextReader reads until the context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := context.Cause(r.ctx); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
