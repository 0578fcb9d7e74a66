package validate_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/validate"
)

//go:generate sh -c "go run testdata/pack.go testdata/*.wast"

// fixture is a component that testdata/pack.go has assembled.
type fixture struct {
	File string
	Line int
	Want string // rule and part of the message; empty if it is valid
	Wasm []byte
}

func fixtures(t testing.TB) []fixture {
	t.Helper()
	sources, err := filepath.Glob("testdata/*.wast")
	if err != nil || len(sources) == 0 {
		t.Fatal("no fixtures", err)
	}
	var all []fixture
	for _, s := range sources {
		b, err := os.ReadFile(strings.TrimSuffix(s, ".wast") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var fs []fixture
		if err := json.Unmarshal(b, &fs); err != nil {
			t.Fatal(err)
		}
		for i := range fs {
			fs[i].File = filepath.Base(s)
		}
		if len(fs) == 0 {
			t.Fatalf("%s has no components", s)
		}
		all = append(all, fs...)
	}
	return all
}

// check decodes and validates.
func check(wasm []byte, f validate.Features) (*binary.Component, error) {
	c, err := binary.Decode(wasm, binary.Limits{})
	if err != nil {
		return nil, err
	}
	return c, validate.Component(c, f)
}

func TestFixtures(t *testing.T) {
	for _, f := range fixtures(t) {
		c, err := check(f.Wasm, validate.AllFeatures())
		if f.Want == "" {
			if err != nil {
				t.Errorf("%s:%d: %v", f.File, f.Line, err)
			} else if c.Type == nil {
				t.Errorf("%s:%d: the component has no type", f.File, f.Line)
			}
			continue
		}
		rule, msg, _ := strings.Cut(f.Want, " | ")
		var e *validate.Error
		switch {
		case err == nil:
			t.Errorf("%s:%d: valid, want %s", f.File, f.Line, f.Want)
		case !errors.As(err, &e):
			t.Errorf("%s:%d: %v, want a *validate.Error", f.File, f.Line, err)
		case string(e.Rule) != rule || !strings.Contains(e.Msg, msg):
			t.Errorf("%s:%d:\n got %s | %s\nwant %s", f.File, f.Line, e.Rule, e.Msg, f.Want)
		case e.Offset <= 0 || e.Offset >= len(f.Wasm):
			t.Errorf("%s:%d: error at byte %d of %d", f.File, f.Line, e.Offset, len(f.Wasm))
		}
	}
}
