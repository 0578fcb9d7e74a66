package validate

import "github.com/spinhost/spin/engine/internal/types"

// checkName applies the rules for the name of an import or export: grammar,
// strong uniqueness, attributes, and what annotations demand of the type.
func (s *scope) checkName(x *side, n named, it item) error {
	parsed, err := parseName(n.name)
	if err != nil {
		return s.wrap(n.pos, RuleName, err)
	}
	if old, ok := x.unique.add(n.name); !ok {
		return s.fail(n.pos, RuleUnique, "%s name %q conflicts with previous name %q", x.what, n.name, old)
	}
	if err := s.checkAttributes(n, parsed, it); err != nil {
		return err
	}
	if it.resource() != nil {
		x.addResource(it.shape, n.name)
	}
	if parsed.annotated() {
		return s.checkAnnotated(x, n, parsed, it)
	}
	return nil
}

func (s *scope) checkAttributes(n named, parsed name, it item) error {
	if a := n.attrs.Implements; a != "" {
		if p, err := parseName(a); err != nil {
			return s.fail(n.pos, RuleAttribute, "implements attribute of %q: %s", n.name, err)
		} else if p.kind != interfaceName {
			return s.fail(n.pos, RuleAttribute, "implements attribute of %q: %q must be an interface", n.name, a)
		}
		if it.Type.Kind != types.InstanceExtern {
			return s.fail(n.pos, RuleAttribute, "only instances can have an implements attribute, %q is of kind %s", n.name, it.Type.Kind)
		}
		if parsed.kind != plainName {
			return s.fail(n.pos, RuleAttribute, "name %q is not valid with an implements attribute: it must be a plain name", n.name)
		}
	}
	if suffix := n.attrs.VersionSuffix; suffix != "" {
		if !isCanonicalVersion(parsed.version) || !isSemver(parsed.version+suffix) {
			return s.fail(n.pos, RuleAttribute, "version suffix %q does not complete the version of %q", suffix, n.name)
		}
	}
	return nil
}

// checkAnnotated checks that an annotated name is that of a function which is
// to its resource what the annotation says.
func (s *scope) checkAnnotated(x *side, n named, parsed name, it item) error {
	if it.Type.Kind != types.FuncExtern {
		return s.fail(n.pos, RuleAnnotation, "%q must be a function, found %s", n.name, it.Type.Kind)
	}
	f, sh := it.Type.Func, it.shape
	switch parsed.kind {
	case constructorName:
		return s.checkConstructor(x, n, parsed, f, sh)
	case methodName:
		return s.checkMethod(x, n, parsed, f, sh)
	}
	if !x.resourceNames[parsed.resource] {
		return s.fail(n.pos, RuleAnnotation, "%q: there is no resource %q before it", n.name, parsed.resource)
	}
	return nil
}

// checkConstructor checks for a result of own<R> or result<own<R>, …>.
func (s *scope) checkConstructor(x *side, n named, parsed name, f *types.Func, sh *shape) error {
	if f.Result == nil {
		return s.fail(n.pos, RuleAnnotation, "%q: a constructor must have a result", n.name)
	}
	t, tsh := f.Result, sh.part(len(f.Params))
	if t.Kind == types.Result && t.Cases[0].Type != nil {
		t, tsh = t.Cases[0].Type, tsh.part(0)
	}
	if t.Kind != types.Own {
		return s.fail(n.pos, RuleAnnotation, "%q: a constructor must return its resource, own<%s> or result<own<%s>>",
			n.name, parsed.resource, parsed.resource)
	}
	return s.checkResource(x, n, parsed, tsh)
}

// checkMethod checks for a first parameter self of borrow<R>.
func (s *scope) checkMethod(x *side, n named, parsed name, f *types.Func, sh *shape) error {
	if len(f.Params) == 0 || f.Params[0].Name != "self" || f.Params[0].Type.Kind != types.Borrow {
		return s.fail(n.pos, RuleAnnotation, "%q: the first parameter of a method must be self: borrow<%s>", n.name, parsed.resource)
	}
	return s.checkResource(x, n, parsed, sh.part(0))
}

// checkResource checks that a handle is one of the resource that a name speaks of.
func (s *scope) checkResource(x *side, n named, parsed name, handle *shape) error {
	r, ok := x.resources[handle.part(0)]
	if !ok {
		return s.fail(n.pos, RuleAnnotation, "%q: the resource used in the function does not have a name in this context", n.name)
	}
	if r != parsed.resource {
		return s.fail(n.pos, RuleAnnotation, "%q: the function does not match the expected resource name %q", n.name, r)
	}
	return nil
}

// part is the shape of a part, nil if it has none.
func (sh *shape) part(i int) *shape {
	if sh == nil || i >= len(sh.parts) {
		return nil
	}
	return sh.parts[i]
}
