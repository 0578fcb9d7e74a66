package variables_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/internal/leaktest"
	"github.com/spinhost/spin/internal/template"
)

// reader is a function by which guests read a variable.
type reader struct {
	function string
	cases    []string // of its error
	option   bool     // whether a success is an option
}

var (
	spin1 = reader{"fermyon:spin/config#get-config", []string{"provider", "invalid-key", "invalid-schema", "other"}, false}
	spin2 = reader{"fermyon:spin/variables@2.0.0#get", []string{"invalid-name", "undefined", "provider", "other"}, false}
	spin3 = reader{"spin:variables/variables@3.0.0#get", []string{"invalid-name", "undefined", "provider", "other"}, false}
	store = reader{"wasi:config/store@0.2.0-draft-2024-09-27#get", []string{"upstream", "io"}, true}
)

const getAll = "wasi:config/store@0.2.0-draft-2024-09-27#get-all"

// read calls the function as a guest does and returns the case of the answer, and its text.
func (r reader) read(t *testing.T, g *guesttest.Guest, name string) (answer, text string) {
	t.Helper()
	ptr, n := g.Put(name)
	p, err := g.Load(r.function, ptr, n)
	switch {
	case err != nil:
		t.Fatalf("%s(%q): %v", r.function, name, err)
	case g.U8(p) == 1:
		return r.cases[g.U8(p+4)], g.Text(p + 8)
	case !r.option:
		return "ok", g.Text(p + 4)
	case g.U8(p+4) == 0:
		return "none", ""
	}
	return "ok", g.Text(p + 8)
}

func guestOf(t *testing.T, r *variables.Resolver, log *bytes.Buffer) *guesttest.Guest {
	t.Helper()
	leaktest.Check(t)
	s := &hostapi.Scope{App: "test", Component: "shop"}
	if log != nil {
		s.Logger = slog.New(slog.NewTextHandler(log, nil))
	}
	variables.Provide(s, r, "shop")
	return guesttest.New(t, s, variables.Interfaces())
}

// Each function answers each outcome with the case that is its own.
func TestOutcomes(t *testing.T) {
	huge := strings.Repeat("x", template.MaxResult/2+1)
	r := newResolver(t, variables.Config{
		Variables: []variables.Declaration{withDefault("host", "exämple"), required("gone"), required("down"), withDefault("huge", huge)},
		Components: map[string]map[string]string{"shop": {
			"url": "https://{{ host }}/", "empty": "", "gone": "{{ gone }}", "down": "{{ down }}", "huge": "{{ huge }}{{ huge }}", "a_1": "1",
		}},
		Providers: []variables.Provider{&asked{fail: map[string]error{"down": errDown}}},
	})
	log := new(bytes.Buffer)
	g := guestOf(t, r, log)
	invalid := [4]string{"invalid-key", "invalid-name", "invalid-name", "none"}
	undefined := [4]string{"provider", "undefined", "undefined", "none"}
	failed := [4]string{"other", "provider", "provider", "upstream"}
	broken := [4]string{"other", "other", "other", "io"}
	ok := [4]string{"ok", "ok", "ok", "ok"}
	tests := []struct {
		name   string
		answer [4]string // by spin1, spin2, spin3, store
		text   string
	}{
		{"url", ok, "https://exämple/"},
		{"empty", ok, ""},
		{"a_1", ok, "1"},
		{"UPPER", invalid, `"UPPER" is not a variable name: it must start with a lower-case letter`},
		{"a-b", invalid, `"a-b" is not a variable name`},
		{"9x", invalid, `"9x" is not a variable name`},
		{"a__b", invalid, `"a__b" is not a variable name`},
		{"x_", invalid, `"x_" is not a variable name`},
		{"url!", invalid, `"url!" is not a variable name`},
		{"", invalid, `"" is not a variable name`},
		{strings.Repeat("a", 1<<16), invalid, `"aaaa`},
		{"host", undefined, `no variable for "shop"."host"`}, // of the application only
		{"gone", failed, `no provider resolved required variable "gone"`},
		{"down", failed, `the provider of variable "down" failed: connection refused`},
		{"huge", broken, `variable "huge": the values make the text longer`},
	}
	for _, tt := range tests {
		for i, f := range []reader{spin1, spin2, spin3, store} {
			answer, text := f.read(t, g, tt.name)
			want := tt.text
			if tt.answer[i] == "none" {
				want = ""
			}
			if answer != tt.answer[i] || !strings.HasPrefix(text, want) || answer == "ok" && text != want || len(text) > 512 {
				t.Errorf("%s(%.20q): %s, %.200q, want %s, %q", f.function, tt.name, answer, text, tt.answer[i], want)
			}
		}
	}
	const warning = `level=WARN msg="variable was not resolved" error="the provider of variable \"down\" failed: connection refused"`
	if strings.Count(log.String(), warning) != 4 || strings.Count(log.String(), "\n") != 4 {
		t.Errorf("log:\n%s", log)
	}
}

func TestGetAll(t *testing.T) {
	p := &asked{values: map[string]string{"b": "2"}}
	r := newResolver(t, variables.Config{
		Variables:  []variables.Declaration{withDefault("a", "1"), required("b")},
		Components: map[string]map[string]string{"shop": {"y": "{{ b }}", "x": "{{ a }}{{ b }}", "z": ""}, "other": {"w": "w"}},
		Providers:  []variables.Provider{p},
	})
	g := guestOf(t, r, nil)
	ptr, err := g.Load(getAll)
	if err != nil || g.U8(ptr) != 0 {
		t.Fatal(g.U8(ptr), err)
	}
	var got []string
	for at := g.U32(ptr + 4); len(got) < int(g.U32(ptr+8)); at += 16 {
		got = append(got, g.Text(at)+"="+g.Text(at+8))
	}
	if !slices.Equal(got, []string{"x=12", "y=2", "z="}) {
		t.Errorf("%q", got)
	}
	// One that fails is an error of the whole call.
	for _, tt := range []struct {
		fail func()
		want string
	}{
		{func() { delete(p.values, "b") }, `no provider resolved required variable "b"`},
		{func() { p.fail = map[string]error{"a": errDown} }, `the provider of variable "a" failed: connection refused`},
	} {
		tt.fail()
		ptr, err := g.Load(getAll)
		if err != nil || g.U8(ptr) != 1 || store.cases[g.U8(ptr+4)] != "upstream" || !strings.HasPrefix(g.Text(ptr+8), tt.want) {
			t.Errorf("%d %q, %v, want %q", g.U8(ptr), g.Text(ptr+8), err, tt.want)
		}
	}
}

// Without Provide a guest has no variables.
func TestScopeWithoutVariables(t *testing.T) {
	s := &hostapi.Scope{Component: "shop"}
	g := guesttest.New(t, s, variables.Interfaces())
	if answer, text := spin2.read(t, g, "x"); answer != "undefined" || !strings.HasPrefix(text, `no variable for "shop"."x"`) {
		t.Errorf("%s %q", answer, text)
	}
	if ptr, err := g.Load(getAll); err != nil || g.U8(ptr) != 0 || g.U32(ptr+8) != 0 {
		t.Errorf("%d, %v", g.U32(ptr+8), err)
	}
}

// The end of a guest's call reaches a provider that waits, and nobody is warned of it.
func TestCancelledCall(t *testing.T) {
	r := newResolver(t, variables.Config{
		Variables:  []variables.Declaration{required("a")},
		Components: map[string]map[string]string{"shop": {"x": "{{ a }}"}},
		Providers:  []variables.Provider{waits{}},
	})
	log := new(bytes.Buffer)
	g := guestOf(t, r, log)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g.SetContext(ctx)
	if answer, text := spin3.read(t, g, "x"); answer != "provider" || !strings.HasSuffix(text, "context canceled") || log.Len() > 0 {
		t.Errorf("%s %q, log %s", answer, text, log)
	}
}

func TestInterfacesCarryTheCapability(t *testing.T) {
	list := variables.Interfaces()
	if len(list) != 4 {
		t.Errorf("%d interfaces", len(list))
	}
	for _, i := range list {
		if i.Capability != "variables" || i.Bind == nil {
			t.Errorf("%s belongs to %q", i.ID, i.Capability)
		}
	}
}
