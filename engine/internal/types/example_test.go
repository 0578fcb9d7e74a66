package types_test

import (
	"fmt"

	"github.com/spinhost/spin/engine/internal/types"
)

func ExampleArena_ParseFunc() {
	request := &types.Resource{Name: "wasi:http/types@0.3.0#request"}
	arena := &types.Arena{}
	f, err := arena.ParseFunc("async func(request:own<wasi:http/types@0.3.0#request>)->result<u16,string>",
		func(string) (*types.Resource, error) { return request, nil })
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("lifted from", f.LiftSignature(types.SignatureOptions{Async: true, Callback: true}))
	fmt.Println("lowered to ", f.LowerSignature(types.SignatureOptions{Async: true}))
	fmt.Println("result takes", f.Result.Size, "bytes")
	// Output:
	// lifted from (i32) -> (i32)
	// lowered to  (i32, i32) -> (i32)
	// result takes 12 bytes
}

func ExampleArena_ParseVal() {
	v, err := new(types.Arena).ParseVal("record{name:string,age:option<u8>}", nil)
	fmt.Println(v.Size, v.Align, v.Fields[1].Offset, v.Flat, err)
	// Output:
	// 12 4 8 [i32 i32 i32 i32] <nil>
}

func ExampleMatch() {
	arena := &types.Arena{}
	function := func(text string) types.ExternType {
		f, err := arena.ParseFunc(text, nil)
		if err != nil {
			panic(err)
		}
		return types.ExternType{Kind: types.FuncExtern, Func: f}
	}
	instance := func(f types.ExternType) types.ExternType {
		i := types.NewInstance([]types.Extern{{Name: "greet", Type: f}})
		return types.ExternType{Kind: types.InstanceExtern, Instance: i}
	}
	required := instance(function("func(name:string)->string"))
	supplied := instance(function("func(name:u32)->string"))
	fmt.Println(types.Match(required, supplied, types.Binding{}))
	// Output:
	// export "greet": parameter "name": expected string, found u32
}

func ExampleArena_Subst() {
	arena := &types.Arena{}
	imported, actual := &types.Resource{Name: "imported"}, &types.Resource{Name: "actual"}
	v, err := arena.List(arena.Own(imported))
	if err != nil {
		panic(err)
	}
	fmt.Println(arena.Subst(v, func(*types.Resource) *types.Resource { return actual }))
	// Output:
	// list<own<actual>>
}
