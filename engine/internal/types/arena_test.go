package types_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/engine/internal/types"
)

func TestEqualTypesAreOnePointer(t *testing.T) {
	a, b := &types.Arena{}, &types.Arena{}
	r := resolver()
	texts := []string{
		"u8", "list<u8>", "list<u8,2>", "list<u8,3>", "tuple<u8>", "tuple<u8,u8>", "record{a:u8}", "record{b:u8}",
		"variant{a,b}", "enum{a,b}", "variant{a(u8),b}", "option<u8>", "result", "result<u8>", "result<_,u8>",
		"flags{a,b}", "flags{ab}", "own<r>", "own<s>", "borrow<r>", "stream", "stream<u8>", "future", "future<u8>",
		"map<u8,u8>", "list<tuple<u8,u8>>",
	}
	seen := map[*types.Val]string{}
	for _, text := range texts {
		v, err := a.ParseVal(text, r)
		if err != nil {
			t.Fatal(err)
		}
		if w, _ := a.ParseVal(text, r); w != v {
			t.Errorf("%s: two pointers in one arena", text)
		}
		if w, _ := b.ParseVal(text, r); w == v && !v.Kind.Primitive() {
			t.Errorf("%s: one pointer in two arenas", text)
		}
		if old := seen[v]; old != "" {
			t.Errorf("%s and %s are one type", old, text)
		}
		seen[v] = text
	}
}

func TestTypesOfAnotherArenaAreMadeOver(t *testing.T) {
	a, b := &types.Arena{}, &types.Arena{}
	v := val(t, a, "list<tuple<u8,string>>")
	got, err := b.Option(v)
	if err != nil {
		t.Fatal(err)
	}
	if want := val(t, b, "option<list<tuple<u8,string>>>"); got != want {
		t.Errorf("got %p, want %p", got, want)
	}
}

func TestFunctionsAreInterned(t *testing.T) {
	a := &types.Arena{}
	parse := func(s string) *types.Func {
		f, err := a.ParseFunc(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	first := parse("func(a:u8)->string")
	if again := parse("func(a:u8)->string"); again != first {
		t.Errorf("%p and %p for one function type", first, again)
	}
	texts := []string{"func()", "async func()", "func(a:u8)", "func(b:u8)", "func()->u8", "func(a:u8)->u8", "func(a:u8,b:u8)"}
	seen := map[*types.Func]string{}
	for _, s := range texts {
		if old := seen[parse(s)]; old != "" {
			t.Errorf("%s and %s are one type", old, s)
		}
		seen[parse(s)] = s
	}
}

func TestTypesThatDoNotExist(t *testing.T) {
	a := &types.Arena{}
	u8 := a.Primitive(types.U8)
	borrow := a.Borrow(&types.Resource{Name: "r"})
	_, noFields := a.Record(nil)
	_, noTypes := a.Tuple()
	_, noCases := a.Variant(nil)
	_, noEnum := a.Enum(nil)
	_, noFlags := a.Flags(nil)
	_, manyFlags := a.Flags(make([]string, 33))
	_, zeroList := a.FixedList(u8, 0)
	_, floatKey := a.Map(a.Primitive(types.F32), u8)
	_, chars := a.Stream(a.Primitive(types.Char))
	_, borrowed := a.Future(borrow)
	_, result := a.Func(nil, borrow, false)
	for want, err := range map[string]error{
		"at least one field": noFields, "at least one type": noTypes, "at least one case": noCases,
		"an enum must have": noEnum, "at least one label": noFlags, "no more than 32": manyFlags,
		"at least one element": zeroList, "cannot be the key of a map": floatKey,
		"stream<char> is not valid": chars, "element of a future cannot contain a borrow": borrowed,
		"result of a function cannot contain a borrow": result,
	} {
		var e *types.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

func TestSizeLimitCountsPointersOf64Bits(t *testing.T) {
	a := &types.Arena{}
	for text, ok := range map[string]bool{
		"list<u8,268435455>":                          true,
		"list<u8,268435456>":                          false,
		"list<u64,536870912>":                         false, // wraps to 0 in 32 bits
		"list<string,16777215>":                       true,
		"list<string,16777216>":                       false, // fits with 32-bit pointers
		"tuple<list<u8,268435455>,u8>":                false,
		"map<u8,list<u8,268435455>>":                  true, // the entry is too large, a map is not
		"tuple<u8,map<u8,list<u8,268435455>>>":        true,
		"variant{a(list<u8,268435455>)}":              false,
		"list<list<list<u8,65536>,65536>,4294967295>": false,
	} {
		_, err := a.ParseVal(text, nil)
		if (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestDepthLimit(t *testing.T) {
	a := &types.Arena{}
	v := a.Primitive(types.U8)
	for range types.MaxDepth - 1 {
		var err error
		if v, err = a.List(v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.List(v); err == nil {
		t.Errorf("a type of depth %d was made", v.Depth+1)
	}
}

// Each type is a tuple of the one before, twice: 2^n parts in n steps.
func TestDoublingTypesAreRefused(t *testing.T) {
	a := &types.Arena{}
	v := a.Primitive(types.U8)
	for i := range types.MaxDepth {
		w, err := a.Tuple(v, v)
		if err != nil {
			if v.TypeSize > types.MaxTypeSize {
				t.Errorf("a type of %d parts was made", v.TypeSize)
			}
			return
		}
		v = w
		if i > 40 {
			t.Fatalf("a type of 2^%d parts was made", i)
		}
	}
}

func TestArenaIsSafeForConcurrentUse(t *testing.T) {
	a := &types.Arena{}
	var wg sync.WaitGroup
	got := make([][]*types.Val, 8)
	for g := range got {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 200 {
				v, err := a.ParseVal(fmt.Sprintf("list<tuple<u8,list<u16,%d>>>", i+1), nil)
				if err != nil {
					t.Error(err)
					return
				}
				got[g] = append(got[g], v)
			}
		}()
	}
	wg.Wait()
	for g := range got {
		for i := range got[g] {
			if got[g][i] != got[0][i] {
				t.Fatal("two goroutines got different pointers for one type")
			}
		}
	}
}
