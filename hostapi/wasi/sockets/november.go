package sockets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	ifaces "github.com/spinhost/spin/hostapi/internal/family"
	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
)

// withNovember returns interfaces and, behind them, those of WASI 0.2 among them as the snapshot of
// November 2023 has them.
func withNovember(list []hostapi.Interface) []hostapi.Interface {
	return append(list, ifaces.InNovember(list, map[string]func(*abi.Interface) error{
		"wasi:sockets/tcp": func(i *abi.Interface) error { return ipv6Only(i, "tcp-socket") },
		"wasi:sockets/udp": func(i *abi.Interface) error { return ipv6Only(i, "udp-socket") },
	})...)
}

// ipv6Only adds the functions for sockets that take IPv6 alone.
func ipv6Only(i *abi.Interface, resource string) error {
	k := slices.IndexFunc(i.Funcs, func(f abi.Func) bool { return strings.Contains(f.Type, "->result<_,enum{unknown") })
	if k < 0 {
		return fmt.Errorf("there is no function that can fail")
	}
	_, result, _ := strings.Cut(i.Funcs[k].Type, "->result<_,")
	self := "func(self:borrow<" + i.ID + "#" + resource + ">"
	i.Funcs = append(i.Funcs,
		abi.Func{Name: "[method]" + resource + ".ipv6-only", Type: self + ")->result<bool," + result, Serve: p2.ServeIPv6Only},
		abi.Func{Name: "[method]" + resource + ".set-ipv6-only", Type: self + ",value:bool)->result<_," + result, Serve: p2.ServeSetIPv6Only},
	)
	return nil
}
