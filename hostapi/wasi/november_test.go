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
	p2sockets "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
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
		"wasi:cli/exit exit-with-code -",
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

func TestNovemberSocketsAreForIPv6Only(t *testing.T) {
	g := guesttest.New(t, &hostapi.Scope{}, wasi.Interfaces())
	for _, proto := range []string{"tcp", "udp"} {
		method := "wasi:sockets/" + proto + november + "#[method]" + proto + "-socket."
		for family, want := range map[uint64][3]uint8{0: {1, notSupported, 1}, 1: {0, 1, 0}} {
			p, err := g.Load("wasi:sockets/"+proto+"-create-socket"+november+"#create-"+proto+"-socket", family)
			if err != nil || g.U8(p) != 0 {
				t.Fatalf("%s: case %d, %v", proto, g.U8(p), err)
			}
			s := uint64(g.U32(p + 4))
			if p, err = g.Load(method+"ipv6-only", s); err != nil || g.U8(p) != want[0] || g.U8(p+1) != want[1] {
				t.Errorf("%s of family %d: case %d, %d, %v", proto, family, g.U8(p), g.U8(p+1), err)
			}
			if p, err = g.Load(method+"set-ipv6-only", s, 1); err != nil || g.U8(p) != want[2] {
				t.Errorf("set of %s of family %d: case %d, %v", proto, family, g.U8(p), err)
			}
			if p, err = g.Load(method+"set-ipv6-only", s, 0); err != nil || g.U8(p) != 1 || g.U8(p+1) != notSupported {
				t.Errorf("unset of %s of family %d: case %d, %d, %v", proto, family, g.U8(p), g.U8(p+1), err)
			}
		}
		for _, handle := range []uint64{0, 1<<32 - 1} {
			if _, err := g.Load(method+"ipv6-only", handle); err == nil {
				t.Errorf("%s: the handle %d is taken", proto, handle)
			}
		}
	}
}

// notSupported is a case of the errors of sockets.
const notSupported = uint8(p2sockets.ErrorCodeNotSupported)
