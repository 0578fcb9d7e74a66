package spinapi

import (
	"slices"

	"github.com/spinhost/spin/hostapi"
)

// Interfaces returns the stand-ins. The unversioned ones are of
// Spin 1, those of fermyon:spin@2.0.0 of Spin 2 and 3, those of the spin namespace of Spin 3
// and 4.
func Interfaces() []hostapi.Interface {
	return slices.Concat(
		hostapi.StandIn("ai_models",
			"fermyon:spin/llm",
			"fermyon:spin/llm@2.0.0",
		),
		hostapi.StandIn("allowed_outbound_hosts",
			"fermyon:spin/http",
			"fermyon:spin/mysql",
			"fermyon:spin/postgres",
			"fermyon:spin/redis",
			"fermyon:spin/mqtt@2.0.0",
			"fermyon:spin/mysql@2.0.0",
			"fermyon:spin/postgres@2.0.0",
			"fermyon:spin/redis@2.0.0",
			"spin:mqtt/mqtt@3.0.0",
			"spin:mysql/mysql@3.0.0",
			"spin:postgres/postgres@3.0.0",
			"spin:postgres/postgres@4.2.0",
			"spin:redis/redis@3.0.0",
		),
		hostapi.StandIn("", // types only
			"fermyon:spin/http-types",
			"fermyon:spin/rdbms-types",
			"fermyon:spin/redis-types",
			"fermyon:spin/rdbms-types@2.0.0",
		),
	)
}
