package capability

// octoberHandler is the snapshot of wasi:http whose errors have other cases than those of all others.
const octoberHandler = "wasi:http/outgoing-handler@0.2.0-rc-2023-10-18"

// denialsOf returns the functions of an interface that do not trap when they are denied. Methods are left out: nobody
// has the resource whom its interface is denied.
func denialsOf(name, id string) []denied {
	switch name {
	case "wasi:http/outgoing-handler":
		if id == octoberHandler {
			return []denied{{"handle", DenyMessage, "unexpected-error"}}
		}
		return []denied{{"handle", DenyOptionalMessage, "internal-error"}}
	case "wasi:http/client":
		return []denied{{"send", DenyOptionalMessage, "internal-error"}}
	case "fermyon:spin/http":
		return []denied{{"send-request", DenyCase, "destination-not-allowed"}}
	case "fermyon:spin/llm":
		return []denied{{"infer", DenyCase, "model-not-supported"}, {"generate-embeddings", DenyCase, "model-not-supported"}}
	case "fermyon:spin/redis", "fermyon:spin/mysql", "fermyon:spin/postgres", "fermyon:spin/mqtt",
		"spin:redis/redis", "spin:mysql/mysql", "spin:postgres/postgres", "spin:mqtt/mqtt":
		return append(firstConnections(name), connections[:]...)
	}
	return localDenials(name)
}

// connections is how the clients of databases and brokers open connections, and how newer ones build them. It is never
// changed.
var connections = [...]denied{
	{"[static]connection.open", DenyMessage, "other"},
	{"[static]connection.open-async", DenyMessage, "other"},
	{"[constructor]connection-builder", DenyResource, ""},
	{"[method]connection-builder.set-ca-root", DenyOK, ""},
	{"[method]connection-builder.build", DenyMessage, "other"},
	{"[method]connection-builder.build-async", DenyMessage, "other"},
}

// firstConnections returns the functions of Spin 1, each of which connects for itself.
func firstConnections(name string) []denied {
	var list []denied
	switch name {
	case "fermyon:spin/mysql", "fermyon:spin/postgres":
		for _, f := range []string{"query", "execute"} {
			list = append(list, denied{f, DenyMessage, "other-error"})
		}
	case "fermyon:spin/redis":
		for _, f := range []string{"publish", "get", "set", "incr", "del", "sadd", "smembers", "srem", "execute"} {
			list = append(list, denied{f, DenyCase, "error"})
		}
	}
	return list
}

// localDenials is denialsOf for what is on the host itself, and for sockets.
func localDenials(name string) []denied {
	const noAccess = "access-denied"
	switch name {
	case "fermyon:spin/key-value", "spin:key-value/key-value", "wasi:keyvalue/store":
		return []denied{{"open", DenyCase, noAccess}, {"[static]store.open", DenyCase, noAccess}}
	case "fermyon:spin/sqlite", "spin:sqlite/sqlite":
		return []denied{{"open", DenyCase, noAccess}, {"[static]connection.open", DenyCase, noAccess}, {"[static]connection.open-async", DenyCase, noAccess}}
	case "fermyon:spin/config":
		return []denied{{"get-config", DenyMessage, "other"}}
	case "fermyon:spin/variables", "spin:variables/variables":
		return []denied{{"get", DenyArgument, "undefined"}}
	case "wasi:config/store":
		return []denied{{"get", DenyMessage, "io"}, {"get-all", DenyMessage, "io"}}
	case "wasi:sockets/tcp-create-socket":
		return []denied{{"create-tcp-socket", DenyCase, noAccess}}
	case "wasi:sockets/udp-create-socket":
		return []denied{{"create-udp-socket", DenyCase, noAccess}}
	case "wasi:sockets/types":
		return []denied{{"[static]tcp-socket.create", DenyCase, noAccess}, {"[static]udp-socket.create", DenyCase, noAccess}}
	case "wasi:sockets/ip-name-lookup":
		return []denied{{"resolve-addresses", DenyCase, noAccess}}
	case "wasi:cli/environment":
		return []denied{{"get-environment", DenyEmptyList, ""}, {"get-arguments", DenyEmptyList, ""}, {"initial-cwd", DenyNone, ""}, {"get-initial-cwd", DenyNone, ""}}
	case "wasi:filesystem/preopens":
		return []denied{{"get-directories", DenyEmptyList, ""}}
	}
	return nil
}
