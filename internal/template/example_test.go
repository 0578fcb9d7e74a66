package template_test

import (
	"fmt"

	"github.com/spinhost/spin/internal/template"
)

func Example() {
	tmpl, err := template.Parse("https://{{ host }}:{{ port }}")
	if err != nil {
		panic(err)
	}
	values := map[string]string{"host": "example.com", "port": "8443"}
	text, err := tmpl.Resolve(func(name string) (string, error) {
		value, ok := values[name]
		if !ok {
			return "", fmt.Errorf("no variable %q", name)
		}
		return value, nil
	})
	fmt.Println(tmpl.Names(), text, err)
	// Output: [host port] https://example.com:8443 <nil>
}

func ExampleParse() {
	_, err := template.Parse("https://{{ host }:8443")
	fmt.Println(err)
	// Output: at byte 8: "{{" has no "}}": write "{{ host }}"
}

func ExampleTemplate_Literal() {
	tmpl, err := template.Parse("https://example.com")
	if err != nil {
		panic(err)
	}
	fmt.Println(tmpl.Literal())
	// Output: https://example.com true
}

func ExampleTemplate_References() {
	tmpl, err := template.Parse("{{ region }}.example.com")
	if err != nil {
		panic(err)
	}
	for _, ref := range tmpl.References() {
		fmt.Println(ref.Name, ref.Offset)
	}
	// Output: region 0
}

func ExampleCheckKey() {
	fmt.Println(template.CheckKey("api_key"))
	fmt.Println(template.CheckKey("api-key"))
	// Output:
	// <nil>
	// "api-key" is not a variable name: it may have lower-case letters, digits and underscores only
}
