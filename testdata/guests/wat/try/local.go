package main

import "strings"

// Errors of families, as types of instances.
var (
	kvError = variant("error", "store-table-full", "no-such-store", "access-denied", "other string")
	kv1     = variant("error", "store-table-full", "no-such-store", "access-denied", "invalid-store", "no-such-key", "io string")
	sqlErr  = variant("error", "no-such-database", "access-denied", "invalid-connection", "database-full", "io string")
	wasiKV  = variant("error", "no-such-store", "access-denied", "other string")
)

// variant is a variant type by its name: of cases, each perhaps with the type of its payload.
func variant(name string, cases ...string) string {
	var list strings.Builder
	for _, c := range cases {
		label, payload, _ := strings.Cut(c, " ")
		list.WriteString(" (case \"" + label + "\"")
		if payload != "" {
			list.WriteString(" " + payload)
		}
		list.WriteString(")")
	}
	return named(name, "(variant"+list.String()+")")
}

// enum is an enum type by its name.
func enum(name, cases string) string {
	return named(name, `(enum "`+strings.Join(strings.Fields(cases), `" "`)+`")`)
}

// record is a record type by its name: fields, each a name and a type.
func record(name string, fields ...string) string {
	var list strings.Builder
	for _, f := range fields {
		label, t, _ := strings.Cut(f, " ")
		list.WriteString(` (field "` + label + `" ` + t + ")")
	}
	return named(name, "(record"+list.String()+")")
}

func named(name, t string) string {
	return "    (type $" + name + "' " + t + ")\n    (export \"" + name + "\" (type $" + name + " (eq $" + name + "')))\n"
}

func resource(name string) string {
	return "    (export \"" + name + "\" (type $" + name + " (sub resource)))\n"
}

// async makes a signature that of an async function.
func async(yes bool, sig string) string {
	if yes {
		return "async " + sig
	}
	return sig
}

func localAPIs() []api {
	list := append(keyValueAPIs(), sqliteAPIs()...)
	list = append(list, variablesAPIs()...)
	for _, v := range []string{"0.2.0", "0.2.6", "0.2.12", "0.2.0-rc-2023-10-18", "0.2.0-rc-2023-11-10", "0.3.0", "0.3.0-rc-2026-03-15"} {
		cwd := "initial-cwd"
		if strings.HasPrefix(v, "0.3") {
			cwd = "get-initial-cwd"
		}
		list = append(list, api{id: "wasi:cli/environment@" + v, calls: []step{
			{name: "get-environment", sig: "(result (list (tuple string string)))", args: "R", read: "list"},
			{name: "get-arguments", sig: "(result (list string))", args: "R", read: "list"},
			{name: cwd, sig: "(result (option string))", args: "R", read: "option"},
		}}, api{
			id: "wasi:filesystem/preopens@" + v,
			also: `  (import "wasi:filesystem/types@` + v + `" (instance $types (export "descriptor" (type (sub resource)))))
  (alias export $types "descriptor" (type $descriptor))
`,
			types: "    (alias outer 1 $descriptor (type $d'))\n    (export \"descriptor\" (type $d (eq $d')))\n",
			calls: []step{{name: "get-directories", sig: "(result (list (tuple (own $d) string)))", args: "R", read: "list"}},
		})
	}
	return list
}

func keyValueAPIs() []api {
	var list []api
	for _, id := range []string{"fermyon:spin/key-value@2.0.0", "spin:key-value/key-value@3.0.0"} {
		isAsync := strings.HasPrefix(id, "spin:")
		open := step{name: "[static]store.open", sig: async(isAsync, `(param "label" string) (result (result (own $store) (error $error)))`), args: "S R", read: "r4+8"}
		exists := step{after: []step{open}, name: "[method]store.exists", sig: async(isAsync, `(param "self" (borrow $store)) (param "key" string) (result (result bool (error $error)))`), args: "H0 S R", read: "r4+8"}
		list = append(list, api{id: id, types: kvError + resource("store"), calls: []step{open, exists}})
	}
	list = append(list, api{id: "fermyon:spin/key-value", types: kv1 + named("store", "u32"), calls: []step{
		{name: "open", sig: `(param "name" string) (result (result $store (error $error)))`, args: "S R", read: "r4+8"},
		{name: "get", sig: `(param "store" $store) (param "key" string) (result (result (list u8) (error $error)))`, args: "0 S R", read: "r4+8"},
		{name: "set", sig: `(param "store" $store) (param "key" string) (param "value" (list u8)) (result (result (error $error)))`, args: "0 S E R", read: "r4+8"},
		{name: "delete", sig: `(param "store" $store) (param "key" string) (result (result (error $error)))`, args: "0 S R", read: "r4+8"},
		{name: "exists", sig: `(param "store" $store) (param "key" string) (result (result bool (error $error)))`, args: "0 S R", read: "r4+8"},
		{name: "get-keys", sig: `(param "store" $store) (result (result (list string) (error $error)))`, args: "0 R", read: "r4+8"},
		{name: "close", sig: `(param "store" $store)`, args: "0", read: "void"},
	}})
	const draft = "@0.2.0-draft2"
	open := step{name: "open", sig: `(param "identifier" string) (result (result (own $bucket) (error $error)))`, args: "S R", read: "r4+8"}
	list = append(list, api{id: "wasi:keyvalue/store" + draft, types: wasiKV + resource("bucket"), calls: []step{
		open,
		{after: []step{open}, name: "[method]bucket.exists", sig: `(param "self" (borrow $bucket)) (param "key" string) (result (result bool (error $error)))`, args: "H0 S R", read: "r4+8"},
	}})
	open.of = "store"
	also := `  (import "wasi:keyvalue/store` + draft + `" (instance $store
` + wasiKV + resource("bucket") + `    (exports of store)
  ))
  (alias export $store "bucket" (type $bucket))
  (alias export $store "error" (type $error))
`
	const bucket = `(param "bucket" (borrow $bucket)) `
	types := "    (alias outer 1 $bucket (type $bucket'))\n    (export \"bucket\" (type $bucket (eq $bucket')))\n" +
		"    (alias outer 1 $error (type $error'))\n    (export \"error\" (type $error (eq $error')))\n"
	made := step{after: []step{open}, name: "[static]cas.new", sig: bucket + `(param "key" string) (result (result (own $cas) (error $error)))`, args: "H0 S R", read: "r4+8"}
	return append(list,
		api{id: "wasi:keyvalue/batch" + draft, also: also, types: types, calls: []step{
			{after: []step{open}, name: "get-many", sig: bucket + `(param "keys" (list string)) (result (result (list (tuple string (option (list u8)))) (error $error)))`, args: "H0 E R", read: "r4+8"},
			{after: []step{open}, name: "set-many", sig: bucket + `(param "key-values" (list (tuple string (list u8)))) (result (result (error $error)))`, args: "H0 E R", read: "r4+8"},
			{after: []step{open}, name: "delete-many", sig: bucket + `(param "keys" (list string)) (result (result (error $error)))`, args: "H0 E R", read: "r4+8"},
		}},
		api{id: "wasi:keyvalue/atomics" + draft, also: also, types: types + resource("cas") + variant("cas-error", "store-error $error", "cas-failed (own $cas)"), calls: []step{
			{after: []step{open}, name: "increment", sig: bucket + `(param "key" string) (param "delta" s64) (result (result s64 (error $error)))`, args: "H0 S L R", read: "r8+12"},
			made,
			{after: []step{open, made}, name: "[method]cas.current", sig: `(param "self" (borrow $cas)) (result (result (option (list u8)) (error $error)))`, args: "H1 R", read: "r4+8"},
			{after: []step{open, made}, name: "swap", sig: `(param "cas" (own $cas)) (param "value" (list u8)) (result (result (error $cas-error)))`, args: "H1 E R", read: "r4"},
		}})
}

// sqlValue is a value of SQLite, and a row of them.
var sqlTypes = variant("value", "integer s64", "real f64", "text string", "blob (list u8)", "null") +
	record("row-result", "values (list $value)") + record("query-result", "columns (list string)", "rows (list $row-result)")

func sqliteAPIs() []api {
	const result = `(param "statement" string) (param "parameters" (list $value)) (result (result $query-result (error $error)))`
	list := []api{{id: "fermyon:spin/sqlite", types: sqlErr + sqlTypes + named("connection", "u32"), calls: []step{
		{name: "open", sig: `(param "database" string) (result (result $connection (error $error)))`, args: "S R", read: "r4+8"},
		{name: "execute", sig: `(param "conn" $connection) ` + result, args: "0 S E R", read: "r4+8"},
		{name: "close", sig: `(param "conn" $connection)`, args: "0", read: "void"},
	}}}
	for _, id := range []string{"fermyon:spin/sqlite@2.0.0", "spin:sqlite/sqlite@3.0.0", "spin:sqlite/sqlite@3.1.0"} {
		const made = `(param "database" string) (result (result (own $connection) (error $error)))`
		open := step{name: "[static]connection.open", sig: made, args: "S R", read: "r4+8"}
		a := api{id: id, types: sqlErr + sqlTypes + resource("connection"), calls: []step{open,
			{after: []step{open}, name: "[method]connection.execute", sig: `(param "self" (borrow $connection)) ` + result, args: "H0 S E R", read: "r4+8"}}}
		if strings.HasSuffix(id, "3.1.0") {
			a.calls = append(a.calls, step{name: "[static]connection.open-async", sig: async(true, made), args: "S R", read: "r4+8"})
		}
		list = append(list, a)
	}
	return list
}

func variablesAPIs() []api {
	errs := variant("error", "invalid-name string", "undefined string", "provider string", "other string")
	const get = `(param "name" string) (result (result string (error $error)))`
	return []api{
		{id: "fermyon:spin/config", types: variant("error", "provider string", "invalid-key string", "invalid-schema string", "other string"), calls: []step{
			{name: "get-config", sig: `(param "key" string) (result (result string (error $error)))`, args: "S R", read: "r4+8"}}},
		{id: "fermyon:spin/variables@2.0.0", types: errs, calls: []step{{name: "get", sig: get, args: "S R", read: "r4+8"}}},
		{id: "spin:variables/variables@3.0.0", types: errs, calls: []step{{name: "get", sig: async(true, get), args: "S R", read: "r4+8"}}},
		{id: "wasi:config/store@0.2.0-draft-2024-09-27", types: variant("error", "upstream string", "io string"), calls: []step{
			{name: "get", sig: `(param "key" string) (result (result (option string) (error $error)))`, args: "S R", read: "r4+8"},
			{name: "get-all", sig: `(result (result (list (tuple string string)) (error $error)))`, args: "R", read: "r4+8"},
		}},
	}
}
