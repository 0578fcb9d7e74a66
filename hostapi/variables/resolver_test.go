package variables_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/internal/template"
)

// asked is a provider of fixed values that counts and can fail, and that nobody can ask beforehand.
type asked struct {
	values map[string]string
	fail   map[string]error
	names  []string
}

func (p *asked) Get(_ context.Context, name string) (string, bool, error) {
	p.names = append(p.names, name)
	v, ok := p.values[name]
	return v, ok, p.fail[name]
}

func newResolver(t testing.TB, cfg variables.Config) *variables.Resolver {
	t.Helper()
	r, err := variables.NewResolver(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func withDefault(name, value string) variables.Declaration {
	return variables.Declaration{Name: name, Default: variables.Text(value)}
}

func required(name string) variables.Declaration {
	return variables.Declaration{Name: name, Required: true}
}

var errDown = errors.New("connection refused")

func TestProvidersAreAskedInOrder(t *testing.T) {
	first := &asked{values: map[string]string{"a": "first", "empty": ""}}
	second := &asked{values: map[string]string{"a": "second", "b": "second", "empty": "second", "fails": "x"}, fail: map[string]error{"fails": errDown}}
	third := &asked{values: map[string]string{"fails": "third", "b": "third", "c": "third"}}
	r := newResolver(t, variables.Config{
		Variables: []variables.Declaration{
			withDefault("a", "default"), withDefault("b", "default"), withDefault("c", "default"), withDefault("d", "default"),
			withDefault("empty", "default"), withDefault("fails", "default"), required("nowhere"),
		},
		Providers: []variables.Provider{first, second, third},
	})
	tests := []struct {
		name, want string
		err        error
		text       string
	}{
		{"a", "first", nil, ""},
		{"b", "second", nil, ""},
		{"c", "third", nil, ""},
		{"d", "default", nil, ""},
		{"empty", "", nil, ""}, // an empty value is a value
		{"fails", "", variables.ErrProvider, `the provider of variable "fails" failed: connection refused`},
		{"nowhere", "", variables.ErrUnresolved, `no provider resolved required variable "nowhere": write a default in [variables], or let a provider in Config.Variables have it`},
		{"other", "", variables.ErrUndefined, `the application has no variable "other": declare it in [variables]`},
	}
	for _, tt := range tests {
		v, err := r.Resolve(context.Background(), tt.name)
		if v.Reveal() != tt.want || !errors.Is(err, tt.err) || err != nil && err.Error() != tt.text {
			t.Errorf("%s: %q, %v, want %q, %q", tt.name, v.Reveal(), err, tt.want, tt.text)
		}
		looked, lookErr := r.Lookup(context.Background())(tt.name)
		if looked != tt.want || !errors.Is(lookErr, tt.err) {
			t.Errorf("Lookup %s: %q, %v", tt.name, looked, lookErr)
		}
	}
	if slices.Contains(third.names, "fails") || slices.Contains(second.names, "a") {
		t.Errorf("asked on: %q, %q", second.names, third.names)
	}
	if _, err := r.Resolve(context.Background(), "fails"); !errors.Is(err, errDown) {
		t.Errorf("%v has no cause", err)
	}
}

// What providers say is cut to what can be read, between two letters.
func TestErrorsOfProvidersAreCut(t *testing.T) {
	for shift := range 4 {
		p := &asked{fail: map[string]error{"a": errors.New(strings.Repeat("x", shift) + strings.Repeat("\U0001f511", 1<<18))}}
		r := newResolver(t, variables.Config{Variables: []variables.Declaration{required("a")}, Providers: []variables.Provider{p}})
		_, err := r.Resolve(context.Background(), "a")
		if err == nil || len(err.Error()) > 5000 || !utf8.ValidString(err.Error()) || !strings.HasSuffix(err.Error(), "\U0001f511...") || !errors.Is(err, variables.ErrProvider) {
			t.Errorf("got %.80v", err)
		}
	}
}

func TestValuesAreResolvedAfresh(t *testing.T) {
	p := &asked{values: map[string]string{"a": "old"}}
	r := newResolver(t, variables.Config{
		Variables:  []variables.Declaration{required("a")},
		Components: map[string]map[string]string{"shop": {"x": "<{{ a }}>"}},
		Providers:  []variables.Provider{p},
	})
	for _, value := range []string{"old", "new"} {
		p.values["a"] = value
		if v, err := r.Get(context.Background(), "shop", "x"); err != nil || v.Reveal() != "<"+value+">" {
			t.Errorf("%q, %v", v.Reveal(), err)
		}
	}
}

func TestComponentVariables(t *testing.T) {
	huge := strings.Repeat("x", template.MaxResult/2+1)
	r := newResolver(t, variables.Config{
		Variables: []variables.Declaration{withDefault("host", "example.com"), withDefault("loop", "{{ loop }}"), withDefault("huge", huge), required("gone")},
		Components: map[string]map[string]string{
			"shop":  {"url": "https://{{ host }}/{{host}}", "plain": "text", "loop": "{{ loop }}", "gone": "{{ gone }}", "huge": "{{huge}}{{huge}}"},
			"other": {},
		},
		Providers: []variables.Provider{&asked{}},
	})
	tests := []struct {
		component, name, want string
		err                   error
		text                  string
	}{
		{"shop", "url", "https://example.com/example.com", nil, ""},
		{"shop", "plain", "text", nil, ""},
		{"shop", "loop", "{{ loop }}", nil, ""}, // values are no templates
		{"shop", "gone", "", variables.ErrUnresolved, `no provider resolved required variable "gone"`},
		{"shop", "huge", "", variables.ErrTemplate, `variable "huge": the values make the text longer than 16777216 bytes: shorten them`},
		{"shop", "host", "", variables.ErrUndefined, `no variable for "shop"."host": add it to [component.shop.variables]`},
		{"other", "url", "", variables.ErrUndefined, `no variable for "other"."url"`},
		{"ghost", "url", "", variables.ErrUndefined, `no variable for "ghost"."url"`},
		{"shop", "a-b", "", variables.ErrInvalidName, `"a-b" is not a variable name`},
	}
	for _, tt := range tests {
		v, err := r.Get(context.Background(), tt.component, tt.name)
		if v.Reveal() != tt.want || !errors.Is(err, tt.err) || err != nil && !strings.HasPrefix(err.Error(), tt.text) {
			t.Errorf("%s.%s: %q, %v, want %q, %q", tt.component, tt.name, v.Reveal(), err, tt.want, tt.text)
		}
		var e *variables.Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%v is no *Error", err)
		}
	}
}

func TestAllAsksForEachVariableOnce(t *testing.T) {
	p := &asked{values: map[string]string{"a": "1", "b": "2"}}
	r := newResolver(t, variables.Config{
		Variables:  []variables.Declaration{required("a"), required("b")},
		Components: map[string]map[string]string{"shop": {"x": "{{a}}", "y": "{{a}}{{b}}", "z": "{{b}}"}},
		Providers:  []variables.Provider{p},
	})
	values, err := r.All(context.Background(), "shop")
	if err != nil || len(values) != 3 || values["y"].Reveal() != "12" {
		t.Errorf("%v, %v", values, err)
	}
	if slices.Sort(p.names); !slices.Equal(p.names, []string{"a", "b"}) {
		t.Errorf("asked for %q", p.names)
	}
	p.fail = map[string]error{"b": errDown}
	if values, err := r.All(context.Background(), "shop"); !errors.Is(err, variables.ErrProvider) || values != nil {
		t.Errorf("%v, %v", values, err)
	}
}

func TestProvidersGetTheContext(t *testing.T) {
	r := newResolver(t, variables.Config{
		Variables:  []variables.Declaration{required("a")},
		Components: map[string]map[string]string{"shop": {"x": "{{a}}"}},
		Providers:  []variables.Provider{waits{}},
	})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Get(ctx, "shop", "x"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// waits is a provider that never has an answer.
type waits struct{}

func (waits) Get(ctx context.Context, _ string) (string, bool, error) {
	<-ctx.Done()
	return "", false, ctx.Err()
}

func TestFaults(t *testing.T) {
	_, err := variables.NewResolver(variables.Config{
		Variables: []variables.Declaration{withDefault("host", ""), required("needed"), required("given"), withDefault("Bad", "")},
		Components: map[string]map[string]string{
			"b": {"x": "{{ hots }}/{{ a-b }}", "y": "{{ host", "bad-name": "ok"},
			"a": {"z": "{{}}"},
		},
		Providers: []variables.Provider{
			variables.Static(map[string]string{"given": ""}),
			variables.Environ("", func(string) (string, bool) { return "", false }, nil),
		},
	})
	var faults variables.Faults
	if !errors.As(err, &faults) {
		t.Fatal(err)
	}
	want := []string{
		`no provider resolved required variable "needed": write a default in [variables], or set SPIN_VARIABLE_NEEDED in the environment`,
		`"Bad" is not a variable name: it must start with a lower-case letter`,
		`component "a": variable "z": "" is not a variable name: it is empty; write a name such as api_key`,
		`component "b": variable "bad-name": "bad-name" is not a variable name: it may have lower-case letters, digits and underscores only`,
		`component "b": variable "x": the application has no variable "hots": declare it in [variables], or write one of Bad, given, host, needed`,
		`component "b": variable "x": "a-b" is not a variable name: it may have lower-case letters, digits and underscores only`,
		`component "b": variable "y": at byte 0: "{{" has no "}}": write "{{ host }}"`,
	}
	if got := strings.Split(err.Error(), "\n"); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", err, strings.Join(want, "\n"))
	}
	if faults[5].Offset != 11 || faults[5].Component != "b" || faults[5].Variable != "x" {
		t.Errorf("%+v", faults[5])
	}
	for _, kind := range []error{variables.ErrUnresolved, variables.ErrInvalidName, variables.ErrUndefined} {
		if !errors.Is(err, kind) {
			t.Errorf("is not %v", kind)
		}
	}
}

func TestRequiredVariablesAtTheStart(t *testing.T) {
	static := variables.Static(map[string]string{"other": "x"})
	tests := []struct {
		what      string
		providers []variables.Provider
		ok        bool
	}{
		{"no provider", nil, false},
		{"one that has another", []variables.Provider{static}, false},
		{"one that has it", []variables.Provider{static, variables.Static(map[string]string{"a": ""})}, true},
		{"one that cannot say", []variables.Provider{static, &asked{}}, true},
		{"the environment", []variables.Provider{variables.Environ("APP", func(name string) (string, bool) { return "", name == "APP_A" }, nil)}, true},
		{"nil", []variables.Provider{nil}, false},
	}
	for _, tt := range tests {
		_, err := variables.NewResolver(variables.Config{Variables: []variables.Declaration{required("a")}, Providers: tt.providers})
		if tt.ok != (err == nil) {
			t.Errorf("%s: %v", tt.what, err)
		}
		for _, p := range tt.providers {
			if a, ok := p.(*asked); ok && a.names != nil {
				t.Errorf("%s: asked for %q", tt.what, a.names)
			}
		}
	}
}
