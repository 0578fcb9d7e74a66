package engine_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// wastExpected reads which commands of other folders' scripts are known to fail: a line has
// the script, the line in it, and the reason. One that passes nevertheless is a failure.
func wastExpected(t *testing.T) map[string]map[int]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "xfail.txt"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[int]string{}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		script, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		number, reason, ok := strings.Cut(rest, " ")
		n, err := strconv.Atoi(number)
		if err != nil || !ok {
			t.Fatalf("xfail.txt: %q is no script, line and reason", line)
		}
		if all[script] == nil {
			all[script] = map[int]string{}
		}
		all[script][n] = reason
	}
	return all
}

// header reads which features a script asks for, ";;! name = true", where its source is still
// there. It returns one that must be off and cannot be, "" if there is none.
func (r *wastRunner) header(source string) (what string) {
	if !filepath.IsAbs(source) {
		source = filepath.Join(r.dir, source)
	}
	f, err := os.Open(source)
	if err != nil {
		return ""
	}
	defer f.Close()
	known := map[string]*bool{
		"component_model_threading": &r.features.Threads, "component_model_error_context": &r.features.ErrorContext,
		"component_model_fixed_length_lists": &r.features.FixedLists, "component_model_memory64": &r.features.Memory64,
		"memory64": &r.features.Memory64, "exceptions": &r.features.Exceptions, "gc": &r.features.GC,
	}
	for s := bufio.NewScanner(f); s.Scan(); {
		flag, ok := strings.CutPrefix(s.Text(), ";;!")
		if !ok {
			continue
		}
		name, value, _ := strings.Cut(flag, "=")
		name, on := strings.TrimSpace(name), strings.TrimSpace(value) == "true"
		switch p := known[name]; {
		case p != nil:
			*p = on
		case !on:
			return name + " to be off"
		}
	}
	return ""
}

// linker has the host that scripts expect, and the instances that the script has named before.
func (r *wastRunner) linker(def *engine.Component) (*engine.Linker, error) {
	l := r.host()
	if err := defineSpectest(l); err != nil {
		return nil, err
	}
	for _, im := range def.Imports() {
		from := r.named[im.Name]
		if from != nil && im.Kind == "instance" {
			r.provide(l, im, from.Program())
		}
		if im.Kind == "instance" && from == nil && !r.texts {
			if _, ok := l.Lookup(im.Name); !ok {
				defineEmpty(l, im.Name, im.Items)
			}
		}
	}
	return l, nil
}

// link links a component with what linker gives.
func (r *wastRunner) link(def *engine.Component) (*engine.Program, error) {
	l, err := r.linker(def)
	if err != nil {
		return nil, err
	}
	return l.Link(context.Background(), r.rt, def)
}

// linkTraps is link with stand-ins for what nobody provides.
func (r *wastRunner) linkTraps(def *engine.Component) (*engine.Program, error) {
	l, err := r.linker(def)
	if err != nil {
		return nil, err
	}
	for _, im := range def.Imports() {
		_, ok := l.Lookup(im.Name)
		switch {
		case ok:
		case im.Kind == "function":
			l.DefineFunc(&abi.Func{Name: im.Name, Type: "*", Serve: func(c *abi.Call) { c.Fail(errors.New("nobody is here")) }})
		case im.Kind == "instance":
			l.DefineTrap(im.Name, errors.New("nobody is here"))
		}
	}
	return l.Link(context.Background(), r.rt, def)
}

// provide gives what an instance exports for an import. Functions of other instances cannot
// be imported, core modules can.
func (r *wastRunner) provide(l *engine.Linker, im engine.Extern, p *engine.Program) {
	l.Define(im.Name, emptyInterface(im.Name))
	for _, x := range im.Items {
		if m, err := p.Module("", x.Name); err == nil {
			l.DefineModule(im.Name, x.Name, m)
		}
	}
}

// defineEmpty provides instances that have nothing but types in them.
func defineEmpty(l *engine.Linker, name string, items []engine.Extern) {
	for _, x := range items {
		if x.Kind != "type" && (x.Kind != "instance" || len(x.Items) > 0) {
			return
		}
	}
	l.Define(name, emptyInterface(name))
	for _, x := range items {
		l.Define(name+"#"+x.Name, emptyInterface(name+"#"+x.Name))
	}
}

// passedOn is an error if a component exports a function that it imports and that the host
// cannot call: one that is lent handles within other values.
func passedOn(p *engine.Program) error {
	for _, name := range p.Funcs() {
		iface, fn, ok := strings.Cut(name, "#")
		if !ok {
			iface, fn = "", name
		}
		if _, err := p.Func(iface, fn); errors.Is(err, engine.ErrUnsupported) {
			return err
		}
	}
	return nil
}
