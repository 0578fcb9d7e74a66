package wasi

import (
	"slices"

	"github.com/spinhost/spin/hostapi"
)

// The capability sets that interfaces here belong to.
const (
	environment = "environment"
	files       = "files"
	hosts       = "allowed_outbound_hosts"
)

// oldSockets returns stand-ins for wasi:sockets.
func oldSockets(version string) []hostapi.Interface {
	return append(
		hostapi.StandIn("", named("wasi:sockets", version, "network", "instance-network")...),
		hostapi.StandIn(hosts, named("wasi:sockets", version,
			"tcp", "tcp-create-socket", "udp", "udp-create-socket", "ip-name-lookup")...)...,
	)
}

// october returns stand-ins for the snapshot of WASI of October 2023.
func october() []hostapi.Interface {
	const version = "0.2.0-rc-2023-10-18"
	return slices.Concat(
		hostapi.StandIn(environment, named("wasi:cli", version, "environment")...),
		hostapi.StandIn("", named("wasi:cli", version, "exit", "stdin", "stdout", "stderr",
			"terminal-input", "terminal-output", "terminal-stdin", "terminal-stdout", "terminal-stderr")...),
		hostapi.StandIn("", named("wasi:clocks", version, "monotonic-clock", "wall-clock")...),
		hostapi.StandIn("", named("wasi:filesystem", version, "types")...),
		hostapi.StandIn(files, named("wasi:filesystem", version, "preopens")...),
		hostapi.StandIn("", named("wasi:http", version, "types")...),
		hostapi.StandIn(hosts, named("wasi:http", version, "outgoing-handler")...),
		hostapi.StandIn("", named("wasi:io", version, "poll", "streams")...),
		hostapi.StandIn("", named("wasi:random", version, "random", "insecure", "insecure-seed")...),
		oldSockets(version),
	)
}

// named returns the ids of interfaces of one package.
func named(pkg, version string, names ...string) []string {
	ids := make([]string, len(names))
	for i, n := range names {
		ids[i] = pkg + "/" + n + "@" + version
	}
	return ids
}
