package link

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	spec "github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/types"
)

// anybody provides whatever a component wants: functions of any type, one resource type for
// each name in an interface.
type anybody map[string]*abi.ResourceType

func (a anybody) Import(id string, _ types.Attributes) (*Host, error) {
	f := &abi.Func{Type: AnyType}
	return &Host{
		Name: id, Func: f,
		Export: func(name string) *abi.Func { return &abi.Func{Name: name, Type: AnyType} },
		Resource: func(name string) *abi.ResourceType {
			rt, err := a.Resource(id, name)
			if err != nil {
				return nil
			}
			return rt
		},
	}, nil
}

func (a anybody) Resource(iface, name string) (*abi.ResourceType, error) {
	key := iface + "#" + name
	if a[key] == nil {
		a[key] = &abi.ResourceType{Name: key}
	}
	return a[key], nil
}

func read(t testing.TB, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// check verifies that a program's numbers refer to what there is, in the order in which it is
// made.
func check(t *testing.T, p *Program) {
	t.Helper()
	item := func(x CoreItem, made int) {
		t.Helper()
		switch {
		case x.Trampoline != canon.None:
			if int(x.Trampoline) >= len(p.Canon.Trampolines) {
				t.Errorf("trampoline %d of %d", x.Trampoline, len(p.Canon.Trampolines))
			}
		case x.Instance < 0 || x.Instance >= made:
			t.Errorf("item %q of core instance %d when there are %d", x.Name, x.Instance, made)
		default:
			if _, ok := p.Modules[p.Instances[x.Instance].Module].Info.Export(x.Name); !ok {
				t.Errorf("core instance %d has no %q", x.Instance, x.Name)
			}
		}
	}
	for i, in := range p.Instances {
		if n := len(p.Modules[in.Module].Info.Imports); n != len(in.Imports) {
			t.Errorf("core instance %d has %d imports of %d", i, len(in.Imports), n)
		}
		for _, x := range in.Imports {
			item(x, i)
		}
		if in.Owner < 0 || int(in.Owner) >= len(p.Canon.Instances) {
			t.Errorf("core instance %d is of component instance %d of %d", i, in.Owner, len(p.Canon.Instances))
		}
	}
	for _, x := range slices.Concat(p.Funcs, p.Memories) {
		item(x, len(p.Instances))
	}
	if !slices.IsSortedFunc(p.Memories, func(a, b CoreItem) int { return a.Instance - b.Instance }) {
		t.Error("memories are not in the order of their instances")
	}
	if len(p.FuncTypes) != len(p.Funcs) || len(p.CoreTypes) != len(p.Canon.Trampolines) {
		t.Errorf("%d types of %d functions, %d of %d trampolines", len(p.FuncTypes), len(p.Funcs), len(p.CoreTypes), len(p.Canon.Trampolines))
	}
	// What a core instance calls while it starts must be there.
	for i, in := range p.Instances {
		if !p.Modules[in.Module].Info.HasStart {
			continue
		}
		for _, x := range in.Imports {
			if x.Trampoline == canon.None {
				continue
			}
			tr := &p.Canon.Trampolines[x.Trampoline]
			needed := []int32{tr.Opts.Realloc}
			if tr.Callee != nil {
				needed = append(needed, tr.Callee.Core, tr.Callee.Opts.Realloc, tr.Callee.Opts.PostReturn, tr.Callee.Opts.Callback)
			}
			for _, n := range needed {
				if n != canon.None && p.Funcs[n].Instance >= i {
					t.Errorf("core instance %d imports %s, which needs core instance %d", i, tr.Name, p.Funcs[n].Instance)
				}
			}
		}
	}
	for i, x := range p.Funcs {
		if x.Trampoline != canon.None {
			t.Errorf("function %d is trampoline %d, which nobody can call from outside", i, x.Trampoline)
		}
	}
}

// Every component of the engine's scripts that can be linked makes a sound program.
func TestProgramsAreSound(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/wast/*.wasm")
	if err != nil || len(paths) == 0 {
		t.Fatal("no components", err)
	}
	sound := 0
	for _, path := range paths {
		p, err := linked(t, read(t, path), anybody{})
		if err != nil {
			continue // TestWast says which may be refused
		}
		sound++
		t.Run(filepath.Base(path), func(t *testing.T) { check(t, p) })
	}
	if sound < 30 {
		t.Errorf("only %d of %d could be linked", sound, len(paths))
	}
}

// The modules that toolchains put between a program and its imports are not needed here: of
// real guests only their own code is left, and what it imports are trampolines.
func TestShimsOfRealGuests(t *testing.T) {
	for _, guest := range []string{"hello-p2", "hello-rc", "hello-p3"} {
		wasm := read(t, "../../../testdata/guests/rust", guest+".wasm")
		p, err := linked(t, wasm, anybody{})
		if err != nil {
			t.Fatal(guest, err)
		}
		check(t, p)
		c, err := spec.Decode(wasm, spec.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		made := 0
		for _, d := range c.Defs {
			if _, ok := d.(*spec.CoreInstantiate); ok {
				made++
			}
		}
		if len(p.Instances) >= made {
			t.Errorf("%s: %d of %d core instances are left", guest, len(p.Instances), made)
		}
		for i, in := range p.Instances {
			for k, x := range in.Imports {
				if x.Trampoline == canon.None {
					imp := p.Modules[in.Module].Info.Imports[k]
					t.Errorf("%s: core instance %d imports %s %s of another", guest, i, imp.Module, imp.Name)
				}
			}
		}
	}
}

// A shim goes with the module that fills its table; what only looks like one is left alone.
// See shim.wast.
func TestWhatIsNoShimStays(t *testing.T) {
	for path, want := range map[string]int{"shim.0.wasm": 2, "shim.1.wasm": 3} {
		p, err := linkedWith(t, read(t, "../../testdata/wast", path), nobody{}, Options{NoAdapters: true})
		if err != nil {
			t.Fatal(path, err)
		}
		if len(p.Instances) != want {
			t.Errorf("%s: %d core instances, want %d", path, len(p.Instances), want)
		}
	}
}

// A shim stays if an adapter comes behind it, which can only be made after the memory of the
// caller that goes through the shim.
func TestShimStaysBeforeAnAdapter(t *testing.T) {
	p, err := linked(t, read(t, "../../testdata/wast", "shim.0.wasm"), nobody{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, p)
	if len(p.Instances) != 6 || p.Control == canon.None {
		t.Errorf("%d core instances, control memory %d: want the callee, the shim, the caller, the fix-up, the control memory and an adapter", len(p.Instances), p.Control)
	}
}

// One resource type of the host is one type of the program, by however many ways it comes.
func TestResourcesOfTheHost(t *testing.T) {
	host := anybody{}
	p, err := linked(t, read(t, "../../../testdata/guests/rust/hello-p2.wasm"), host)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[*abi.ResourceType]bool{}
	for i, rt := range p.Canon.Resources {
		if rt == nil {
			continue // of the component itself
		}
		if seen[rt] {
			t.Errorf("resource type %d, %s, is there twice", i, rt.Name)
		}
		seen[rt] = true
	}
	if len(seen) == 0 || len(seen) > len(host) {
		t.Errorf("%d resource types of %d", len(seen), len(host))
	}
}

// failing is anybody but for one interface.
type failing struct {
	anybody
	without string
}

func (f failing) Import(id string, a types.Attributes) (*Host, error) {
	if strings.HasPrefix(id, f.without) {
		return nil, fmt.Errorf("there is no %s today", f.without)
	}
	return f.anybody.Import(id, a)
}

func TestImportsAreNamedWhenMissing(t *testing.T) {
	_, err := linked(t, read(t, "../../../testdata/guests/rust/hello-p2.wasm"), failing{anybody{}, "wasi:io/streams"})
	want := `import "wasi:io/streams@0.2.`
	if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "there is no wasi:io/streams today") {
		t.Errorf("got %v, want %q", err, want)
	}
}

// Core functions of the host that a component lifts all come through one module for each type.
func TestOneForwarderForEachType(t *testing.T) {
	p, err := linked(t, []byte(forwarded(20)), nobody{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, p)
	if len(p.Modules) != 1 || len(p.Instances) != 20 {
		t.Errorf("%d modules and %d core instances", len(p.Modules), len(p.Instances))
	}
}
