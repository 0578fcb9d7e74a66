package main

// socketErrors are the errors of sockets as WASI 0.2 has them; its snapshots have more behind the
// first four, which is all that counts here.
const (
	oldSocketErrors = "unknown access-denied not-supported invalid-argument out-of-memory timeout concurrency-conflict not-in-progress would-block invalid-state new-socket-limit " +
		"address-not-bindable address-in-use remote-unreachable connection-refused connection-reset connection-aborted datagram-too-large name-unresolvable temporary-resolver-failure permanent-resolver-failure"
	family = "ipv4 ipv6"
)

func socketAPIs() []api {
	var list []api
	for _, v := range []string{"0.2.0", "0.2.6", "0.2.12", "0.2.0-rc-2023-10-18", "0.2.0-rc-2023-11-10"} {
		list = append(list, oldSockets(v)...)
	}
	for _, v := range []string{"0.3.0", "0.3.0-rc-2026-03-15"} {
		list = append(list, newSockets(v)...)
	}
	return list
}

// oldSockets has an interface for each step, so that what makes a socket tries what uses it too.
func oldSockets(v string) []api {
	pkg := func(name string) string { return "wasi:sockets/" + name + "@" + v }
	var list []api
	for _, kind := range []string{"tcp", "udp"} {
		socket := kind + "-socket"
		create := step{name: "create-" + socket, sig: `(param "address-family" $family) (result (result (own $socket) (error $error)))`, args: "0 R", read: "r4"}
		outer := `    (alias outer 1 $socket (type $socket'))
    (export "` + socket + `" (type $socket (eq $socket')))
`
		types := enum("error", oldSocketErrors) + enum("family", family)
		list = append(list, api{id: pkg(kind + "-create-socket"), types: outer + types, calls: []step{create},
			also: `  (import "` + pkg(kind) + `" (instance $sockets (export "` + socket + `" (type (sub resource)))))
  (alias export $sockets "` + socket + `" (type $socket))
`})
		// The other way round: a socket is made by an interface that needs the type.
		create.of = "maker"
		list = append(list, api{id: pkg(kind), types: "    (export \"" + socket + "\" (type $socket (sub resource)))\n" + enum("family", family),
			behind: `  (alias export $api "` + socket + `" (type $socket))
  (import "` + pkg(kind+"-create-socket") + `" (instance $maker
` + outer + types + `    (exports of maker)
  ))
`,
			calls: []step{{after: []step{create}, name: "[method]" + socket + ".address-family", sig: `(param "self" (borrow $socket)) (result $family)`, args: "H0", read: "direct"}}})
	}
	params, args, more := "", "D0 S R", ""
	if v == "0.2.0-rc-2023-10-18" {
		params, args = ` (param "address-family" (option $family)) (param "include-unavailable" bool)`, "D0 S 0 0 0 R"
		more = enum("family", family)
	}
	resolve := step{after: []step{{of: "instance", name: "instance-network", sig: "(result (own $network))", args: "", read: "direct"}},
		name: "resolve-addresses", sig: `(param "network" (borrow $network)) (param "name" string)` + params + ` (result (result (own $stream) (error $error)))`, args: args, read: "r4"}
	return append(list, api{id: pkg("ip-name-lookup"), calls: []step{resolve},
		also: `  (import "` + pkg("network") + `" (instance $net (export "network" (type (sub resource)))))
  (alias export $net "network" (type $network))
  (import "` + pkg("instance-network") + `" (instance $instance
    (alias outer 1 $network (type $network'))
    (export "network" (type $network (eq $network')))
    (exports of instance)
  ))
`,
		types: `    (alias outer 1 $network (type $network'))
    (export "network" (type $network (eq $network')))
    (export "resolve-address-stream" (type $stream (sub resource)))
` + enum("error", oldSocketErrors) + more})
}

// newSockets are those of WASI 0.3, whose types make the sockets.
func newSockets(v string) []api {
	errs := variant("error", "access-denied", "not-supported", "invalid-argument", "out-of-memory", "timeout", "invalid-state", "address-not-bindable", "address-in-use",
		"remote-unreachable", "connection-refused", "connection-broken", "connection-reset", "connection-aborted", "datagram-too-large", "other (option string)")
	sig := func(of string) string {
		return `(param "address-family" $family) (result (result (own $` + of + `) (error $error)))`
	}
	return []api{
		{id: "wasi:sockets/types@" + v, types: errs + enum("family", family) + resource("tcp-socket") + resource("udp-socket"), calls: []step{
			{name: "[static]tcp-socket.create", sig: sig("tcp-socket"), args: "0 R", read: "r4"},
			{name: "[static]udp-socket.create", sig: sig("udp-socket"), args: "0 R", read: "r4"},
		}},
		{id: "wasi:sockets/ip-name-lookup@" + v,
			types: variant("error", "access-denied", "invalid-argument", "name-unresolvable", "temporary-resolver-failure", "permanent-resolver-failure", "other (option string)") +
				variant("ip-address", "ipv4 (tuple u8 u8 u8 u8)", "ipv6 (tuple u16 u16 u16 u16 u16 u16 u16 u16)"),
			calls: []step{{name: "resolve-addresses", sig: async(true, `(param "name" string) (result (result (list $ip-address) (error $error)))`), args: "S R", read: "r4"}}},
	}
}
