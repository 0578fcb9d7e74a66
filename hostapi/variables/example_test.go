package variables_test

import (
	"context"
	"errors"
	"fmt"
	"testing/fstest"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/variables"
)

func exampleResolver() *variables.Resolver {
	r, err := variables.NewResolver(variables.Config{
		Variables: []variables.Declaration{
			{Name: "host", Default: variables.Text("localhost")},
			{Name: "api_key", Required: true, Secret: true},
		},
		Components: map[string]map[string]string{
			"shop": {"url": "https://{{ host }}/?key={{ api_key }}"},
		},
		Providers: []variables.Provider{variables.Static(map[string]string{"api_key": "123"})},
	})
	if err != nil {
		panic(err)
	}
	return r
}

func ExampleNewResolver() {
	_, err := variables.NewResolver(variables.Config{
		Variables:  []variables.Declaration{{Name: "api_key", Required: true}},
		Components: map[string]map[string]string{"shop": {"url": "https://{{ host }}/"}},
	})
	fmt.Println(err)
	// Output:
	// no provider resolved required variable "api_key": write a default in [variables], or let a provider in Config.Variables have it
	// component "shop": variable "url": the application has no variable "host": declare it in [variables], or write one of api_key
}

func ExampleResolver_Get() {
	url, err := exampleResolver().Get(context.Background(), "shop", "url")
	fmt.Println(url, url.Reveal(), err)
	// Output: [secret] https://localhost/?key=123 <nil>
}

func ExampleResolver_All() {
	all, err := exampleResolver().All(context.Background(), "shop")
	fmt.Println(all, err)
	// Output: map[url:[secret]] <nil>
}

func ExampleResolver_Resolve() {
	_, err := exampleResolver().Resolve(context.Background(), "port")
	fmt.Println(errors.Is(err, variables.ErrUndefined))
	// Output: true
}

func ExampleResolver_Lookup() {
	lookup := exampleResolver().Lookup(context.Background())
	fmt.Println(lookup("host"))
	// Output: localhost <nil>
}

// Secrets tells who reports on templates what must not be shown.
func ExampleResolver_Secrets() {
	fmt.Println(exampleResolver().Secrets())
	// Output: [api_key]
}

func ExampleStatic() {
	value, ok, err := variables.Static(map[string]string{"host": "example.com"}).Get(context.Background(), "host")
	fmt.Println(value, ok, err)
	// Output: example.com true <nil>
}

// Programs pass os.LookupEnv, and os.DirFS for the file.
func ExampleEnviron() {
	environment := func(name string) (string, bool) { return "example.com", name == "SPIN_VARIABLE_HOST" }
	files := fstest.MapFS{".env": {Data: []byte("SPIN_VARIABLE_PORT=8443 # of the test server\n")}}
	file, err := variables.ReadDotenv(files, ".env", environment)
	if err != nil {
		panic(err)
	}
	p := variables.Environ(variables.DefaultPrefix, environment, file)
	for _, name := range []string{"host", "port"} {
		value, ok, err := p.Get(context.Background(), name)
		fmt.Println(value, ok, err)
	}
	// Output:
	// example.com true <nil>
	// 8443 true <nil>
}

func ExampleReadDotenv() {
	files := fstest.MapFS{".env": {Data: []byte("HOST=example.com\nMOTTO=no risk\n")}}
	_, err := variables.ReadDotenv(files, ".env", nil)
	fmt.Println(err)
	// Output: .env:2: a value with spaces stands in quotes: write NAME="first second"
}

func ExampleParseDotenv() {
	file, err := variables.ParseDotenv([]byte("HOST=example.com\nURL=https://$HOST\n"), nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(file.Lookup("URL"))
	// Output: https://example.com true
}

func ExampleSecret() {
	v := variables.Secret("hunter2")
	fmt.Printf("%v %d bytes\n", v, len(v.Reveal()))
	// Output: [secret] 7 bytes
}

func ExampleText() {
	fmt.Println(variables.Text("north"))
	// Output: north
}

func ExampleInterfaces() {
	registry := hostapi.NewRegistry(variables.Interfaces()...)
	i, ok := registry.Lookup("spin:variables/variables@3.0.0")
	fmt.Println(i.Capability, ok)
	// Output: variables true
}

// Give the guests of a component the variables of it.
func ExampleProvide() {
	s := &hostapi.Scope{App: "shop", Component: "shop"}
	variables.Provide(s, exampleResolver(), "shop")
	for _, i := range variables.Interfaces() {
		if _, err := i.Bind(s); err != nil {
			panic(err)
		}
	}
	// Output:
}
