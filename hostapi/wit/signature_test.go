package wit_test

import (
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

func TestTypeSignature(t *testing.T) {
	tests := []struct{ typ, want string }{
		{"bool", "bool"}, {"s8", "s8"}, {"u8", "u8"}, {"s16", "s16"}, {"u16", "u16"}, {"s32", "s32"}, {"u32", "u32"},
		{"s64", "s64"}, {"u64", "u64"}, {"f32", "f32"}, {"f64", "f64"}, {"char", "char"}, {"string", "string"},
		{"error-context", "error-context"},
		{"list<u8>", "list<u8>"},
		{"list<u8, 12>", "list<u8,12>"},
		{"option<option<u8>>", "option<option<u8>>"},
		{"result", "result"},
		{"result<u8>", "result<u8>"},
		{"result<_, u8>", "result<_,u8>"},
		{"result<u8, string>", "result<u8,string>"},
		{"tuple<u8, string>", "tuple<u8,string>"},
		{"map<string, u8>", "map<string,u8>"},
		{"stream", "stream"},
		{"stream<u8>", "stream<u8>"},
		{"future", "future"},
		{"future<result<u8>>", "future<result<u8>>"},
		{"rec", "record{a:u8,as:list<enum{on,off}>}"},
		{"var", "variant{none,some(record{a:u8,as:list<enum{on,off}>}),other(string)}"},
		{"en", "enum{on,off}"},
		{"fl", "flags{read,write-all}"},
		{"al", "option<enum{on,off}>"},
		{"res", "own<x:y/i@1.2.3-rc.1#res>"},
		{"borrow<res>", "borrow<x:y/i@1.2.3-rc.1#res>"},
		{"res2", "own<x:y/i@1.2.3-rc.1#res>"},
		{"list<borrow<res2>>", "list<borrow<x:y/i@1.2.3-rc.1#res>>"},
	}
	for _, test := range tests {
		set := mustParse(t, `package x:y@1.2.3-rc.1;
interface i {
  record rec { a: u8, %as: list<en> }
  variant var { none, some(rec), other(string) }
  enum en { on, off }
  flags fl { read, write-all }
  type al = option<en>;
  resource res;
  type res2 = res;
  f: func(a: `+test.typ+`);
}`)
		want := test.want
		f := set.Root.Interfaces[0].Func("f")
		if got := wit.TypeSignature(f.Params[0].Type); got != want {
			t.Errorf("%s is %s, want %s", test.typ, got, want)
		}
		if got := wit.Signature(f); got != "func(a:"+want+")" {
			t.Errorf("function of %s is %s", test.typ, got)
		}
	}
}

func TestSignature(t *testing.T) {
	set := mustParse(t, `package x:y;
interface i {
  resource fields {
    constructor();
    get: func(name: string) -> list<list<u8>>;
    from-list: static func(entries: list<tuple<string, list<u8>>>) -> result<fields, header-error>;
    wait: async func();
  }
  resource conn { constructor(address: string) -> result<conn, string>; }
  variant header-error { forbidden, other(string) }
  use j.{r as renamed};
  free: async func(a: borrow<renamed>, b: renamed) -> stream<fields>;
  nothing: func();
}
interface j { resource r; }
world w {
  resource local;
  use j.{r};
  import f: func(a: local, b: r);
  import host: interface { resource inner; g: func() -> inner; }
}`)
	want := map[string]string{
		"[constructor]fields":      "func()->own<x:y/i#fields>",
		"[method]fields.get":       "func(self:borrow<x:y/i#fields>,name:string)->list<list<u8>>",
		"[static]fields.from-list": "func(entries:list<tuple<string,list<u8>>>)->result<own<x:y/i#fields>,variant{forbidden,other(string)}>",
		"[method]fields.wait":      "async func(self:borrow<x:y/i#fields>)",
		"[constructor]conn":        "func(address:string)->result<own<x:y/i#conn>,string>",
		"free":                     "async func(a:borrow<x:y/j#r>,b:own<x:y/j#r>)->stream<own<x:y/i#fields>>",
		"nothing":                  "func()",
	}
	i := set.Interface("x:y/i")
	if len(i.Funcs) != len(want) {
		t.Errorf("%d functions, want %d", len(i.Funcs), len(want))
	}
	for _, f := range i.Funcs {
		if got := wit.Signature(f); got != want[f.WireName()] {
			t.Errorf("%s is %s, want %s", f.WireName(), got, want[f.WireName()])
		}
	}
	w := set.World("x:y/w")
	if got, want := wit.Signature(w.Import("f").Func), "func(a:own<#local>,b:own<x:y/j#r>)"; got != want {
		t.Errorf("f is %s, want %s", got, want)
	}
	if got, want := wit.Signature(w.Import("host").Interface.Func("g")), "func()->own<host#inner>"; got != want {
		t.Errorf("g is %s, want %s", got, want)
	}
}
