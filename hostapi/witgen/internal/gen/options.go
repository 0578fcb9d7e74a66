package gen

import (
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// Options say what Go package to make of which part of a WIT package.
type Options struct {
	// Package is the id of the WIT package, such as "wasi:http@0.3.0".
	Package string
	// Interfaces are the names of the interfaces that a host implements; nil means all that
	// are not among Exports.
	Interfaces []string
	// Exports are the names of the interfaces that guests implement.
	Exports []string
	// GoPackage is the name of the Go package; "" means one made of the WIT package's name.
	GoPackage string
	// Use tells the import paths of Go packages that were generated from other WIT packages,
	// by the ids of those, such as "wasi:io@0.2.12", or of single interfaces.
	Use map[string]string
	// Same tells the import paths of Go packages that were generated from other versions of the
	// WIT package, by the ids of those. Types that both versions have alike are the Go types there,
	// so that one implementation can serve both.
	Same map[string]string
}

// A foreign is a Go package that was generated from other WIT.
type foreign struct{ path, alias string }

// foreigns gives every package of Use an import name of its own.
func (p *pkg) foreigns(use map[string]string) {
	p.use = map[string]*foreign{}
	byPath := map[string]*foreign{}
	names := map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(use)) {
		path := use[id]
		if path == "" {
			p.add(wit.Position{}, ErrOption, "-use %s= names no Go package", id)
			continue
		}
		f := byPath[path]
		if f == nil {
			name, _, _ := strings.Cut(id, "@")
			name = identifier(name)
			if names[name]++; names[name] > 1 {
				name = fmt.Sprintf("%s%d", name, names[name])
			}
			f = &foreign{path, name}
			byPath[path] = f
		}
		p.use[id] = f
	}
}

// identifier makes a package name of the letters and digits of s.
func identifier(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' && b.Len() > 0 {
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 || token.IsKeyword(b.String()) {
		return "p" + b.String()
	}
	return b.String()
}

// isAlias reports whether s is the import name of a package.
func (p *pkg) isAlias(s string) bool {
	for _, f := range p.use {
		if f.alias == s {
			return true
		}
	}
	return false
}

// foreign returns the other Go package that has def, nil if this one does.
func (p *pkg) foreign(def *wit.TypeDef) *foreign {
	if def.Interface == nil {
		return nil
	}
	if f := p.foreignInterface(def.Interface); f != nil {
		return f
	}
	return p.same[def]
}

func (p *pkg) foreignInterface(i *wit.Interface) *foreign {
	if f := p.use[i.ID()]; f != nil {
		return f
	}
	if i.Package != p.wit {
		return p.use[i.Package.ID()]
	}
	return nil
}

// foreignFor is foreign for code that needs the type: it has to be somewhere.
func (p *pkg) foreignFor(def *wit.TypeDef, pos wit.Position) *foreign {
	f := p.foreign(def)
	switch {
	case f != nil:
	case def.Interface == nil:
		p.add(pos, ErrUnsupported, "type %s of a world is not supported; define it in an interface", def.Name)
	case def.Interface.Package != p.wit:
		p.add(pos, ErrOption, "%s is of another WIT package; add -use %s=IMPORT-PATH with the Go package generated from it", def.ID(), def.Interface.Package.ID())
	}
	return f
}
