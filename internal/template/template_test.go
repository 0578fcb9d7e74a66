package template_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/template"
)

// upper is a lookup that knows every name but "missing".
func upper(name string) (string, error) {
	if name == "missing" {
		return "", errMissing
	}
	return "<" + strings.ToUpper(name) + ">", nil
}

var errMissing = errors.New("missing")

func TestResolve(t *testing.T) {
	tests := []struct {
		text  string
		names []string
		want  string
	}{
		{"", nil, ""},
		{"plain", nil, "plain"},
		{"a { b } c", nil, "a { b } c"},
		{"a }} b", nil, "a }} b"},
		{"{", nil, "{"},
		{"{{a}}", []string{"a"}, "<A>"},
		{"{{ a }}", []string{"a"}, "<A>"},
		{"{{\t\n a\u00a0}}", []string{"a"}, "<A>"},
		{"https://{{ host }}:{{ port }}/", []string{"host", "port"}, "https://<HOST>:<PORT>/"},
		{"{{b}}{{a}}{{b}}", []string{"b", "a"}, "<B><A><B>"},
		{"{{}}", []string{""}, "<>"},
		{"{{ }}x", []string{""}, "<>x"},
		{"{{{a}}}", []string{"{a"}, "<{A>}"},
		{"{{ a {{ b }}", []string{"a {{ b"}, "<A {{ B>"},
		{"{{a}} }} {{b}}", []string{"a", "b"}, "<A> }} <B>"},
		{"ä{{ a }}ö", []string{"a"}, "ä<A>ö"},
		{"\xff{{a}}", []string{"a"}, "\xff<A>"},
	}
	for _, tt := range tests {
		tmpl, err := template.Parse(tt.text)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.text, err)
			continue
		}
		if got := tmpl.Names(); !slices.Equal(got, tt.names) {
			t.Errorf("%q: names %q, want %q", tt.text, got, tt.names)
		}
		got, err := tmpl.Resolve(upper)
		if err != nil || got != tt.want {
			t.Errorf("%q: %q, %v, want %q", tt.text, got, err, tt.want)
		}
		literal, ok := tmpl.Literal()
		if ok != (tt.names == nil) || ok && literal != tt.want {
			t.Errorf("%q: Literal() = %q, %t", tt.text, literal, ok)
		}
		if tmpl.String() != tt.text {
			t.Errorf("%q: String() = %q", tt.text, tmpl.String())
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	tests := []struct {
		text   string
		offset int
		want   string
	}{
		{"{{", 0, `close it`},
		{"a{{ x", 1, `write "{{ x }}"`},
		{"{{ a }}:{{ port }/", 8, `write "{{ port }}"`},
		{"{{ A }", 0, "close it"},
		{strings.Repeat("x", template.MaxLength+1), template.MaxLength, "more than 1048576 bytes"},
		{strings.Repeat("{{a}}", template.MaxReferences+1), 5 * template.MaxReferences, "more than 4096 expressions"},
	}
	for _, tt := range tests {
		_, err := template.Parse(tt.text)
		var syntax *template.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("Parse(%.40q): %v is no SyntaxError", tt.text, err)
			continue
		}
		if syntax.Offset != tt.offset || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Parse(%.40q): %v, want %q at %d", tt.text, err, tt.want, tt.offset)
		}
	}
	if _, err := template.Parse(strings.Repeat("{{a}}", template.MaxReferences)); err != nil {
		t.Errorf("as many expressions as are allowed: %v", err)
	}
}

func TestValuesAreNotTemplates(t *testing.T) {
	tmpl, err := template.Parse("{{ a }}")
	if err != nil {
		t.Fatal(err)
	}
	got, err := tmpl.Resolve(func(string) (string, error) { return "{{ a }}", nil })
	if err != nil || got != "{{ a }}" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestLookupOncePerName(t *testing.T) {
	tmpl, err := template.Parse("{{a}}{{b}}{{a}}")
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	_, err = tmpl.Resolve(func(name string) (string, error) {
		asked = append(asked, name)
		return "", nil
	})
	if err != nil || !slices.Equal(asked, []string{"a", "b"}) {
		t.Errorf("asked for %q, %v", asked, err)
	}
}

func TestResolveErrors(t *testing.T) {
	tmpl, err := template.Parse("{{a}}{{missing}}{{b}}")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := tmpl.Resolve(upper); err != errMissing || got != "" {
		t.Errorf("%q, %v", got, err)
	}
	long, err := template.Parse(strings.Repeat("{{a}}", 17))
	if err != nil {
		t.Fatal(err)
	}
	value := strings.Repeat("x", 1<<20)
	_, err = long.Resolve(func(string) (string, error) { return value, nil })
	if !errors.Is(err, template.ErrResultTooLong) {
		t.Errorf("17 MiB: %v", err)
	}
}

func TestReferences(t *testing.T) {
	tmpl, err := template.Parse("ä{{ a }}-{{b}}{{a}}")
	if err != nil {
		t.Fatal(err)
	}
	want := []template.Reference{{Name: "a", Offset: 2}, {Name: "b", Offset: 10}, {Name: "a", Offset: 15}}
	if got := tmpl.References(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestZeroTemplate(t *testing.T) {
	var tmpl template.Template
	if text, ok := tmpl.Literal(); text != "" || !ok || tmpl.Names() != nil || tmpl.References() != nil {
		t.Errorf("%q, %t, %v", text, ok, tmpl.Names())
	}
}

func TestCheckKey(t *testing.T) {
	for _, name := range []string{"a", "a_1", "a1b2c3", "var_one", "a_b_c", strings.Repeat("a", template.MaxKeyLength)} {
		if err := template.CheckKey(name); err != nil {
			t.Errorf("%.20q: %v", name, err)
		}
	}
	tests := []struct{ name, want string }{
		{"", "empty"},
		{"x_", "ends with an underscore"},
		{"_x", "start with a lower-case letter"},
		{"_", "start with a lower-case letter"},
		{"a__b", "two underscores"},
		{"1bc", "start with a lower-case letter"},
		{"x-y", "digits and underscores only"},
		{"x y", "digits and underscores only"},
		{"x\x00", "digits and underscores only"},
		{"aX", "capital letter"},
		{"ä", "start with a lower-case letter"},
		{"aä", "digits and underscores only"},
		{strings.Repeat("a", template.MaxKeyLength+1), "more than 1024 bytes"},
		{"a" + strings.Repeat("ä", 500), `"a` + strings.Repeat("ä", 31) + `"...`}, // cut between two letters
	}
	for _, tt := range tests {
		err := template.CheckKey(tt.name)
		var key *template.KeyError
		if !errors.As(err, &key) || key.Name != tt.name || !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 200 {
			t.Errorf("%.20q: %v, want %q", tt.name, err, tt.want)
		}
	}
}
