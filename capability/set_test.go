package capability_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

// guarded has every interface with a capability that a Spin guest can import, in its versions.
var guarded = map[string][]string{
	capability.AIModels: {"fermyon:spin/llm", "fermyon:spin/llm@2.0.0"},
	capability.AllowedOutboundHosts: {
		"fermyon:spin/http", "fermyon:spin/mysql", "fermyon:spin/postgres", "fermyon:spin/redis",
		"fermyon:spin/mqtt@2.0.0", "fermyon:spin/mysql@2.0.0", "fermyon:spin/postgres@2.0.0", "fermyon:spin/redis@2.0.0",
		"spin:mqtt/mqtt@3.0.0", "spin:mysql/mysql@3.0.0", "spin:redis/redis@3.0.0",
		"spin:postgres/postgres@3.0.0", "spin:postgres/postgres@4.0.0", "spin:postgres/postgres@4.1.0", "spin:postgres/postgres@4.2.0",
		"wasi:http/outgoing-handler@0.2.0", "wasi:http/outgoing-handler@0.2.12",
		"wasi:http/outgoing-handler@0.2.0-rc-2023-10-18", "wasi:http/outgoing-handler@0.2.0-rc-2023-11-10",
		"wasi:http/client@0.3.0", "wasi:http/client@0.3.0-rc-2026-03-15", "wasi:http/client@0.3.2",
		"wasi:sockets/tcp@0.2.6", "wasi:sockets/udp@0.2.0-rc-2023-10-18", "wasi:sockets/tcp-create-socket@0.2.3",
		"wasi:sockets/udp-create-socket@0.2.0-rc-2023-11-10", "wasi:sockets/ip-name-lookup@0.2.0-rc-2023-10-18",
		"wasi:sockets/ip-name-lookup@0.3.0", "wasi:sockets/types@0.3.0", "wasi:sockets/types@0.3.0-rc-2026-03-15",
	},
	capability.Environment: {
		"wasi:cli/environment@0.2.0", "wasi:cli/environment@0.2.0-rc-2023-10-18", "wasi:cli/environment@0.2.0-rc-2023-11-10",
		"wasi:cli/environment@0.3.0", "wasi:cli/environment@0.3.0-rc-2026-03-15",
	},
	capability.Files: {
		"wasi:filesystem/preopens@0.2.6", "wasi:filesystem/preopens@0.2.0-rc-2023-10-18", "wasi:filesystem/preopens@0.3.0",
	},
	capability.KeyValueStores: {
		"fermyon:spin/key-value", "fermyon:spin/key-value@2.0.0", "spin:key-value/key-value@3.0.0",
		"wasi:keyvalue/store@0.2.0-draft2", "wasi:keyvalue/atomics@0.2.0-draft2", "wasi:keyvalue/batch@0.2.0-draft2",
	},
	capability.SQLiteDatabases: {
		"fermyon:spin/sqlite", "fermyon:spin/sqlite@2.0.0", "spin:sqlite/sqlite@3.0.0", "spin:sqlite/sqlite@3.1.0",
	},
	capability.Variables: {
		"fermyon:spin/config", "fermyon:spin/variables@2.0.0", "spin:variables/variables@3.0.0", "wasi:config/store@0.2.0-draft-2024-09-27",
	},
}

func TestSetOfHoldsForEveryVersion(t *testing.T) {
	for set, ids := range guarded {
		for _, id := range ids {
			name := parseID(t, id).Name()
			for _, version := range []string{id, name, name + "@9.9.9", name + "@9.0.0-rc.1"} {
				if got, ok := capability.SetOf(version); got != set || !ok {
					t.Errorf("%s: got %q, want %q", version, got, set)
				}
				if capability.Ambient(version) {
					t.Errorf("%s is ambient", version)
				}
			}
			if !slices.Contains(capability.InterfacesOf(set), name) {
				t.Errorf("%s is not listed in %s", name, set)
			}
		}
	}
}

func TestInterfacesOfAreThoseThatGuestsCanImport(t *testing.T) {
	for _, set := range capability.Sets() {
		names := capability.InterfacesOf(set)
		if !slices.IsSorted(names) || len(names) == 0 {
			t.Errorf("%s: got %v", set, names)
		}
		for _, name := range names {
			if !slices.ContainsFunc(guarded[set], func(id string) bool { return parseID(t, id).Name() == name }) {
				t.Errorf("%s: nobody imports %s", set, name)
			}
		}
	}
	if capability.InterfacesOf("geo") != nil {
		t.Error("an unknown set has interfaces")
	}
}

func TestAmbient(t *testing.T) {
	for _, id := range []string{
		"wasi:clocks/monotonic-clock@0.2.0", "wasi:clocks/wall-clock@0.2.0-rc-2023-10-18", "wasi:clocks/system-clock@0.3.0", "wasi:clocks/types@0.3.0",
		"wasi:random/random@0.2.6", "wasi:random/insecure@0.3.0", "wasi:random/insecure-seed@0.2.0",
		"wasi:io/poll@0.2.0", "wasi:io/error@0.2.0", "wasi:io/streams@0.2.0",
		"wasi:cli/stdin@0.2.0", "wasi:cli/stdout@0.3.0", "wasi:cli/stderr@0.2.0", "wasi:cli/exit@0.2.0", "wasi:cli/types@0.3.0",
		"wasi:cli/terminal-input@0.2.0", "wasi:cli/terminal-output@0.2.0", "wasi:cli/terminal-stdin@0.2.0", "wasi:cli/terminal-stdout@0.2.0", "wasi:cli/terminal-stderr@0.2.0",
		"wasi:http/types@0.3.0-rc-2026-03-15", "wasi:filesystem/types@0.2.6", "wasi:sockets/network@0.2.0", "wasi:sockets/instance-network@0.2.0",
		"wasi:otel/tracing@0.2.0-rc.2", "fermyon:spin/http-types", "fermyon:spin/rdbms-types@2.0.0", "fermyon:spin/redis-types",
	} {
		if !capability.Ambient(id) {
			t.Errorf("%s is not ambient", id)
		}
		if set, ok := capability.SetOf(id); ok {
			t.Errorf("%s belongs to %s", id, set)
		}
	}
	for _, id := range []string{"", "@", "acme:geo/lookup@1.0.0", "wasi:clocks/monotonic", "wasi:logging/logging", "wasi:http/handler@0.3.0", "wasi:http/typesx"} {
		if set, ok := capability.SetOf(id); ok || set != "" || capability.Ambient(id) {
			t.Errorf("%s is known, set %q", id, set)
		}
	}
}

func TestSetsAreDescribed(t *testing.T) {
	names := capability.Sets()
	if len(names) != len(guarded) || !slices.IsSorted(names) {
		t.Errorf("got %v", names)
	}
	for _, name := range names {
		if d := capability.DescribeSet(name); d == "" || strings.ContainsAny(d, "\n") {
			t.Errorf("%s: %q", name, d)
		}
	}
	if capability.DescribeSet("geo") != "" {
		t.Error("an unknown set is described")
	}
	names[0] = "changed"
	capability.InterfacesOf(capability.Variables)[0] = "changed"
	if capability.Sets()[0] != capability.AIModels || capability.InterfacesOf(capability.Variables)[0] != "fermyon:spin/config" {
		t.Error("callers can change the sets")
	}
}
