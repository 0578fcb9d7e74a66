package wasi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p2sockets "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
)

// November is the version of the snapshot of WASI of November 2023, which SDKs built on before
// WASI 0.2 was released.
const November = "0.2.0-rc-2023-11-10"

// October is the version of the snapshot of WASI of October 2023.
const October = family.October

// november returns those interfaces that are of WASI 0.2 as the snapshot has them. But for a few
// functions the signatures agree; the resource types are the same.
func november(list []hostapi.Interface) (out []hostapi.Interface) {
	change := map[string]func(*abi.Interface) error{
		"wasi:cli/exit":    func(i *abi.Interface) error { return without(i, "exit-with-code") },
		"wasi:http/types":  novemberHTTP,
		"wasi:sockets/tcp": func(i *abi.Interface) error { return ipv6Only(i, "tcp-socket") },
		"wasi:sockets/udp": func(i *abi.Interface) error { return ipv6Only(i, "udp-socket") },
	}
	for _, i := range list {
		if i.Version() != family.Stable {
			continue
		}
		n := hostapi.Renamed(i, family.Stable, November)
		if f := change[n.Name()]; f != nil {
			n = changed(n, f)
		}
		out = append(out, n)
	}
	return out
}

// changed is an interface whose functions change when it is bound.
func changed(i hostapi.Interface, change func(*abi.Interface) error) hostapi.Interface {
	bind := i.Bind
	i.Bind = func(s *hostapi.Scope) (*abi.Interface, error) {
		b, err := bind(s)
		if err != nil {
			return nil, err
		}
		c := *b
		c.Funcs = slices.Clone(b.Funcs)
		if err := change(&c); err != nil {
			return nil, fmt.Errorf("%s: %w", c.ID, err)
		}
		return &c, nil
	}
	return i
}

// novemberHTTP changes wasi:http/types: timeouts have names that end in "-ms", although they
// count nanoseconds as all durations, and trailers can be taken without being told that they were
// taken before.
func novemberHTTP(i *abi.Interface) error {
	for k := range i.Funcs {
		f := &i.Funcs[k]
		switch {
		case strings.HasPrefix(f.Name, "[method]request-options."):
			f.Name += "-ms"
			f.Type = strings.Replace(f.Type, ",duration:", ",ms:", 1)
		case f.Name == "[method]future-trailers.get":
			const again = "->option<result<result<"
			if !strings.Contains(f.Type, again) {
				return fmt.Errorf("%s has the type %s", f.Name, f.Type)
			}
			f.Type = strings.Replace(f.Type, again, "->option<result<", 1)
			f.Type = strings.TrimSuffix(f.Type, ">")
			f.Serve, f.Refuse = p2http.ServeTrailersOnce, nil
		}
	}
	return without(i, "[method]fields.has")
}

// without takes away what the snapshot does not have.
func without(i *abi.Interface, name string) error {
	i.Funcs = slices.DeleteFunc(i.Funcs, func(f abi.Func) bool { return f.Name == name })
	return nil
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
		abi.Func{Name: "[method]" + resource + ".ipv6-only", Type: self + ")->result<bool," + result, Serve: p2sockets.ServeIPv6Only},
		abi.Func{Name: "[method]" + resource + ".set-ipv6-only", Type: self + ",value:bool)->result<_," + result, Serve: p2sockets.ServeSetIPv6Only},
	)
	return nil
}
