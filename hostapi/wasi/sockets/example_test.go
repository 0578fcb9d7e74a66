package sockets_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// Let components that import wasi:sockets reach what their manifest allows.
func ExampleInterfaces() {
	registry := hostapi.NewRegistry(sockets.Interfaces()...)
	tcp, _ := registry.Lookup("wasi:sockets/tcp-create-socket@0.2.12")
	fmt.Println(tcp.Capability)
	// Output: allowed_outbound_hosts
}

// Keep the networks of the platform closed and look names up at a resolver of one's own.
func ExampleInterfacesWith() {
	private := netip.MustParsePrefix("10.0.0.0/8")
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, "192.0.2.53:53")
	}}
	list := sockets.InterfacesWith(sockets.Options{
		Blocked: private.Contains,
		Lookup: func(ctx context.Context, name string) ([]netip.Addr, error) {
			return resolver.LookupNetIP(ctx, "ip", name)
		},
	})
	fmt.Println(len(hostapi.NewRegistry(list...).Interfaces()) == len(list))
	// Output: true
}

// Let all components of a platform together have two connections.
func ExampleQuota() {
	o := sockets.Options{Acquire: sockets.Quota(2)}
	release, ok := o.Acquire()
	_, second := o.Acquire()
	_, third := o.Acquire()
	release()
	_, fourth := o.Acquire()
	fmt.Println(ok, second, third, fourth)
	// Output: true true false true
}

// Give one component fewer sockets than others.
func ExampleProvide() {
	scope := &hostapi.Scope{Component: "cart"}
	sockets.Provide(scope, sockets.Options{MaxSockets: 4})
	for _, i := range sockets.Interfaces() {
		if _, err := i.Bind(scope); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
}
