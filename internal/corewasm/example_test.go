package corewasm_test

import (
	"fmt"

	"github.com/spinhost/spin/internal/corewasm"
)

// A module that imports "env" "log" and exports it as "again".
var wasm = []byte("\x00asm\x01\x00\x00\x00" +
	"\x01\x05\x01\x60\x01\x7f\x00" + // type 0: (i32) -> ()
	"\x02\x0b\x01\x03env\x03log\x00\x00" +
	"\x07\x09\x01\x05again\x00\x00")

func ExampleParse() {
	m, err := corewasm.Parse(wasm)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range m.Imports {
		fmt.Println("import", i.Module, i.Name, i.Type)
	}
	for _, e := range m.Exports {
		fmt.Println("export", e.Name, e.Type)
	}
	_, err = corewasm.Parse(wasm[:20])
	fmt.Println(err)
	// Output:
	// import env log function (i32) -> ()
	// export again function (i32) -> ()
	// invalid core module: unexpected end of module (at byte 0x11)
}

func ExampleParseWithLimits() {
	limits := corewasm.DefaultParseLimits()
	limits.Imports = 0
	_, err := corewasm.ParseWithLimits(wasm, limits)
	fmt.Println(err)
	// Output: invalid core module: 1 imports, above the limit of 0 (at byte 0x11)
}

func ExampleExternType_Matches() {
	i32 := corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32}}
	want := corewasm.ExternType{Kind: corewasm.Func, Func: &i32}
	have := corewasm.ExternType{Kind: corewasm.Func, Func: &corewasm.FuncType{}}
	fmt.Println(have.Matches(want), want.Matches(want))
	// Output: false true
}

// One function adds up its calls in a global that is not exported.
var counter = []byte("\x00asm\x01\x00\x00\x00" +
	"\x01\x04\x01\x60\x00\x00" + // type 0: () -> ()
	"\x03\x02\x01\x00" +
	"\x06\x06\x01\x7f\x01\x41\x00\x0b" + // (global (mut i32) (i32.const 0))
	"\x07\x08\x01\x04next\x00\x00" +
	"\x0a\x0b\x01\x09\x00\x23\x00\x41\x01\x6a\x24\x00\x0b")

func ExampleResettable() {
	m, err := corewasm.Parse(counter)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = corewasm.Resettable(counter, m)
	fmt.Printf("%+v %v\n", m.MutableGlobals(), err)
	// Output: [{Index:0 Type:i32 Name:spin:global:0 Hidden:true}] <nil>
}

func ExampleModule_MutableGlobals() {
	m, err := corewasm.Parse(counter)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, g := range m.MutableGlobals() {
		fmt.Println(g.Index, g.Type, g.Name, "exported:", !g.Hidden)
	}
	// Output: 0 i32 spin:global:0 exported: false
}

func ExampleAddExports() {
	m, err := corewasm.Parse(counter)
	if err != nil {
		fmt.Println(err)
		return
	}
	open, err := corewasm.AddExports(counter, m.HiddenGlobals())
	if err != nil {
		fmt.Println(err)
		return
	}
	if m, err = corewasm.Parse(open); err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range m.Exports {
		fmt.Println("export", e.Name, e.Type)
	}
	// Output:
	// export next function () -> ()
	// export spin:global:0 global mut i32
}
