package wasi_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/wasi"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

const november = "@0.2.0-rc-2023-11-10"

// But for what is listed here, the snapshot has the functions of the release.
func TestNovemberHasWhatWASI02Has(t *testing.T) {
	var differ []string
	bound := bindAll(t)
	for id, i := range bound {
		base, ok := strings.CutSuffix(id, "@0.2.12")
		if !ok {
			continue
		}
		n := bound[base+november]
		if n == nil {
			t.Errorf("the snapshot has no %s", base)
			continue
		}
		of := func(list []abi.Func, f abi.Func) bool {
			return slices.ContainsFunc(list, func(g abi.Func) bool {
				return f.Name == g.Name && strings.ReplaceAll(f.Type, "@0.2.12#", november+"#") == strings.ReplaceAll(g.Type, "@0.2.12#", november+"#")
			})
		}
		for _, f := range i.Funcs {
			if !of(n.Funcs, f) {
				differ = append(differ, base+" "+f.Name+" -")
			}
		}
		for _, f := range n.Funcs {
			if !of(i.Funcs, f) {
				differ = append(differ, base+" "+f.Name+" +")
			}
		}
	}
	slices.Sort(differ)
	want := []string{
		"wasi:http/types [method]fields.has -", "wasi:http/types [method]future-trailers.get +", "wasi:http/types [method]future-trailers.get -",
		"wasi:sockets/tcp [method]tcp-socket.ipv6-only +", "wasi:sockets/tcp [method]tcp-socket.set-ipv6-only +",
		"wasi:sockets/udp [method]udp-socket.ipv6-only +", "wasi:sockets/udp [method]udp-socket.set-ipv6-only +",
	}
	for _, t := range []string{"between-bytes", "connect", "first-byte"} {
		for _, f := range []string{"", "set-"} {
			name := "wasi:http/types [method]request-options." + f + t + "-timeout"
			want = append(want, name+" -", name+"-ms +")
		}
	}
	slices.Sort(want)
	if !slices.Equal(differ, want) {
		t.Errorf("these differ:\n%s\nwant\n%s", strings.Join(differ, "\n"), strings.Join(want, "\n"))
	}
}

// trailers are trailers that are ready.
type trailers struct{ taken bool }

func (*trailers) Subscribe(context.Context) (p2io.Pollable, error) { return nil, nil }

func (f *trailers) Get(context.Context) (v abi.Option[abi.Result[abi.Result[abi.Option[p2http.Trailers], p2http.ErrorCode], abi.None]], err error) {
	v.OK, v.Value.IsErr = true, f.taken
	f.taken = true
	return v, nil
}

func TestNovemberTrailersAreTakenOnce(t *testing.T) {
	g := guesttest.New(t, &hostapi.Scope{}, wasi.Interfaces())
	const types = "wasi:http/types" + november + "#"
	f := g.Add(new(trailers), types+"future-trailers")
	p, err := g.Load(types+"[method]future-trailers.get", f)
	if err != nil || g.U8(p) != 1 || g.U8(p+8) != 0 || g.U8(p+16) != 0 {
		t.Errorf("option %d, result %d, trailers %d: %v", g.U8(p), g.U8(p+8), g.U8(p+16), err)
	}
	p, err = g.Load(types+"[method]future-trailers.get", f)
	if err != nil || g.U8(p) != 1 || g.U8(p+8) != 1 {
		t.Errorf("again: option %d, result %d: %v", g.U8(p), g.U8(p+8), err)
	}
}

func TestNovemberSocketsTrapWhenAskedForIPv6Only(t *testing.T) {
	g := guesttest.New(t, &hostapi.Scope{}, wasi.Interfaces())
	for _, proto := range []string{"tcp", "udp"} {
		if _, err := g.Load("wasi:sockets/"+proto+november+"#[method]"+proto+"-socket.ipv6-only", 1); err == nil {
			t.Errorf("%s: no trap", proto)
		}
	}
}
