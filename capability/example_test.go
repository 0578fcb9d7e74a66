package capability_test

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/spinhost/spin/capability"
)

func exampleHosts(entries ...string) *capability.Hosts {
	owner := capability.Owner{Component: "shop", Pos: capability.Position{File: "spin.toml", Line: 12, Column: 1}, HasList: true}
	var list []capability.Entry
	for i, text := range entries {
		list = append(list, capability.Entry{Text: text, Pos: capability.Position{File: "spin.toml", Line: 13 + i, Column: 3}})
	}
	hosts, err := capability.ParseHosts(owner, list)
	if err != nil {
		panic(err)
	}
	return hosts
}

func ExampleParseHosts() {
	owner := capability.Owner{Component: "shop", HasList: true}
	_, err := capability.ParseHosts(owner, []capability.Entry{
		{Text: "api.example.com", Pos: capability.Position{File: "spin.toml", Line: 12, Column: 28}},
	})
	fmt.Println(err)
	// Output:
	// spin.toml:12:28: allowed_outbound_hosts: "api.example.com" has no scheme: write "https://api.example.com"
}

func ExampleHosts_CheckURL() {
	hosts := exampleHosts("https://*.example.com")
	fmt.Println(hosts.CheckURL("https://api.example.com/items", "https"))
	fmt.Println(hosts.CheckURL("https://example.org:8443/items", "https"))
	// Output:
	// https://api.example.com is allowed by "https://*.example.com" at spin.toml:13:3
	// component "shop" may not connect to https://example.org:8443: add "https://example.org:8443" to allowed_outbound_hosts (spin.toml:12:1)
}

func ExampleHosts_CheckSelf() {
	fmt.Println(exampleHosts("http://self").CheckSelf().Allowed())
	// Output: true
}

func ExampleHosts_Check() {
	hosts := exampleHosts("http://localhost:3000")
	dest, err := capability.ParseAuthority("http", "localhost:3000")
	if err != nil {
		panic(err)
	}
	fmt.Println(hosts.Check(dest).Allowed())
	// Output: true
}

// An entry for a host is enough to look it up, whatever its scheme and ports.
func ExampleHosts_CheckName() {
	hosts := exampleHosts("postgres://db.example.com")
	for _, name := range []string{"db.example.com", "example.org"} {
		d, _ := capability.NewDestination("tcp", name, 0)
		fmt.Println(name, hosts.CheckName(d).Allowed())
	}
	// Output:
	// db.example.com true
	// example.org false
}

func ExampleDecision_Err() {
	err := exampleHosts("https://example.com").CheckURL("redis://cache:6379", "redis").Err()
	var denied *capability.DeniedError
	if errors.Is(err, capability.ErrDenied) && errors.As(err, &denied) {
		fmt.Println(denied.ManifestLine())
	}
	// Output: allowed_outbound_hosts = ["https://example.com", "redis://cache"]
}

func ExampleParseDestination() {
	dest, err := capability.ParseDestination("user:p@ss@db.example:5433/shop", "postgres")
	fmt.Println(dest, err)
	// Output: postgres://db.example:5433 <nil>
}

func ExampleParseAuthority() {
	dest, err := capability.ParseAuthority("https", "Example.com:443")
	fmt.Println(dest, err)
	// Output: https://example.com <nil>
}

func ExampleNewDestination() {
	dest, err := capability.NewDestination("postgres", "::1", 5433)
	fmt.Println(dest, err)
	// Output: postgres://[::1]:5433 <nil>
}

func ExampleAddrDestination() {
	fmt.Println(capability.AddrDestination("tcp", netip.MustParseAddrPort("10.0.0.1:25")))
	// Output: tcp://10.0.0.1:25
}

func ExampleSelf() {
	fmt.Println(exampleHosts("https://example.com").Check(capability.Self()).MissingEntry())
	// Output: http://self
}
