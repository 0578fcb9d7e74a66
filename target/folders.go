package target

import (
	"context"
	"fmt"
	"io/fs"
	"path"

	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/internal/wording"
)

// world finds the WIT of a world.
func (l *Loader) world(ctx context.Context, f folders, w World) (*wit.World, error) {
	if w.Path != "" {
		return f.world(w)
	}
	if l.World == nil {
		return nil, fmt.Errorf("the loader has no registry: %w: set Loader.World, or write { path = \"wit\", world = %q }", ErrNoSource, w.Name)
	}
	world, err := l.World(ctx, w)
	if err == nil && world == nil {
		err = ErrNoWorld
	}
	return world, err
}

// folders reads the WIT of folders, each once.
type folders struct {
	src  Source
	sets map[string]*wit.Set
	errs map[string]error
}

func (f folders) world(w World) (*wit.World, error) {
	if f.src.FS == nil {
		return nil, fmt.Errorf("the definition has no files beside it: %w: write the name of the world alone, so that it is looked up in a registry", ErrNoSource)
	}
	dir := path.Join(f.src.Dir, w.Path)
	if !fs.ValidPath(dir) || path.IsAbs(w.Path) {
		return nil, fmt.Errorf("the path %s leads out of the folder: %w: write one relative to the definition", wording.Quote(w.Path), fs.ErrInvalid)
	}
	set, err := f.sets[dir], f.errs[dir]
	if set == nil && err == nil {
		set, err = wit.ParseFS(f.src.FS, dir)
		f.sets[dir], f.errs[dir] = set, err
	}
	if err != nil {
		return nil, err
	}
	if world := findWorld(set, w.Name); world != nil {
		return world, nil
	}
	var there []string
	for _, p := range set.Packages {
		for _, world := range p.Worlds {
			there = append(there, world.ID())
		}
	}
	return nil, fmt.Errorf("%w in %s: write one of %s", ErrNoWorld, wording.Quote(dir), quoteAll(there))
}

// findWorld looks a world up by its name, of which the version may be missing if
// there is only one.
func findWorld(set *wit.Set, name WorldName) *wit.World {
	if w := set.World(name.String()); w != nil || name.Version != "" {
		return w
	}
	var found *wit.World
	for _, p := range set.Packages {
		for _, w := range p.Worlds {
			if w.Name == name.World && p.Namespace+":"+p.Name == name.Package {
				if found != nil {
					return nil
				}
				found = w
			}
		}
	}
	return found
}
