package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/spinhost/spin/internal/semver"
)

// Dir returns a registry whose packages are files:
//
//	acme/cart/1.2.0.wasm               release 1.2.0 of acme:cart in the default registry
//	acme/cart/1.1.0.wasm.yanked        1.1.0 is yanked, whatever the file has in it
//	example.com/acme/cart/1.2.0.wasm   the same package of the registry example.com
//	localhost_5000/acme/cart/...       of localhost:5000: an underscore for each colon
//
// Files with other names are ignored. The folder is read each time, so that
// packages can be added.
func Dir(fsys fs.FS) Registry { return dir{fsys} }

type dir struct {
	fsys fs.FS
}

const (
	wasmSuffix   = ".wasm"
	yankedSuffix = ".wasm.yanked"
)

// folder returns the folder of a package.
func (d dir) folder(registry, pkg string) (string, error) {
	if fault := checkNames(registry, pkg); fault != nil {
		return "", fault
	}
	namespace, name, _ := strings.Cut(pkg, ":")
	return path.Join(strings.ReplaceAll(strings.ToLower(registry), ":", "_"), namespace, name), nil
}

func (d dir) Versions(ctx context.Context, registry, pkg string) ([]Release, error) {
	folder, err := d.folder(registry, pkg)
	if err != nil {
		return nil, err
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	list, err := fs.ReadDir(d.fsys, folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: there is no folder %s", ErrNotFound, folder)
	case err != nil:
		return nil, err
	}
	yanked := make(map[string]bool)
	for _, item := range list {
		if version, ok := strings.CutSuffix(item.Name(), yankedSuffix); ok {
			yanked[version] = true
		}
	}
	var releases []Release
	for _, item := range list {
		version, ok := strings.CutSuffix(item.Name(), wasmSuffix)
		if _, err := semver.Parse(version); ok && err == nil && !item.IsDir() {
			releases = append(releases, Release{Version: version, Yanked: yanked[version]})
		}
	}
	return releases, nil
}

func (d dir) Fetch(ctx context.Context, registry, pkg string, release Release) (io.ReadCloser, error) {
	folder, err := d.folder(registry, pkg)
	if err != nil {
		return nil, err
	}
	if _, err := semver.Parse(release.Version); err != nil {
		return nil, badVersion(pkg, err)
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	name := path.Join(folder, release.Version+wasmSuffix)
	info, err := fs.Stat(d.fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: there is no file %s", ErrNotFound, name)
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	return d.fsys.Open(name)
}
