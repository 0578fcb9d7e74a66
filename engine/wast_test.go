package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
)

var wastDir = flag.String("wast", "", "run the scripts in this `folder`, as wasm-tools json-from-wast makes them, instead of our own")

// TestWast runs the scripts of a folder, by default our own, and prints a line for each. Of
// our own, the messages of errors are compared too; in those of others, which name the rules
// in other words, a difference is only logged.
func TestWast(t *testing.T) { testWast(t, wastHost) }

// TestWastWithoutAdapters does the same with all calls between components left to the engine.
func TestWastWithoutAdapters(t *testing.T) {
	testWast(t, func() *engine.Linker {
		l := wastHost()
		l.WithoutAdapters()
		return l
	})
}

func testWast(t *testing.T, host func() *engine.Linker) {
	dir := *wastDir
	if dir == "" {
		dir = filepath.Join("testdata", "wast")
	}
	var scripts []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".json" {
			scripts = append(scripts, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(scripts)
	rt := newRuntimeWith(t, engine.Config{Instances: 300}) // scripts keep many instances
	full := newRuntimeWith(t, engine.Config{Instances: 300, Features: allFeatures, MaxMemory: 5 << 30})
	expected := wastExpected(t)
	var passed, failed, skipped int
	for _, path := range scripts {
		name, _ := filepath.Rel(dir, strings.TrimSuffix(path, ".json"))
		t.Run(name, func(t *testing.T) {
			r := &wastRunner{
				t: t, rt: rt, host: host, dir: filepath.Dir(path), texts: *wastDir == "", expected: expected[filepath.ToSlash(name)],
				defs: map[string]*engine.Component{}, named: map[string]*engine.Instance{},
			}
			if *wastDir != "" || wantsFeatures[name] {
				r.rt, r.features = full, allFeatures
			}
			r.file(path)
			fmt.Printf("%s: %d passed, %d failed, %d skipped\n", name, r.passed, r.failed, r.skipped)
			passed, failed, skipped = passed+r.passed, failed+r.failed, skipped+r.skipped
			if r.commands == 0 || r.texts && r.passed+r.failed == 0 {
				t.Error("the script asserts nothing")
			}
		})
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if passed+failed == 0 {
		t.Fatalf("no script in %s", dir)
	}
}

// wantsFeatures are the scripts of our own that use what is off by default.
var wantsFeatures = map[string]bool{
	"call-returns-before-background": true, "errorcontext": true, "exceptions": true, "fixedlists": true, "memory64": true, "threads": true,
}

var allFeatures = engine.Features{
	Threads: true, ErrorContext: true, FixedLists: true, Memory64: true, Exceptions: true, GC: true,
}

func newRuntime(t testing.TB) *engine.Runtime {
	t.Helper()
	return newRuntimeWith(t, engine.Config{Instances: 100})
}

func newRuntimeWith(t testing.TB, cfg engine.Config) *engine.Runtime {
	t.Helper()
	rt, err := engine.NewRuntime(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return rt
}

type wastCommand struct {
	Type       string
	Line       int
	Name       string
	Filename   string
	ModuleType string `json:"module_type"`
	Instance   string
	Module     string
	Text       string
	Action     struct {
		Type   string
		Module string
		Field  string
		Args   []wastValue
	}
	Expected []wastValue
}

// wastRunner runs one script.
type wastRunner struct {
	t        *testing.T
	rt       *engine.Runtime
	host     func() *engine.Linker
	dir      string
	texts    bool // errors must contain the script's text
	features engine.Features
	expected map[int]string // lines of commands that are known to fail, with the reason
	defs     map[string]*engine.Component
	last     *engine.Component
	current  *engine.Instance
	named    map[string]*engine.Instance
	progs    []*engine.Program
	unnamed  *engine.Instance   // the current one, if it has no name
	also     []*engine.Instance // those that had names
	failure  error              // why there is no current instance

	commands, passed, failed, skipped int
}

func (r *wastRunner) file(path string) {
	var script struct {
		Source   string `json:"source_filename"`
		Commands []wastCommand
	}
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &script)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	if what := r.header(script.Source); what != "" {
		fmt.Printf("%s is skipped: it wants %s\n", path, what)
		r.commands, r.skipped = 1, 1
		return
	}
	for i := range script.Commands {
		c := &script.Commands[i]
		r.commands++
		err := r.command(c)
		reason, expected := r.expected[c.Line]
		switch {
		case errors.Is(err, errSkip):
			r.skipped++
		case expected && err != nil:
			r.t.Logf("line %d: %s: %v: expected: %s", c.Line, c.Type, err, reason)
			r.skipped++
		case expected:
			r.failed++
			r.t.Errorf("line %d: %s: passes, although testdata/xfail.txt has it", c.Line, c.Type)
		case err != nil:
			r.failed++
			r.t.Errorf("line %d: %s: %v", c.Line, c.Type, err)
		case strings.HasPrefix(c.Type, "assert_") || c.Type == "action":
			r.passed++
		}
	}
	if r.unnamed != nil {
		r.also = append(r.also, r.unnamed)
	}
	for _, i := range r.also {
		r.close(i)
	}
	for _, p := range r.progs {
		p.Close()
	}
}

func (r *wastRunner) close(i *engine.Instance) {
	if err := i.Close(context.Background()); err != nil {
		r.t.Error(err)
	}
}

var errSkip = errors.New("skipped")

func (r *wastRunner) command(c *wastCommand) error {
	switch c.Type {
	case "module_definition":
		def, err := r.decode(c)
		r.defs[c.Name], r.last = def, def
		return err
	case "module":
		def, err := r.decode(c)
		if err != nil {
			r.current, r.failure = nil, err
			return err
		}
		return r.instantiate(def, c.Name)
	case "module_instance":
		def := r.defs[c.Module]
		if c.Module == "" {
			def = r.last
		}
		if def == nil {
			return fmt.Errorf("no definition %q", c.Module)
		}
		return r.instantiate(def, c.Instance)
	case "action", "assert_return":
		return r.assertReturn(c)
	case "assert_trap":
		return r.assertTrap(c)
	case "assert_invalid", "assert_malformed", "assert_unlinkable", "assert_uninstantiable":
		return r.assertRejected(c)
	}
	return fmt.Errorf("unknown command")
}

func (r *wastRunner) decode(c *wastCommand) (*engine.Component, error) {
	b, err := os.ReadFile(filepath.Join(r.dir, c.Filename))
	if err != nil {
		return nil, err
	}
	return engine.DecodeWith(b, engine.DecodeConfig{Features: r.features})
}

func (r *wastRunner) instantiate(def *engine.Component, name string) error {
	if r.unnamed != nil { // no command can refer to it any more
		r.close(r.unnamed)
	}
	r.current, r.unnamed, r.failure = nil, nil, nil
	i, err := r.instance(def)
	if err != nil {
		r.failure = err
		return err
	}
	r.current = i
	if name == "" {
		r.unnamed = i
	} else {
		r.also = append(r.also, i)
		r.named[name] = i
	}
	return nil
}

func (r *wastRunner) instance(def *engine.Component) (*engine.Instance, error) {
	p, err := r.link(def)
	if err != nil {
		return nil, err
	}
	r.progs = append(r.progs, p)
	return p.Instantiate(context.Background(), engine.InstanceConfig{})
}

func (r *wastRunner) invoke(c *wastCommand) (any, error) {
	i := r.current
	if c.Action.Module != "" {
		i = r.named[c.Action.Module]
	}
	if i == nil {
		return nil, fmt.Errorf("no instance: %w", r.failure)
	}
	f, err := i.Program().Func("", c.Action.Field)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(c.Action.Args))
	for k, a := range c.Action.Args {
		if args[k], err = a.value(); err != nil {
			return nil, err
		}
	}
	return i.Call(context.Background(), f, args...)
}

func (r *wastRunner) assertReturn(c *wastCommand) error {
	got, err := r.invoke(c)
	if err != nil {
		return err
	}
	var want any
	if len(c.Expected) > 0 {
		if want, err = c.Expected[0].value(); err != nil {
			return err
		}
	}
	if c.Type == "assert_return" && !reflect.DeepEqual(noBytes(got), noBytes(want)) {
		return fmt.Errorf("got %#v, want %#v", got, want)
	}
	return nil
}

func (r *wastRunner) assertTrap(c *wastCommand) error {
	_, err := r.invoke(c)
	if err == nil || !errors.Is(err, engine.ErrTrap) {
		return fmt.Errorf("got %v, want the trap %q", err, c.Text)
	}
	return r.assertText(c, err)
}

// assertText compares an error that was expected with the script's text for it.
func (r *wastRunner) assertText(c *wastCommand, err error) error {
	switch {
	case strings.Contains(err.Error(), c.Text):
		return nil
	case r.texts:
		return fmt.Errorf("got %v, want %q", err, c.Text)
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	r.t.Logf("line %d: %q, where the script says %q", c.Line, text, c.Text)
	return nil
}

// assertRejected checks that a component does not get as far as it must not.
func (r *wastRunner) assertRejected(c *wastCommand) error {
	if c.ModuleType == "text" {
		return errSkip
	}
	err := r.reject(c)
	if err == nil {
		return fmt.Errorf("accepted; want %q", c.Text)
	}
	return r.assertText(c, err)
}

// reject returns why a component is rejected where it must be. What is in the bodies of core
// modules only the compiler checks, so that invalid components are linked too; that nobody
// provides their imports is not a fault of theirs.
func (r *wastRunner) reject(c *wastCommand) error {
	def, err := r.decode(c)
	if err != nil {
		return err
	}
	link := r.linkTraps
	if c.Type == "assert_unlinkable" {
		link = r.link
	}
	p, err := link(def)
	if err != nil {
		return err
	}
	r.progs = append(r.progs, p)
	if c.Type != "assert_uninstantiable" {
		return passedOn(p)
	}
	i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
	if err == nil {
		r.close(i)
		return nil
	}
	if !errors.Is(err, engine.ErrTrap) {
		r.t.Errorf("line %d: got %v, want the trap %q", c.Line, err, c.Text)
	}
	return err
}
