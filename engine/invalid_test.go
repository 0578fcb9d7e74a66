package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// loadAny decodes and links a component, whatever it imports.
func loadAny(t *testing.T, rt *engine.Runtime, wasm []byte) error {
	t.Helper()
	c, err := engine.Decode(wasm)
	if err != nil {
		return err
	}
	l := engine.NewLinker()
	for _, im := range c.Imports() {
		if im.Kind == "function" {
			l.DefineFunc(&abi.Func{Name: im.Name, Type: "*", Serve: func(c *abi.Call) {}})
		} else {
			l.DefineTrap(im.Name, errors.New("nobody is here"))
		}
	}
	p, err := l.Link(context.Background(), rt, c)
	if err == nil {
		p.Close()
	}
	return err
}

// Whatever is wrong with a component, the error says which rule is broken, where in the file,
// and in which nested component.
func TestValidationErrors(t *testing.T) {
	rt := newRuntime(t)
	for name, want := range map[string]engine.ValidationError{
		"validation.0":  {Rule: "index out of bounds", Reason: "function index out of bounds"},
		"validation.3":  {Rule: "core signature", Reason: "needs a core function of type (i64) -> (i32)"},
		"validation.31": {Rule: "core module", Reason: "expected i32 but nothing on stack"},
		"validation.32": {Rule: "core module", Reason: "type mismatch", Path: "component 0"},
	} {
		wasm, err := os.ReadFile(filepath.Join("testdata", "wast", name+".wasm"))
		if err != nil {
			t.Fatal(err)
		}
		err = loadAny(t, rt, wasm)
		var got *engine.ValidationError
		switch {
		case !errors.As(err, &got):
			t.Errorf("%s: %v", name, err)
		case want.Rule != "" && got.Rule != want.Rule || !strings.Contains(got.Reason, want.Reason) || got.Path != want.Path:
			t.Errorf("%s: %+v", name, *got)
		case got.Offset <= 0 || got.Offset >= len(wasm) || !strings.Contains(err.Error(), "(at byte 0x"):
			t.Errorf("%s: at byte %d: %v", name, got.Offset, err)
		}
	}
}

// A part of the component model that is switched off is unsupported, and does not make the
// component invalid.
func TestUnsupportedFeatures(t *testing.T) {
	// (component (type (list u8 4)))
	wasm := []byte("\x00asm\x0d\x00\x01\x00\x07\x04\x01\x67\x7d\x04")
	_, err := engine.Decode(wasm)
	var e *engine.ValidationError
	if !errors.As(err, &e) || !errors.Is(err, engine.ErrUnsupported) || e.Offset != 11 {
		t.Errorf("got %v", err)
	}
	if _, err := engine.DecodeWith(wasm, engine.DecodeConfig{Features: engine.Features{FixedLists: true}}); err != nil {
		t.Error(err)
	}
	_, err = engine.Decode([]byte("\x00asm\x0d\x00\x01\x00\x63"))
	if errors.Is(err, engine.ErrUnsupported) || !errors.As(err, &e) {
		t.Errorf("got %v", err)
	}
}

// All that our scripts have refused is refused by an error that programs can tell apart.
func TestRefusalsAreTyped(t *testing.T) {
	rt := newRuntime(t)
	files, err := filepath.Glob(filepath.Join("testdata", "wast", "*.wasm"))
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	refused := 0
	for _, f := range files {
		wasm, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		err = loadAny(t, rt, wasm)
		if err == nil {
			continue
		}
		refused++
		var invalid *engine.ValidationError
		var missing *engine.ImportError
		switch {
		case errors.As(err, &invalid):
			if invalid.Offset < 0 || invalid.Offset > len(wasm) || invalid.Rule == "" || invalid.Reason == "" {
				t.Errorf("%s: %+v", f, *invalid)
			}
		case errors.As(err, &missing), errors.Is(err, engine.ErrNotComponent), errors.Is(err, engine.ErrUnsupported):
		default:
			t.Errorf("%s: %v", f, err)
		}
	}
	if refused < 50 {
		t.Errorf("only %d fixtures are refused", refused)
	}
}
