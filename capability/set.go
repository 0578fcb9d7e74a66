package capability

import "slices"

// The capability sets that Spin manifests know: names of component keys, which inherit_configuration lists.
const (
	AIModels             = "ai_models"
	AllowedOutboundHosts = "allowed_outbound_hosts"
	Environment          = "environment"
	Files                = "files"
	KeyValueStores       = "key_value_stores"
	SQLiteDatabases      = "sqlite_databases"
	Variables            = "variables"
)

// set is a capability set: the interfaces that one key of a component's manifest gives something to do.
type set struct {
	name, description string
	interfaces        []string // without versions: a set has every version of an interface
}

// sets is never changed. Interfaces are named as in Spin's WIT and in WASI's. Spin lists versions one by one, so that
// its sets miss those released since, and some interfaces that open the same door: sockets of WASI 0.3, the snapshots
// before WASI 0.2, and wasi:keyvalue/batch and atomics.
var sets = [...]set{
	{AIModels, "inference with large language models, and embeddings", []string{
		"fermyon:spin/llm",
	}},
	{AllowedOutboundHosts, "connections to other hosts: HTTP, databases, Redis, MQTT, sockets, name lookup", []string{
		"fermyon:spin/http",
		"fermyon:spin/mqtt",
		"fermyon:spin/mysql",
		"fermyon:spin/postgres",
		"fermyon:spin/redis",
		"spin:mqtt/mqtt",
		"spin:mysql/mysql",
		"spin:postgres/postgres",
		"spin:redis/redis",
		"wasi:http/client",
		"wasi:http/outgoing-handler",
		"wasi:sockets/ip-name-lookup",
		"wasi:sockets/tcp",
		"wasi:sockets/tcp-create-socket",
		"wasi:sockets/types", // of WASI 0.3, where the types make the sockets
		"wasi:sockets/udp",
		"wasi:sockets/udp-create-socket",
	}},
	{Environment, "environment variables, arguments and the initial directory", []string{
		"wasi:cli/environment",
	}},
	{Files, "files that the component mounts", []string{
		"wasi:filesystem/preopens",
	}},
	{KeyValueStores, "key-value stores", []string{
		"fermyon:spin/key-value",
		"spin:key-value/key-value",
		"wasi:keyvalue/atomics",
		"wasi:keyvalue/batch",
		"wasi:keyvalue/store",
	}},
	{SQLiteDatabases, "SQLite databases", []string{
		"fermyon:spin/sqlite",
		"spin:sqlite/sqlite",
	}},
	{Variables, "variables of the component, which may be secrets", []string{
		"fermyon:spin/config",
		"fermyon:spin/variables",
		"spin:variables/variables",
		"wasi:config/store",
	}},
}

// ambient has the interfaces that carry no capability. It is never changed.
var ambient = [...]string{
	"fermyon:spin/http-types",
	"fermyon:spin/rdbms-types",
	"fermyon:spin/redis-types",
	"wasi:cli/exit",
	"wasi:cli/stderr",
	"wasi:cli/stdin",
	"wasi:cli/stdout",
	"wasi:cli/terminal-input",
	"wasi:cli/terminal-output",
	"wasi:cli/terminal-stderr",
	"wasi:cli/terminal-stdin",
	"wasi:cli/terminal-stdout",
	"wasi:cli/types",
	"wasi:clocks/monotonic-clock",
	"wasi:clocks/system-clock",
	"wasi:clocks/timezone",
	"wasi:clocks/types",
	"wasi:clocks/wall-clock",
	"wasi:filesystem/types",
	"wasi:http/types",
	"wasi:io/error",
	"wasi:io/poll",
	"wasi:io/streams",
	"wasi:otel/logs",
	"wasi:otel/metrics",
	"wasi:otel/tracing",
	"wasi:otel/types",
	"wasi:random/insecure",
	"wasi:random/insecure-seed",
	"wasi:random/random",
	"wasi:sockets/instance-network",
	"wasi:sockets/network",
	"wasi_snapshot_preview1", // files and variables of which are given with their sets
}

// Sets returns the names of the capability sets that Spin manifests know, sorted. Interfaces of users may name sets
// of their own.
func Sets() []string {
	names := make([]string, len(sets))
	for i := range sets {
		names[i] = sets[i].name
	}
	return names
}

// DescribeSet says in a line what a set of [Sets] gives access to; it is empty for others.
func DescribeSet(name string) string {
	for i := range sets {
		if sets[i].name == name {
			return sets[i].description
		}
	}
	return ""
}

// InterfacesOf returns the interfaces of a set of [Sets] in order, without versions: all versions belong to it,
// snapshots and release candidates too.
func InterfacesOf(name string) []string {
	for i := range sets {
		if sets[i].name == name {
			return slices.Clone(sets[i].interfaces)
		}
	}
	return nil
}

// SetOf returns the capability set of an interface of Spin's or WASI's, by its name with or without version. ok is
// false if it belongs to none, and for all others.
func SetOf(interfaceID string) (name string, ok bool) {
	iface := interfaceName(interfaceID)
	for i := range sets {
		if _, ok := slices.BinarySearch(sets[i].interfaces, iface); ok {
			return sets[i].name, true
		}
	}
	return "", false
}

// Ambient reports whether an interface is one of Spin's or WASI's that carries no capability: clocks, random numbers,
// standard streams, telemetry, and what only has types. Every guest may use these.
func Ambient(interfaceID string) bool {
	_, ok := slices.BinarySearch(ambient[:], interfaceName(interfaceID))
	return ok
}
