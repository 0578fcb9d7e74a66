package coremodules

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/engine"
)

// spinOne are the worlds of modules that were built with an SDK of Spin 1, by wit-bindgen 0.2,
// which gave them no component type: handlers of HTTP requests and of Redis messages.
func spinOne() []engine.ModuleWorld {
	const (
		pairs   = "list<tuple<string,string>>"
		body    = "option<list<u8>>"
		request = "record{method:enum{get,post,put,delete,patch,head,options},uri:string,headers:" + pairs + ",params:" + pairs + ",body:" + body + "}"
		reply   = "record{status:u16,headers:option<" + pairs + ">,body:" + body + "}"
	)
	handler := func(iface, core, name, typ string) engine.ModuleWorld {
		return engine.ModuleWorld{Export: core, Imports: spinOneImports(request, reply), Exports: []engine.ModuleInterface{{
			ID: iface, Funcs: []engine.ModuleFunc{{Core: core, Name: name, Type: typ}},
		}}}
	}
	return []engine.ModuleWorld{
		handler("fermyon:spin/inbound-http", "handle-http-request", "handle-request", "func(req:"+request+")->"+reply),
		handler("fermyon:spin/inbound-redis", "handle-redis-message", "handle-message", "func(message:list<u8>)->result<_,enum{success,error}>"),
	}
}

// spinOneImports are the interfaces that such modules import. In their time packages had no
// names, and interfaces had those of what they were about.
func spinOneImports(request, reply string) []engine.ModuleInterface {
	const (
		httpError     = "enum{success,destination-not-allowed,invalid-url,request-error,runtime-error,too-many-requests}"
		configError   = "variant{provider(string),invalid-key(string),invalid-schema(string),other(string)}"
		storeError    = "variant{store-table-full,no-such-store,access-denied,invalid-store,no-such-key,io(string)}"
		databaseError = "variant{no-such-database,access-denied,invalid-connection,database-full,io(string)}"
		column        = "variant{integer(s64),real(f64),text(string),blob(list<u8>),null}"
		rows          = "record{columns:list<string>,rows:list<record{values:list<" + column + ">}>}"
	)
	return []engine.ModuleInterface{
		interfaceOf("wasi-outbound-http", "fermyon:spin/http", "request=send-request func(req:"+request+")->result<"+reply+","+httpError+">"),
		interfaceOf("spin-config", "fermyon:spin/config", "get-config func(key:string)->result<string,"+configError+">"),
		interfaceOf("key-value", "fermyon:spin/key-value",
			"open func(name:string)->result<u32,"+storeError+">",
			"get func(store:u32,key:string)->result<list<u8>,"+storeError+">",
			"set func(store:u32,key:string,value:list<u8>)->result<_,"+storeError+">",
			"delete func(store:u32,key:string)->result<_,"+storeError+">",
			"exists func(store:u32,key:string)->result<bool,"+storeError+">",
			"get-keys func(store:u32)->result<list<string>,"+storeError+">",
			"close func(store:u32)",
		),
		interfaceOf("sqlite", "fermyon:spin/sqlite",
			"open func(database:string)->result<u32,"+databaseError+">",
			"execute func(conn:u32,statement:string,parameters:list<"+column+">)->result<"+rows+","+databaseError+">",
			"close func(conn:u32)",
		),
	}
}

// interfaceOf is an interface of functions, each with its name to core modules, if it has another
// that behind =, and its type.
func interfaceOf(core, id string, funcs ...string) engine.ModuleInterface {
	i := engine.ModuleInterface{Module: core, ID: id}
	for f := range slices.Values(funcs) {
		names, typ, _ := strings.Cut(f, " ")
		coreName, name, renamed := strings.Cut(names, "=")
		if !renamed {
			name = coreName
		}
		i.Funcs = append(i.Funcs, engine.ModuleFunc{Core: coreName, Name: name, Type: typ})
	}
	return i
}
