package link

import (
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// hostTypes are the resource types of the host as the signatures of a node's host functions
// name them.
type hostTypes struct {
	l        *linker
	resolver Resolver
	named    map[string]*types.Resource
}

// resource implements types.Resolver.
func (h *hostTypes) resource(text string) (*types.Resource, error) {
	if r := h.named[text]; r != nil {
		return r, nil
	}
	rt, err := h.resolver.Resource(splitResource(text))
	if err != nil {
		return nil, err
	}
	r := h.l.hostResource(rt)
	h.named[text] = r
	return r, nil
}

// CheckFunc compares a function of the program with the text of a type. named finds the type
// of the host's resources that the text names.
func (p *Program) CheckFunc(f *types.Func, text string, named func(text string) *abi.ResourceType) error {
	want, err := p.Arena.ParseFunc(text, func(text string) (*types.Resource, error) {
		if r := p.hostRes[named(text)]; r != nil {
			return r, nil
		}
		return nil, fmt.Errorf("the component does not use the resource type %s", text)
	})
	if err != nil {
		return err
	}
	if want != f {
		return differ(want, f)
	}
	return nil
}
