package link

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/types"
)

// Refs lists the types with identities of their own in a signature, as generated code
// counts them: depth first, parameters before the result. res are the program's resource
// types by number. Where those belong to each instance, guest has their numbers; it is nil if
// none do.
func Refs(ft *types.Func, res []*abi.ResourceType) (refs []abi.Ref, guest []int32) {
	r := refLister{res: res}
	for i := range ft.Params {
		r.val(ft.Params[i].Type)
	}
	if ft.Result != nil {
		r.val(ft.Result)
	}
	if !r.any {
		r.guest = nil
	}
	return r.refs, r.guest
}

type refLister struct {
	res   []*abi.ResourceType
	refs  []abi.Ref
	guest []int32
	any   bool // a type of a guest is among them
}

func (r *refLister) val(v *types.Val) {
	switch v.Kind {
	case types.Own, types.Borrow:
		n := v.Resource.Index
		if rt := r.res[n]; rt != nil {
			r.add(abi.Ref{Resource: rt}, canon.None)
			return
		}
		r.any = true
		r.add(abi.Ref{}, n)
		return
	case types.Stream, types.Future:
		ref := abi.Ref{Future: v.Kind == types.Future}
		if v.Elem != nil {
			ref.Elem = v.Elem
		}
		r.add(ref, canon.None)
	}
	if v.Elem != nil {
		r.val(v.Elem)
	}
	for i := range v.Fields {
		r.val(v.Fields[i].Type)
	}
	for i := range v.Cases {
		if t := v.Cases[i].Type; t != nil {
			r.val(t)
		}
	}
}

func (r *refLister) add(ref abi.Ref, guest int32) {
	r.refs = append(r.refs, ref)
	r.guest = append(r.guest, guest)
}
