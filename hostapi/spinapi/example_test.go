package spinapi_test

import (
	"fmt"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/spinapi"
)

func ExampleInterfaces() {
	registry := hostapi.NewRegistry(spinapi.Interfaces()...)
	redis, ok := registry.Lookup("spin:redis/redis@3.0.0")
	fmt.Println(ok, redis.Capability)
	// Output: true allowed_outbound_hosts
}
