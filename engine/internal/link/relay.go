package link

import (
	"github.com/spinhost/spin/engine/internal/adapter"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// relay is a function of the host that the root component exports again, and what the host
// calls to get to it.
type relay struct {
	of   *funcItem
	lift *canon.Lift
}

// lifted is what the host calls when it calls f, nil if it cannot.
func (l *linker) lifted(f *funcItem) *canon.Lift {
	if f.lift != nil || !adapter.Relayable(f.typ) {
		return f.lift
	}
	for _, r := range l.relays {
		if r.of == f {
			return r.lift
		}
	}
	lift := &canon.Lift{Name: f.host.name, Type: f.typ}
	l.relays = append(l.relays, relay{f, lift})
	l.lifts = append(l.lifts, lift)
	return lift
}

// addRelays adds a component instance that calls the functions of the host, if there are any.
func (l *linker) addRelays() error {
	if len(l.relays) == 0 {
		return nil
	}
	for _, n := range []int{len(l.p.Canon.Instances), len(l.p.Instances)} {
		if err := l.room(n, 0, ""); err != nil {
			return err
		}
	}
	owner, n := int32(len(l.p.Canon.Instances)), len(l.p.Instances)
	l.p.Canon.Instances = append(l.p.Canon.Instances, canon.InstanceDef{Parent: canon.None})
	item := func(name string) CoreItem { return CoreItem{Trampoline: canon.None, Instance: n, Name: name} }
	opts := noOptions
	opts.Memory = l.memory(item(adapter.RelayMemory))
	opts.Realloc = l.coreFunc(item(adapter.RelayRealloc))
	m := adapter.Relay(l.relayedTypes())
	in, err := l.adapterInstance(m, owner, func(x adapter.Import) CoreItem {
		if x.Kind == adapter.ResourceDrop {
			return l.trampoline(canon.Trampoline{
				Op: canon.ResourceDrop, Instance: owner, Opts: noOptions, Resource: x.N, Name: "resource.drop",
			}, corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32}})
		}
		f := l.relays[x.N].of
		return l.trampoline(lowering(f, owner, opts), f.typ.LowerSignature(types.SignatureOptions{}))
	})
	if err != nil {
		return err
	}
	l.p.Instances = append(l.p.Instances, in)
	for i, r := range l.relays {
		r.lift.Instance, r.lift.Opts = owner, opts
		r.lift.Core = l.coreFunc(item(adapter.ExportName(i)))
		r.lift.Opts.PostReturn = l.coreFunc(item(adapter.RelayDone + adapter.ExportName(i)))
	}
	return nil
}

func (l *linker) relayedTypes() []*types.Func {
	list := make([]*types.Func, len(l.relays))
	for i, r := range l.relays {
		list[i] = r.of.typ
	}
	return list
}
