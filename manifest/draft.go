package manifest

import (
	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/profile"
)

// draft is a component of which not everything is decided: profiles can change it,
// and its dependencies can be components of which the same is true.
type draft struct {
	*Component
	section
	legacyInherit *tomltree.Field // dependencies_inherit_configuration
	overlays      map[string]overlay
	expressions   *tomltree.Field // variables
}

type overlay = profile.Overlay[Source, *Dependency]

// assembly makes a manifest of drafts.
type assembly struct {
	*collector
	m      *Manifest
	drafts []*draft
	byID   map[string]*draft
	used   map[string]bool // ids, those of faulty tables too
}

// assemble completes the components of m, in the order that matters: a profile can
// change sources and dependencies, dependencies take over the source of the
// component that they name, and only then it is known whether they fit.
func assemble(c *collector, m *Manifest, drafts []*draft, used map[string]bool, opts Options) {
	a := &assembly{collector: c, m: m, drafts: drafts, byID: make(map[string]*draft), used: used}
	m.byID = make(map[string]*Component)
	for _, d := range drafts {
		a.byID[d.ID] = d
		m.Components = append(m.Components, d.Component)
		m.byID[d.ID] = d.Component
	}
	a.applyProfile(opts.Profile)
	for _, d := range drafts {
		d.spreadInherit()
	}
	a.resolveDependencies()
	for _, d := range drafts {
		d.checkDependencies()
		a.checkExpressions(d)
	}
}
