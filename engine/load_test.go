package engine_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/leaktest"
)

func TestWhatIsNotAComponent(t *testing.T) {
	core := []byte("\x00asm\x01\x00\x00\x00")
	for name, c := range map[string]struct {
		wasm []byte
		want error
	}{
		"nothing":    {nil, engine.ErrNotComponent},
		"text":       {[]byte("(component)"), engine.ErrNotComponent},
		"a page":     {[]byte("<!DOCTYPE html><html></html>"), engine.ErrNotComponent},
		"half magic": {[]byte("\x00as"), engine.ErrNotComponent},
		"a module":   {core, engine.ErrCoreModule},
		"its core":   {append(slices.Clone(core), "\x01\x04\x01\x60\x00\x00"...), engine.ErrCoreModule},
	} {
		_, err := engine.Decode(c.wasm)
		if !errors.Is(err, c.want) || !errors.Is(err, engine.ErrNotComponent) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if errors.Is(engine.ErrNotComponent, engine.ErrCoreModule) {
		t.Error("not everything that is no component is a core module")
	}
}

// However little is missing at the end, the component is refused.
func TestTruncatedComponents(t *testing.T) {
	wasm := wasmFile(t, "wast", "guest.0.wasm")
	// Without its last sections it may be a component, only another one: all but the names of
	// things, which come last, matter.
	whole := decode(t, wasm)
	wasm = wasm[:bytes.LastIndex(wasm, []byte("component-name"))-len("\x00\xff\x01\x0e")]
	if c := decode(t, wasm); len(c.Exports()) != len(whole.Exports()) {
		t.Fatal("the names are not the last section")
	}
	for n := range wasm {
		c, err := engine.Decode(wasm[:n])
		if err == nil && len(c.Exports()) >= len(whole.Exports()) {
			t.Errorf("%d of %d bytes have all the exports", n, len(wasm))
		}
	}
}

// Damaged components are refused by some stage or run within their limits; see also
// FuzzDecodeInstantiate.
func TestDamagedComponents(t *testing.T) {
	leaktest.Check(t)
	wasm := wasmFile(t, "wast", "guest.0.wasm")
	rt := newRuntime(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	h := newGuestHost()
	for range 300 {
		bad := slices.Clone(wasm)
		for range 1 + rnd.IntN(3) {
			bad[rnd.IntN(len(bad))] ^= 1 << rnd.IntN(8)
		}
		c, err := engine.Decode(bad)
		if err != nil {
			continue
		}
		p, err := h.linker().Link(context.Background(), rt, c)
		if err != nil {
			continue
		}
		if i, err := p.Instantiate(context.Background(), engine.InstanceConfig{}); err == nil {
			closeInstance(t, i)
		}
		p.Close()
	}
	if s := rt.Stats(); s != (engine.Stats{}) {
		t.Errorf("left behind: %+v", s)
	}
}

func TestWhatComponentsSayOfThemselves(t *testing.T) {
	wasm := wasmFile(t, "wast", "guest.0.wasm")
	c := decode(t, wasm)
	if c.Size() != len(wasm) {
		t.Errorf("size %d of %d", c.Size(), len(wasm))
	}
	imports := c.Imports()
	if len(imports) != 1 || imports[0].Name != "test:guest/host@1.0.0" || imports[0].Kind != "instance" {
		t.Fatalf("imports %+v", imports)
	}
	want := []engine.Extern{{Name: "block", Kind: "function", Type: "async func()->u32"}, {Name: "note", Kind: "function", Type: "func(n:u32)"}}
	if got := imports[0].Items; len(got) != 2 || got[0].Type != want[0].Type || got[1].Name != want[1].Name || got[1].Kind != want[1].Kind {
		t.Errorf("items %+v, want %+v", got, want)
	}
	kinds := map[string]string{}
	for _, e := range c.Exports() {
		kinds[e.Name] = e.Kind
	}
	for name, kind := range map[string]string{"add": "function", "summary": "type", "test:guest/api@1.0.0": "instance"} {
		if kinds[name] != kind || !c.HasExport(name) {
			t.Errorf("export %q is a %q, want a %q", name, kinds[name], kind)
		}
	}
	if c.HasExport("test:guest/api") || c.HasExport("") {
		t.Error("exports that there are not")
	}
}

// importing is a component that imports instances of the given names, without items.
func importing(names ...string) []byte {
	b := []byte("\x00asm\x0d\x00\x01\x00")
	b = append(b, 7, 3, 1, 0x42, 0) // an instance type without exports
	for _, n := range names {
		b = append(b, 10, byte(5+len(n)), 1, 0, byte(len(n)))
		b = append(append(b, n...), 5, 0)
	}
	return b
}

func empty(id string) func() (*abi.Interface, error) {
	return func() (*abi.Interface, error) { return &abi.Interface{ID: id}, nil }
}

func TestImportsThatNobodyProvides(t *testing.T) {
	rt := newRuntime(t)
	l := engine.NewLinker()
	for _, id := range []string{"wasi:http/types@0.3.0", "wasi:http/handler@0.3.0", "wasi:io/streams@0.2.6", "test:plain/api"} {
		l.Define(id, empty(id))
	}
	for _, c := range []struct{ name, hint string }{
		{"wasi:http/type@0.3.0", `did you mean "wasi:http/types@0.3.0"?`},
		{"wasi:http/types@0.4.0", `did you mean "wasi:http/types@0.3.0"?`},
		{"wasi:http/types@0.3.0-rc-2026-03-15", ""},
		{"wasi:io/streams@0.3.0", `did you mean "wasi:io/streams@0.2.6"?`},
		{"test:plain/apis", `did you mean "test:plain/api"?`},
		{"entirely:different/thing@9.9.9", ""},
	} {
		_, err := l.Link(context.Background(), rt, decode(t, importing(c.name)))
		var missing *engine.ImportError
		if !errors.As(err, &missing) || missing.Import != c.name {
			t.Fatalf("%s: got %v", c.name, err)
		}
		if !strings.Contains(err.Error(), c.name) || !strings.Contains(err.Error(), c.hint) {
			t.Errorf("%s: message %q, want %q in it", c.name, err, c.hint)
		}
	}
	for _, name := range []string{"wasi:http/types@0.3.0", "wasi:http/types@0.3.7", "wasi:io/streams@0.2.0", "wasi:io/streams@0.2.12", "test:plain/api"} {
		p, err := l.Link(context.Background(), rt, decode(t, importing(name)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p.Close()
	}
}

func TestVersionsThatAreCompatible(t *testing.T) {
	l := engine.NewLinker()
	for _, id := range []string{"a:b/c@0.2.3", "a:b/c@0.2.10", "a:b/c@0.2.9", "a:b/c@1.4.0", "a:b/c@1.30.0", "a:b/c@0.0.3", "a:b/c@0.3.0-rc.1", "a:b/plain"} {
		l.Define(id, empty(id))
	}
	for name, want := range map[string]string{
		"a:b/c@0.2.0":                       "a:b/c@0.2.10", // the greatest, as numbers
		"a:b/c@0.2.3":                       "a:b/c@0.2.3",  // exactly this one is there
		"a:b/c@0.2.99":                      "a:b/c@0.2.10",
		"a:b/c@1.0.0":                       "a:b/c@1.30.0",
		"a:b/c@0.0.3":                       "a:b/c@0.0.3",
		"a:b/c@0.0.4":                       "",
		"a:b/c@2.0.0":                       "",
		"a:b/c@0.3.0":                       "",
		"a:b/c@0.3.0-rc.1":                  "a:b/c@0.3.0-rc.1",
		"a:b/c@0.3.0-rc.2":                  "",
		"a:b/plain":                         "a:b/plain",
		"a:b/c":                             "",
		"a:b/c@":                            "",
		"a:b/c@1.2":                         "",
		"a:b/c@1.2.x":                       "",
		"a:b/c@1.99999999999999999999999.0": "",
	} {
		if id, ok := l.Lookup(name); id != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", name, id, ok, want)
		}
	}
	if ids := l.IDs(); len(ids) != 8 || !slices.IsSorted(ids) {
		t.Errorf("IDs %q", ids)
	}
}

// An interface is made when it is first needed, once, and what goes wrong then is told.
func TestInterfacesAreMadeWhenNeeded(t *testing.T) {
	rt := newRuntime(t)
	l := engine.NewLinker()
	made := 0
	broken := errors.New("out of order")
	l.Define("a:b/c@1.0.0", func() (*abi.Interface, error) { made++; return &abi.Interface{ID: "a:b/c@1.0.0"}, nil })
	l.Define("a:b/broken", func() (*abi.Interface, error) { made++; return nil, broken })
	if _, ok := l.Lookup("a:b/c@1.0.0"); !ok || made != 0 {
		t.Error("made before it was needed")
	}
	for range 2 {
		p, err := l.Link(context.Background(), rt, decode(t, importing("a:b/c@1.0.0", "a:b/c@1.1.0")))
		if err != nil || made != 1 {
			t.Fatal(err, made)
		}
		p.Close()
	}
	for range 2 {
		_, err := l.Link(context.Background(), rt, decode(t, importing("a:b/broken")))
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), "a:b/broken") || made != 2 {
			t.Error(err, made)
		}
	}
	// A later definition takes the place of an earlier one.
	l.Define("a:b/broken", empty("a:b/broken"))
	p, err := l.Link(context.Background(), rt, decode(t, importing("a:b/broken")))
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
}

// Interfaces that are known but not there are linked whatever a component wants of them, and
// trap when called.
func TestStandInsTrap(t *testing.T) {
	l := engine.NewLinker()
	why := errors.New("not built yet")
	l.DefineTrap("test:guest/host@1.0.0", why)
	p, err := l.Link(context.Background(), newRuntime(t), guestComponent(t))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	i := instantiate(t, p)
	mustCall(t, i, uint32(3), "add", uint32(1), uint32(2))
	_, err = call(t, i, "note", uint32(1))
	if !errors.Is(err, why) || !errors.Is(err, engine.ErrTrap) || !strings.Contains(err.Error(), "test:guest/host@1.0.0#note: not built yet") {
		t.Error(err)
	}
}

// Functions that a component imports on their own.
func TestSingleFunctions(t *testing.T) {
	wasm := []byte("\x00asm\x0d\x00\x01\x00")
	wasm = append(wasm, 7, 5, 1, 0x40, 0, 1, 0)                              // a function type without parameters and results
	wasm = append(wasm, 10, 11, 1, 0, 6, 'n', 'o', 't', 'i', 'f', 'y', 1, 0) // imported as notify
	c := decode(t, wasm)
	rt := newRuntime(t)
	l := engine.NewLinker()
	if _, err := l.Link(context.Background(), rt, c); err == nil || !strings.Contains(err.Error(), `"notify"`) {
		t.Error(err)
	}
	l.DefineFunc(&abi.Func{Name: "notify", Type: "func(x:u32)", Serve: func(*abi.Call) {}})
	if _, err := l.Link(context.Background(), rt, c); err == nil || !strings.Contains(err.Error(), "parameter") {
		t.Error(err)
	}
	l.DefineFunc(&abi.Func{Name: "notify", Type: "func()", Serve: func(*abi.Call) {}})
	p, err := l.Link(context.Background(), rt, c)
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
}

// A context that has ended keeps a component from being compiled.
func TestLinkWithoutTime(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("too late")
	cancel(why)
	rt := newRuntime(t)
	_, err := newGuestHost().linker().Link(ctx, rt, guestComponent(t))
	if err != nil && !errors.Is(err, why) {
		t.Error(err)
	}
}
