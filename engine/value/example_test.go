package value_test

import (
	"fmt"

	"github.com/spinhost/spin/engine/value"
)

// An argument of the type
//
//	list<record { name: string, size: option<u64>, kind: variant { file, link(string) } }>
func Example() {
	files := []any{
		value.Record{
			{Name: "name", Value: "a.txt"},
			{Name: "size", Value: value.Some(uint64(120))},
			{Name: "kind", Value: value.Variant{Case: "file"}},
		},
		value.Record{
			{Name: "name", Value: "b"},
			{Name: "size", Value: value.Option{}},
			{Name: "kind", Value: value.Variant{Case: "link", Value: "a.txt"}},
		},
	}
	for _, f := range files {
		for _, field := range f.(value.Record) {
			fmt.Println(field.Name, field.Value)
		}
	}
	// Output:
	// name a.txt
	// size {true 120}
	// kind {file <nil>}
	// name b
	// size {false <nil>}
	// kind {link a.txt}
}

// option<option<u8>> has three kinds of values.
func ExampleSome() {
	fmt.Println(value.Option{})
	fmt.Println(value.Some(value.Option{}))
	fmt.Println(value.Some(value.Some(uint8(7))))
	// Output:
	// {false <nil>}
	// {true {false <nil>}}
	// {true {true 7}}
}

// result<u32, string>, and a result without any payload.
func ExampleOK() {
	fmt.Println(value.OK(uint32(5)), value.OK(nil))
	// Output: {true 5} {true <nil>}
}

func ExampleError() {
	fmt.Println(value.Error("no such file"), value.Error(nil))
	// Output: {false no such file} {false <nil>}
}

// The plain types: enum, flags, char, tuple, map.
func ExampleFlags() {
	fmt.Println(value.Enum("red"), value.Flags{"read", "write"}, string(value.Char('é')))
	fmt.Println(value.Tuple{uint8(1), "one"}, []value.MapEntry{{Key: "k", Value: true}})
	// Output:
	// red [read write] é
	// [1 one] [{k true}]
}

// What is said when a value does not have the form that its type needs.
func ExampleTypeError() {
	fmt.Println(&value.TypeError{Want: "list<u32>", Got: "1, 2, 3"})
	// Output: string given for a list<u32>
}
