package template_test

import (
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/template"
)

// FuzzParse looks for panics, and for texts that are not what their parts say:
// expressions put back where they stood must give the text again.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "a", "{{ a }}", "{{a}}{{ b}}{{a }}", "{{{a}}}", "}}{{", "{{}}", "a{{ b", "{{\u00a0é}}\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, err := template.Parse(text)
		if err != nil {
			if len(err.Error()) > 512 {
				t.Fatalf("message of %d bytes", len(err.Error()))
			}
			return
		}
		var b strings.Builder
		pos := 0
		for _, ref := range tmpl.References() {
			b.WriteString(text[pos:ref.Offset])
			b.WriteString("value of " + ref.Name)
			end := strings.Index(text[ref.Offset:], "}}")
			if inner := text[ref.Offset+2 : ref.Offset+end]; strings.TrimSpace(inner) != ref.Name {
				t.Fatalf("%q is not the name in %q", ref.Name, inner)
			}
			pos = ref.Offset + end + 2
		}
		b.WriteString(text[pos:])
		if _, again := strings.CutPrefix(text[pos:], "{{"); again {
			t.Fatalf("an expression at %d was left out", pos)
		}
		got, err := tmpl.Resolve(func(name string) (string, error) { return "value of " + name, nil })
		if err != nil || got != b.String() {
			t.Fatalf("%q, %v, want %q", got, err, b.String())
		}
	})
}

func FuzzCheckKey(f *testing.F) {
	for _, name := range []string{"", "a", "a_1", "_", "a__b", "A", "é"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		err := template.CheckKey(name)
		ok := len(name) <= template.MaxKeyLength
		for word := range strings.SplitSeq(name, "_") {
			ok = ok && word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
		}
		ok = ok && name[0] >= 'a'
		if ok != (err == nil) {
			t.Fatalf("%q: %v", name, err)
		}
	})
}
