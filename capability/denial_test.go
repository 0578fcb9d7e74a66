package capability_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

// denials has what each function returns that an interface with a capability exports to guests, in all versions:
// "trap", or the kind of value with its error case.
var denials = []struct {
	ids       string
	functions string // function: result, function: result
}{
	{"fermyon:spin/llm fermyon:spin/llm@2.0.0", "infer: model-not-supported, generate-embeddings: model-not-supported"},
	{"fermyon:spin/http", "send-request: destination-not-allowed"},
	{"wasi:http/outgoing-handler@0.2.0 wasi:http/outgoing-handler@0.2.12 wasi:http/outgoing-handler@0.2.0-rc-2023-11-10", "handle: internal-error(some(MSG))"},
	{"wasi:http/outgoing-handler@0.2.0-rc-2023-10-18", "handle: unexpected-error(MSG)"},
	{"wasi:http/client@0.3.0-rc-2026-03-15 wasi:http/client@0.3.0 wasi:http/client@0.3.2", "send: internal-error(some(MSG))"},

	{"fermyon:spin/redis", "publish: error, get: error, set: error, incr: error, del: error, sadd: error, smembers: error, srem: error, execute: error"},
	{"fermyon:spin/redis@2.0.0 spin:redis/redis@3.0.0", "[static]connection.open: other(MSG), [method]connection.publish: trap, [method]connection.get: trap, [method]connection.set: trap, " +
		"[method]connection.incr: trap, [method]connection.del: trap, [method]connection.sadd: trap, [method]connection.smembers: trap, " +
		"[method]connection.srem: trap, [method]connection.execute: trap"},
	{"fermyon:spin/mqtt@2.0.0 spin:mqtt/mqtt@3.0.0", "[static]connection.open: other(MSG), [method]connection.publish: trap"},
	{"fermyon:spin/mysql fermyon:spin/postgres", "query: other-error(MSG), execute: other-error(MSG)"},
	{"fermyon:spin/mysql@2.0.0 fermyon:spin/postgres@2.0.0 spin:mysql/mysql@3.0.0 spin:postgres/postgres@3.0.0 spin:postgres/postgres@4.0.0",
		"[static]connection.open: other(MSG), [method]connection.query: trap, [method]connection.execute: trap"},
	{"spin:postgres/postgres@4.1.0 spin:postgres/postgres@4.2.0", "[static]connection.open: other(MSG), [static]connection.open-async: other(MSG), " +
		"[method]connection.query: trap, [method]connection.query-async: trap, [method]connection.execute: trap, [method]connection.execute-async: trap, " +
		"[constructor]connection-builder: resource, [method]connection-builder.set-ca-root: ok, " +
		"[method]connection-builder.build: other(MSG), [method]connection-builder.build-async: other(MSG)"},

	{"wasi:sockets/tcp-create-socket@0.2.3 wasi:sockets/tcp-create-socket@0.2.0-rc-2023-10-18", "create-tcp-socket: access-denied"},
	{"wasi:sockets/udp-create-socket@0.2.3 wasi:sockets/udp-create-socket@0.2.0-rc-2023-11-10", "create-udp-socket: access-denied"},
	{"wasi:sockets/tcp@0.2.6 wasi:sockets/tcp@0.2.0-rc-2023-10-18", "[method]tcp-socket.start-bind: trap, [method]tcp-socket.start-connect: trap, [method]tcp-socket.accept: trap, [method]tcp-socket.shutdown: trap"},
	{"wasi:sockets/udp@0.2.6 wasi:sockets/udp@0.2.0-rc-2023-10-18", "[method]udp-socket.start-bind: trap, [method]udp-socket.stream: trap, [method]outgoing-datagram-stream.send: trap"},
	{"wasi:sockets/ip-name-lookup@0.2.0 wasi:sockets/ip-name-lookup@0.2.0-rc-2023-10-18",
		"resolve-addresses: access-denied, [method]resolve-address-stream.resolve-next-address: trap, [method]resolve-address-stream.subscribe: trap"},
	{"wasi:sockets/ip-name-lookup@0.3.0 wasi:sockets/ip-name-lookup@0.3.0-rc-2026-03-15", "resolve-addresses: access-denied"},
	{"wasi:sockets/types@0.3.0 wasi:sockets/types@0.3.0-rc-2026-03-15", "[static]tcp-socket.create: access-denied, [static]udp-socket.create: access-denied, " +
		"[method]tcp-socket.connect: trap, [method]tcp-socket.bind: trap, [method]tcp-socket.send: trap, [method]udp-socket.send: trap, [method]udp-socket.connect: trap"},

	{"wasi:cli/environment@0.2.0 wasi:cli/environment@0.2.0-rc-2023-10-18 wasi:cli/environment@0.2.0-rc-2023-11-10", "get-environment: [], get-arguments: [], initial-cwd: none"},
	{"wasi:cli/environment@0.3.0 wasi:cli/environment@0.3.0-rc-2026-03-15", "get-environment: [], get-arguments: [], get-initial-cwd: none"},
	{"wasi:filesystem/preopens@0.2.6 wasi:filesystem/preopens@0.2.0-rc-2023-10-18 wasi:filesystem/preopens@0.3.0", "get-directories: []"},

	{"fermyon:spin/key-value", "open: access-denied, get: trap, set: trap, delete: trap, exists: trap, get-keys: trap, close: trap"},
	{"fermyon:spin/key-value@2.0.0 spin:key-value/key-value@3.0.0", "[static]store.open: access-denied, [method]store.get: trap, [method]store.set: trap, " +
		"[method]store.delete: trap, [method]store.exists: trap, [method]store.get-keys: trap"},
	{"wasi:keyvalue/store@0.2.0-draft2", "open: access-denied, [method]bucket.get: trap, [method]bucket.set: trap, [method]bucket.delete: trap, [method]bucket.exists: trap, [method]bucket.list-keys: trap"},
	{"wasi:keyvalue/atomics@0.2.0-draft2", "[static]cas.new: trap, [method]cas.current: trap, increment: trap, swap: trap"},
	{"wasi:keyvalue/batch@0.2.0-draft2", "get-many: trap, set-many: trap, delete-many: trap"},

	{"fermyon:spin/sqlite", "open: access-denied, execute: trap, close: trap"},
	{"fermyon:spin/sqlite@2.0.0", "[static]connection.open: access-denied, [method]connection.execute: trap"},
	{"spin:sqlite/sqlite@3.0.0 spin:sqlite/sqlite@3.1.0", "[static]connection.open: access-denied, [static]connection.open-async: access-denied, " +
		"[method]connection.execute: trap, [method]connection.execute-async: trap, [method]connection.changes: trap, [method]connection.changes-async: trap, " +
		"[method]connection.last-insert-rowid: trap, [method]connection.last-insert-rowid-async: trap"},

	{"fermyon:spin/config", "get-config: other(MSG)"},
	{"fermyon:spin/variables@2.0.0 spin:variables/variables@3.0.0", "get: undefined(ARG)"},
	{"wasi:config/store@0.2.0-draft-2024-09-27", "get: io(MSG), get-all: io(MSG)"},
}

func TestDenialOf(t *testing.T) {
	for _, group := range denials {
		for id := range strings.FieldsSeq(group.ids) {
			for f := range strings.SplitSeq(group.functions, ", ") {
				function, want, _ := strings.Cut(f, ": ")
				d, ok := capability.DenialOf(id, function)
				if got := describe(d); !ok || got != want {
					t.Errorf("%s %s: got %s, want %s", id, function, got, want)
				}
				if msg := `"` + parseID(t, id).Name() + `" is not permitted`; strings.Contains(want, "MSG") != (d.Message == msg) || d.Message != "" && d.Message != msg {
					t.Errorf("%s %s: got message %s", id, function, d.Message)
				}
			}
		}
	}
}

// describe writes a denial as in the table.
func describe(d capability.Denial) string {
	switch d.Kind {
	case capability.DenyTrap:
		return "trap"
	case capability.DenyCase:
		return d.Case
	case capability.DenyMessage:
		return d.Case + "(MSG)"
	case capability.DenyOptionalMessage:
		return d.Case + "(some(MSG))"
	case capability.DenyArgument:
		return d.Case + "(ARG)"
	case capability.DenyEmptyList:
		return "[]"
	case capability.DenyNone:
		return "none"
	case capability.DenyOK:
		return "ok"
	case capability.DenyResource:
		return "resource"
	}
	return "unknown kind"
}

func TestDenialsAreThereForEveryInterface(t *testing.T) {
	var tested []string
	for _, group := range denials {
		for id := range strings.FieldsSeq(group.ids) {
			tested = append(tested, parseID(t, id).Name())
		}
	}
	// What is made by functions of another interface only.
	withoutOpener := []string{"wasi:keyvalue/atomics", "wasi:keyvalue/batch", "wasi:sockets/tcp", "wasi:sockets/udp"}
	for _, set := range capability.Sets() {
		for _, name := range capability.InterfacesOf(set) {
			if !slices.Contains(tested, name) {
				t.Errorf("%s is not in the table", name)
			}
			if !slices.Contains(withoutOpener, name) && !deniesByValue(name) {
				t.Errorf("every function of %s traps", name)
			}
		}
	}
}

// deniesByValue reports whether the table has a function of an interface that does not trap.
func deniesByValue(name string) bool {
	for _, group := range denials {
		if slices.ContainsFunc(strings.Fields(group.ids), func(id string) bool { return strings.HasPrefix(id+"@", name+"@") }) {
			for f := range strings.SplitSeq(group.functions, ", ") {
				if !strings.HasSuffix(f, ": trap") {
					return true
				}
			}
		}
	}
	return false
}

func TestDenialOfOthers(t *testing.T) {
	for _, id := range []string{"acme:geo/lookup@1.0.0", "wasi:clocks/wall-clock@0.2.0", "", "wasi:http/types@0.3.0"} {
		if d, ok := capability.DenialOf(id, "open"); ok || d != (capability.Denial{}) {
			t.Errorf("%s: got %+v", id, d)
		}
	}
	if d, ok := capability.DenialOf("fermyon:spin/llm", "[resource-drop]x"); !ok || d != (capability.Denial{}) {
		t.Errorf("got %+v, %t", d, ok)
	}
}
