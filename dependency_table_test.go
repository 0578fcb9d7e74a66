package spin_test

import (
	"strings"

	"github.com/spinhost/spin/engine/value"
)

// triedInterface is what a dependency gets from interfaces that it may use, and from those that it may not. Results
// are noted as the components of testdata/guests/wat/try do: 0 for success, else 1 and the number of the error's case,
// with its text; MSG is the one that names the interface. Lists are their length, options 1 if they have a value.
type triedInterface struct {
	set       string
	ids       string // separated by spaces; the calls are numbered as those of the components
	resources string // that a recording host makes
	calls     []triedCall
}

type triedCall struct {
	function        string
	allowed, denied string
	answer          any    // of a recording host
	before          string // a call before it that traps if it is denied
	only            string // what must be in the id if not all have the function
}

func (c triedCall) in(id string) bool {
	for part := range strings.FieldsSeq(c.only) {
		if strings.HasSuffix(id, part) {
			return true
		}
	}
	return c.only == ""
}

// thing is a resource of a recording host.
const thing = "a thing"

var ok = value.OK(nil)

var triedInterfaces = []triedInterface{
	{set: "environment", ids: "wasi:cli/environment@0.2.0 wasi:cli/environment@0.2.6 wasi:cli/environment@0.2.12 " +
		"wasi:cli/environment@0.2.0-rc-2023-10-18 wasi:cli/environment@0.2.0-rc-2023-11-10", calls: []triedCall{
		{function: "get-environment", allowed: "2", denied: "0", answer: []any{value.Tuple{"A", "1"}, value.Tuple{"B", "2"}}},
		{function: "get-arguments", allowed: "0", denied: "0", answer: []any{}},
		{function: "initial-cwd", allowed: "0", denied: "0", answer: value.Option{}},
	}},
	{set: "environment", ids: "wasi:cli/environment@0.3.0 wasi:cli/environment@0.3.0-rc-2026-03-15", calls: []triedCall{
		{function: "get-environment", allowed: "2", denied: "0"},
		{function: "get-arguments", allowed: "0", denied: "0"},
		{function: "get-initial-cwd", allowed: "0", denied: "0"},
	}},
	{set: "files", ids: "wasi:filesystem/preopens@0.2.0 wasi:filesystem/preopens@0.2.6 wasi:filesystem/preopens@0.2.12 wasi:filesystem/preopens@0.3.0 " +
		"wasi:filesystem/preopens@0.3.0-rc-2026-03-15 wasi:filesystem/preopens@0.2.0-rc-2023-10-18 wasi:filesystem/preopens@0.2.0-rc-2023-11-10", calls: []triedCall{
		{function: "get-directories", allowed: "1", denied: "0", answer: []any{value.Tuple{thing, "/"}}},
	}},

	{set: "key_value_stores", ids: "fermyon:spin/key-value@2.0.0 spin:key-value/key-value@3.0.0", calls: []triedCall{
		{function: "[static]store.open", allowed: "0", denied: "3"},
		{function: "[method]store.exists", allowed: "0", denied: "trap"},
	}},
	{set: "key_value_stores", ids: "fermyon:spin/key-value", calls: []triedCall{
		{function: "open", allowed: "0", denied: "3"},
		{function: "get", allowed: "4", denied: "trap"}, // no such store, as none is open
		{function: "set", allowed: "4", denied: "trap"},
		{function: "delete", allowed: "4", denied: "trap"},
		{function: "exists", allowed: "4", denied: "trap"},
		{function: "get-keys", allowed: "4", denied: "trap"},
		{function: "close", allowed: "0", denied: "trap"},
	}},
	{set: "key_value_stores", ids: "wasi:keyvalue/store@0.2.0-draft2", calls: []triedCall{
		{function: "open", allowed: "0", denied: "2"},
		{function: "[method]bucket.exists", allowed: "0", denied: "trap"},
	}},
	{set: "key_value_stores", ids: "wasi:keyvalue/batch@0.2.0-draft2", calls: []triedCall{
		{function: "get-many", allowed: "0", denied: "trap"},
		{function: "set-many", allowed: "0", denied: "trap"},
		{function: "delete-many", allowed: "0", denied: "trap"},
	}},
	{set: "key_value_stores", ids: "wasi:keyvalue/atomics@0.2.0-draft2", calls: []triedCall{
		{function: "increment", allowed: "0", denied: "trap"},
		{function: "[static]cas.new", allowed: "0", denied: "trap"},
		{function: "[method]cas.current", allowed: "0", denied: "trap", before: "[static]cas.new"},
		{function: "swap", allowed: "0", denied: "trap", before: "[static]cas.new"},
	}},

	{set: "sqlite_databases", ids: "fermyon:spin/sqlite", calls: []triedCall{
		{function: "open", allowed: "0", denied: "2"},
		{function: "execute", allowed: "3", denied: "trap"}, // no such connection
		{function: "close", allowed: "0", denied: "trap"},
	}},
	{set: "sqlite_databases", ids: "fermyon:spin/sqlite@2.0.0 spin:sqlite/sqlite@3.0.0 spin:sqlite/sqlite@3.1.0", calls: []triedCall{
		{function: "[static]connection.open", allowed: "0", denied: "2"},
		{function: "[method]connection.execute", allowed: `5 near "default": syntax error`, denied: "trap"},
		{function: "[static]connection.open-async", allowed: "0", denied: "2", only: "@3.1.0"},
	}},

	{set: "variables", ids: "fermyon:spin/config", calls: []triedCall{{function: "get-config", allowed: "0", denied: "4 MSG"}}},
	{set: "variables", ids: "fermyon:spin/variables@2.0.0 spin:variables/variables@3.0.0", calls: []triedCall{{function: "get", allowed: "0", denied: "2 default"}}},
	{set: "variables", ids: "wasi:config/store@0.2.0-draft-2024-09-27", calls: []triedCall{
		{function: "get", allowed: "0", denied: "2 MSG"},
		{function: "get-all", allowed: "0", denied: "2 MSG"},
	}},

	{set: "ai_models", ids: "fermyon:spin/llm fermyon:spin/llm@2.0.0", calls: []triedCall{
		{function: "infer", allowed: "2 busy", denied: "1", answer: value.Error(value.Variant{Case: "runtime-error", Value: "busy"})},
		{function: "generate-embeddings", allowed: "2 busy", denied: "1", answer: value.Error(value.Variant{Case: "runtime-error", Value: "busy"})},
	}},

	{set: "allowed_outbound_hosts", ids: "fermyon:spin/http", calls: []triedCall{
		{function: "send-request", allowed: "6", denied: "2", answer: value.Error(value.Variant{Case: "too-many-requests"})}}},
	{set: "allowed_outbound_hosts", ids: "wasi:http/outgoing-handler@0.2.0 wasi:http/outgoing-handler@0.2.6 wasi:http/outgoing-handler@0.2.12 wasi:http/outgoing-handler@0.2.0-rc-2023-11-10", calls: []triedCall{
		{function: "handle", allowed: "0", denied: "39 MSG", answer: value.OK(thing)}}},
	{set: "allowed_outbound_hosts", ids: "wasi:http/outgoing-handler@0.2.0-rc-2023-10-18", calls: []triedCall{
		{function: "handle", allowed: "0", denied: "4 MSG", answer: value.OK(thing)}}},
	{set: "allowed_outbound_hosts", ids: "wasi:http/client@0.3.0 wasi:http/client@0.3.0-rc-2026-03-15", calls: []triedCall{
		{function: "send", allowed: "0", denied: "39 MSG"}}},

	{set: "allowed_outbound_hosts", ids: "fermyon:spin/redis", calls: []triedCall{
		{function: "publish", allowed: "0", denied: "2", answer: ok},
		{function: "get", allowed: "0", denied: "2", answer: value.OK([]byte("x"))},
		{function: "set", allowed: "0", denied: "2", answer: ok},
		{function: "incr", allowed: "0", denied: "2", answer: value.OK(int64(1))},
		{function: "del", allowed: "0", denied: "2", answer: value.OK(int64(1))},
		{function: "sadd", allowed: "0", denied: "2", answer: value.OK(int64(1))},
		{function: "smembers", allowed: "0", denied: "2", answer: value.OK([]any{})},
		{function: "srem", allowed: "0", denied: "2", answer: value.OK(int64(1))},
		{function: "execute", allowed: "0", denied: "2", answer: value.OK([]any{})},
	}},
	{set: "allowed_outbound_hosts", ids: "fermyon:spin/redis@2.0.0 spin:redis/redis@3.0.0", resources: "connection", calls: []triedCall{
		{function: "[static]connection.open", allowed: "0", denied: "4 MSG", answer: value.OK(thing)},
		{function: "[method]connection.get", allowed: "0", denied: "trap", answer: value.OK(value.Option{})},
	}},
	{set: "allowed_outbound_hosts", ids: "fermyon:spin/mqtt@2.0.0 spin:mqtt/mqtt@3.0.0", resources: "connection", calls: []triedCall{
		{function: "[static]connection.open", allowed: "0", denied: "4 MSG", answer: value.OK(thing)},
		{function: "[method]connection.publish", allowed: "0", denied: "trap", answer: ok},
	}},
	{set: "allowed_outbound_hosts", ids: "fermyon:spin/mysql", calls: []triedCall{
		{function: "query", allowed: "2 down", denied: "6 MSG", answer: value.Error(value.Variant{Case: "connection-failed", Value: "down"})},
		{function: "execute", allowed: "0", denied: "6 MSG", answer: ok},
	}},
	{set: "allowed_outbound_hosts", ids: "fermyon:spin/postgres", calls: []triedCall{
		{function: "query", allowed: "2 down", denied: "6 MSG", answer: value.Error(value.Variant{Case: "connection-failed", Value: "down"})},
		{function: "execute", allowed: "0", denied: "6 MSG", answer: value.OK(uint64(1))},
	}},
	{set: "allowed_outbound_hosts", ids: "fermyon:spin/mysql@2.0.0 fermyon:spin/postgres@2.0.0 spin:mysql/mysql@3.0.0 spin:postgres/postgres@3.0.0", resources: "connection", calls: []triedCall{
		{function: "[static]connection.open", allowed: "0", denied: "5 MSG", answer: value.OK(thing)}}},
	{set: "allowed_outbound_hosts", ids: "spin:postgres/postgres@4.0.0 spin:postgres/postgres@4.1.0 spin:postgres/postgres@4.2.0", resources: "connection connection-builder", calls: []triedCall{
		{function: "[static]connection.open", allowed: "0", denied: "5 MSG", answer: value.OK(thing)},
		{function: "[constructor]connection-builder", allowed: "0", denied: "0", answer: thing, only: "@4.1.0 @4.2.0"},
		{function: "[method]connection-builder.set-ca-root", allowed: "0", denied: "0", answer: ok, only: "@4.1.0 @4.2.0"},
		{function: "[method]connection-builder.build", allowed: "0", denied: "5 MSG", answer: value.OK(thing), only: "@4.1.0 @4.2.0"},
		{function: "[static]connection.open-async", allowed: "0", denied: "5 MSG", answer: value.OK(thing), only: "@4.2.0"},
		{function: "[method]connection-builder.build-async", allowed: "0", denied: "5 MSG", answer: value.OK(thing), only: "@4.2.0"},
	}},

	{set: "allowed_outbound_hosts", ids: "wasi:sockets/tcp-create-socket@0.2.0 wasi:sockets/tcp-create-socket@0.2.6 wasi:sockets/tcp-create-socket@0.2.12 " +
		"wasi:sockets/tcp-create-socket@0.2.0-rc-2023-10-18 wasi:sockets/tcp-create-socket@0.2.0-rc-2023-11-10", calls: []triedCall{
		{function: "create-tcp-socket", allowed: "0", denied: "2", answer: value.OK(thing)}}},
	{set: "allowed_outbound_hosts", ids: "wasi:sockets/udp-create-socket@0.2.0 wasi:sockets/udp-create-socket@0.2.6 wasi:sockets/udp-create-socket@0.2.12 " +
		"wasi:sockets/udp-create-socket@0.2.0-rc-2023-10-18 wasi:sockets/udp-create-socket@0.2.0-rc-2023-11-10", calls: []triedCall{
		{function: "create-udp-socket", allowed: "0", denied: "2", answer: value.OK(thing)}}},
	{set: "allowed_outbound_hosts", ids: "wasi:sockets/tcp@0.2.0 wasi:sockets/tcp@0.2.6 wasi:sockets/tcp@0.2.12 " +
		"wasi:sockets/tcp@0.2.0-rc-2023-10-18 wasi:sockets/tcp@0.2.0-rc-2023-11-10", resources: "tcp-socket", calls: []triedCall{
		{function: "[method]tcp-socket.address-family", allowed: "0", denied: "trap", answer: value.Enum("ipv4")}}},
	{set: "allowed_outbound_hosts", ids: "wasi:sockets/udp@0.2.0 wasi:sockets/udp@0.2.6 wasi:sockets/udp@0.2.12 " +
		"wasi:sockets/udp@0.2.0-rc-2023-10-18 wasi:sockets/udp@0.2.0-rc-2023-11-10", resources: "udp-socket", calls: []triedCall{
		{function: "[method]udp-socket.address-family", allowed: "0", denied: "trap", answer: value.Enum("ipv4")}}},
	{set: "allowed_outbound_hosts", ids: "wasi:sockets/ip-name-lookup@0.2.0 wasi:sockets/ip-name-lookup@0.2.6 wasi:sockets/ip-name-lookup@0.2.12 " +
		"wasi:sockets/ip-name-lookup@0.2.0-rc-2023-10-18 wasi:sockets/ip-name-lookup@0.2.0-rc-2023-11-10", resources: "resolve-address-stream", calls: []triedCall{
		{function: "resolve-addresses", allowed: "0", denied: "2", answer: value.OK(thing)}}},
	{set: "allowed_outbound_hosts", ids: "wasi:sockets/ip-name-lookup@0.3.0 wasi:sockets/ip-name-lookup@0.3.0-rc-2026-03-15", calls: []triedCall{
		{function: "resolve-addresses", allowed: "3", denied: "1", answer: value.Error(value.Variant{Case: "name-unresolvable"})}}},
	{set: "allowed_outbound_hosts", ids: "wasi:sockets/types@0.3.0 wasi:sockets/types@0.3.0-rc-2026-03-15", resources: "tcp-socket udp-socket", calls: []triedCall{
		{function: "[static]tcp-socket.create", allowed: "0", denied: "1", answer: value.OK(thing)},
		{function: "[static]udp-socket.create", allowed: "0", denied: "1", answer: value.OK(thing)},
	}},
}
