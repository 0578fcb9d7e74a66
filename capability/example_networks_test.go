package capability_test

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/spinhost/spin/capability"
)

func ExampleParseNetworks() {
	n, err := capability.ParseNetworks("private", "203.0.113.0/24")
	fmt.Println(n, err)
	_, err = capability.ParseNetworks("10.0.0.1")
	fmt.Println(err)
	// Output:
	// private, 203.0.113.0/24 <nil>
	// "10.0.0.1" is not a network: write "10.0.0.1/32" for this address alone
}

func ExampleNetworks_Check() {
	n, err := capability.ParseNetworks("private")
	if err != nil {
		panic(err)
	}
	err = n.Check(netip.MustParseAddr("::ffff:169.254.169.254"))
	fmt.Println(errors.Is(err, capability.ErrBlocked))
	// Output: true
}
