package composition

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
)

// Exports lists what the program exports: what the component does, or the interface by which what is
// around it is called.
func (p *Program) Exports() []string {
	if len(p.around) > 0 {
		return []string{versionOf(p.spec.Interface, p.around[0].exportNames())}
	}
	return p.main.exportNames()
}

// Func finds an exported function. The interface, "" for none, may be of another version if that is
// compatible, as dependencies are found for imports.
func (p *Program) Func(iface, name string) (*engine.Func, error) {
	return p.Program.Func(compatibleExport(p.Exports(), iface), name)
}

// FuncNamed finds an exported function by one name: its own, or that of an interface, # and its own.
// The version of the interface may be a compatible one, or be left out if there is only one.
func (p *Program) FuncNamed(name string) (*engine.Func, error) {
	iface, fn, ok := strings.Cut(name, "#")
	if !ok {
		return p.Program.Func("", name)
	}
	if !strings.Contains(iface, "@") {
		switch found := versionsOf(iface, p.Exports()); len(found) {
		case 0:
		case 1:
			iface = found[0]
		default:
			return nil, fmt.Errorf("there are several interfaces %s: name one of %s", iface, strings.Join(found, ", "))
		}
	}
	return p.Func(iface, fn)
}

// World returns what the component exports, and what it and its dependencies import that none of
// them provides. What is around it does not count.
func (p *Program) World() (imports, exports []engine.Extern) {
	return p.main.openImports(nil), p.main.code.Exports()
}

// openImports adds what the part and its dependencies import and none of them provides.
func (p *Part) openImports(list []engine.Extern) []engine.Extern {
	for _, imp := range p.code.Imports() {
		// Preview 1 of core modules is no interface of components: every world has what it is about.
		if p.given[imp.Name] == nil && imp.Name != preview1.Module {
			list = append(list, imp)
		}
	}
	for _, d := range p.deps {
		list = d.openImports(list)
	}
	return list
}
