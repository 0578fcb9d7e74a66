package main

import "strings"

// gapAPIs import what a list of names and versions could miss.
func gapAPIs() []api {
	var list []api
	environment := step{name: "get-environment", sig: "(result (list (tuple string string)))", args: "R", read: "list"}
	list = append(list, twice("two-environments", "wasi:cli/environment", "0.2.6", "0.2.0", "", environment))
	for _, a := range sqlAPIs() {
		if a.id == "spin:postgres/postgres@4.0.0" {
			list = append(list, twice("two-postgres", "spin:postgres/postgres", "4.2.0", "4.0.0", a.types, a.calls[0]))
		}
	}
	open := step{name: "[static]store.open", sig: `(param "label" string) (result (result (own $store) (error $error)))`, args: "S R", read: "r4+8"}
	all := step{name: "[static]store.open-all", sig: `(result (result (own $store) (error $error)))`, args: "R", read: "r4+8"}
	return append(list,
		api{id: "fermyon:spin/key-value@2.0.0", name: "other-errors", types: strings.Replace(kvError, `(case "access-denied") `, "", 1) + resource("store"), calls: []step{open}},
		api{id: "fermyon:spin/key-value@2.9.0", name: "later-function", types: kvError + resource("store"), calls: []step{all}},
		api{id: "fermyon:spin/key-value@4.0.0", name: "later-track", types: kvError + resource("store"), calls: []step{open}},
	)
}

// twice imports two versions of an interface, and calls the same function of each.
func twice(file, id, first, second, types string, call step) api {
	old := call
	old.of = "old"
	return api{name: file, id: id + "@" + first, types: types, calls: []step{call, old},
		also: "  (import \"" + id + "@" + second + "\" (instance $old\n" + types + "    (exports of old)\n  ))\n"}
}
