package wit_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing/fstest"

	"github.com/spinhost/spin/hostapi/wit"
)

func Example() {
	set, err := wit.Parse("greeter.wit", `
package example:greeter@1.0.0;

interface greetings {
  enum tone { kind, formal }
  /// Renders a greeting.
  greet: func(name: string, tone: tone) -> result<string, u32>;
}

world app {
  import greetings;
  export run: async func();
}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range set.Root.Interfaces[0].Funcs {
		fmt.Println(f.WireName(), wit.Signature(f))
		fmt.Println(f.Docs)
	}
	world := set.World("example:greeter/app@1.0.0")
	for _, it := range world.Imports {
		fmt.Println("import", it.Name)
	}
	// Output:
	// greet func(name:string,tone:enum{kind,formal})->result<string,u32>
	// Renders a greeting.
	// import example:greeter/greetings@1.0.0
}

// Every fault comes with its place, and errors.Is tells its class.
func ExampleParse() {
	_, err := wit.Parse("shop.wit", `package example:shop;
interface cart {
  record item { name: strng, price: u64 }
  add: func(item: itm);
}`)
	fmt.Println(err)
	fmt.Println(errors.Is(err, wit.ErrUndefined))
	// Output:
	// shop.wit:3:23: type strng is not defined in interface cart; did you mean string?
	// shop.wit:4:19: type itm is not defined in interface cart; did you mean item?
	// true
}

// The files of a directory are one package, and its deps directory holds what that uses.
func ExampleParseFS() {
	fsys := fstest.MapFS{
		"wit/world.wit":      {Data: []byte("package example:app; world app { import log; }")},
		"wit/log.wit":        {Data: []byte("interface log { use example:base/types@0.1.0.{level}; write: func(at: level, line: string); }")},
		"wit/deps/types.wit": {Data: []byte("package example:base@0.1.0; interface types { enum level { low, high } }")},
	}
	set, err := wit.ParseFS(fsys, "wit")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range set.Packages {
		fmt.Println(p.ID())
	}
	for _, it := range set.Root.Worlds[0].Imports {
		fmt.Println(it.Name, it.Implicit)
	}
	// Output:
	// example:base@0.1.0
	// example:app
	// example:base/types@0.1.0 true
	// example:app/log false
}

func ExampleParseDir() {
	dir, err := os.MkdirTemp("", "wit")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	text := []byte("package example:clock; interface clock { now: func() -> u64; }")
	if err := os.WriteFile(filepath.Join(dir, "clock.wit"), text, 0o600); err != nil {
		fmt.Println(err)
		return
	}
	set, err := wit.ParseDir(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Root.ID(), set.Root.Interfaces[0].ID())
	// Output: example:clock example:clock/clock
}

// A Loader combines sources, bounds what they may hold and decides about gated items.
func ExampleLoader() {
	l := wit.Loader{
		Limits: wit.Limits{FileSize: 64 << 10},
		Keep:   wit.Features("drafts"),
	}
	l.Add("base.wit", "package example:base; interface types { type id = u64; }")
	l.Add("notes.wit", `package example:notes;
interface notes {
  use example:base/types.{id};
  @unstable(feature = drafts) draft: func() -> id;
  @unstable(feature = sharing) share: func(note: id);
}`)
	set, err := l.Load()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range set.Root.Interfaces[0].Funcs {
		fmt.Println(f.Name, f.Stability.Unstable)
	}
	// Output: draft drafts
}

// Two versions of a function agree if their signatures do, whatever the names of the types between.
func ExampleSignature() {
	set, err := wit.Parse("kv.wit", `
package example:kv@2.0.0 {
  interface store {
    resource bucket { get: func(key: string) -> result<option<list<u8>>, error>; }
    variant error { no-such-store, other(string) }
  }
}
package example:kv@2.1.0 {
  interface store {
    type bytes = list<u8>;
    variant failure { no-such-store, other(string) }
    resource bucket { get: func(key: string) -> result<option<bytes>, failure>; }
  }
}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, version := range []string{"2.0.0", "2.1.0"} {
		get := set.Interface("example:kv/store@" + version).Func("[method]bucket.get")
		fmt.Println(wit.Signature(get))
	}
	// Output:
	// func(self:borrow<example:kv/store@2.0.0#bucket>,key:string)->result<option<list<u8>>,variant{no-such-store,other(string)}>
	// func(self:borrow<example:kv/store@2.1.0#bucket>,key:string)->result<option<list<u8>>,variant{no-such-store,other(string)}>
}

func ExampleTypeSignature() {
	set, err := wit.Parse("geo.wit", "package example:geo; interface geo { record point { x: f64, y: f64 } type path = list<point>; }")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(wit.TypeSignature(set.Root.Interfaces[0].Type("path")))
	// Output: list<record{x:f64,y:f64}>
}

func ExampleSet_String() {
	set, err := wit.Parse("a.wit", "package a:b; interface i{use c:d/j.{t}; f:func(x:t)->list<t>;} package c:d{interface j{/** Doc. */ type t=u8;}}")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(set)
	// Output:
	// package a:b;
	//
	// interface i {
	//   use c:d/j.{t};
	//
	//   f: func(x: t) -> list<t>;
	// }
	//
	// package c:d {
	//   interface j {
	//     /// Doc.
	//     type t = u8;
	//   }
	// }
}

func ExampleSet_SelectWorld() {
	set, err := wit.Parse("a.wit", "package example:app; world main { export run: func(); }")
	if err != nil {
		fmt.Println(err)
		return
	}
	world, err := set.SelectWorld("")
	fmt.Println(world.ID(), err)
	// Output: example:app/main <nil>
}

func ExampleVet() {
	set, err := wit.Parse("a.wit", "package a:b@1.1.0; interface i { @since(version = 1.1.0) type t = u8; f: func(x: t); }")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(wit.Vet(set))
	// Output: a.wit:1:71: function f is not gated by @since(version = 1.1.0) or later, as type t is, which it uses
}
