package abi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// movingEnv is a batchEnv whose allocator moves what it grows or shrinks.
type movingEnv struct{ batchEnv }

func (e *movingEnv) Realloc(fn int32, old, oldSize, align, size uint32) (uint32, error) {
	p, err := e.batchEnv.Realloc(fn, old, oldSize, align, size)
	if err == nil {
		copy(e.mem[p:p+size], e.mem[old:old+min(oldSize, size)])
	}
	return p, err
}

var encodings = []abi.Encoding{abi.UTF8, abi.UTF16, abi.Latin1UTF16}

// What the host gives a guest as a string it gets back as the same, whatever the encoding, alone
// or announced with others.
func TestStringsInEveryEncoding(t *testing.T) {
	texts := []string{"plain", "", "é", "ab\u00ff", "a€", "\U0001f600", strings.Repeat("x", 20) + "é", strings.Repeat("é", 20) + "€"}
	for _, enc := range encodings {
		t.Run(enc.String(), func(t *testing.T) {
			e := &movingEnv{batchEnv{env: newEnv(4096)}}
			var g abi.Guest
			g.Reset(e, abi.Options{Encoding: enc}, nil, nil, nil)
			b := g.Batch()
			for _, s := range texts {
				b.String(s)
			}
			b.List(3, 8, 4)
			b.Allocate()
			for _, s := range texts {
				p, n := g.LowerString(s)
				if got := g.String(p, n); got != s || g.Err() != nil {
					t.Fatalf("%q: got %q, %v", s, got, g.Err())
				}
			}
			if g.LowerList(3, 8, 4); g.Err() != nil {
				t.Fatal(g.Err())
			}
			p, n := g.LowerString("not UTF-8: \xff")
			if got := g.String(p, n); got != "not UTF-8: \ufffd" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// Strings that are not well formed are refused in every encoding.
func TestMalformedStrings(t *testing.T) {
	for name, c := range map[string]struct {
		enc   abi.Encoding
		bytes string
		units uint32
		why   string
	}{
		"byte that is no UTF-8":         {abi.UTF8, "a\x80", 2, "not valid UTF-8"},
		"high surrogate at the end":     {abi.UTF16, "a\x00\x00\xd8", 2, "not valid UTF-16"},
		"low surrogate first":           {abi.UTF16, "\x00\xdc\x00\xd8", 2, "not valid UTF-16"},
		"high surrogate alone":          {abi.UTF16, "\x00\xd8a\x00", 2, "not valid UTF-16"},
		"two high surrogates":           {abi.UTF16, "\x00\xd8\x00\xd8", 2, "not valid UTF-16"},
		"surrogate in tagged text":      {abi.Latin1UTF16, "\x00\xdca\x00", 1<<31 | 2, "not valid UTF-16"},
		"too many units":                {abi.UTF16, "", 1 << 27, "too long"},
		"too many tagged units":         {abi.Latin1UTF16, "", 1<<31 | 1<<27, "too long"},
		"units past the end":            {abi.UTF16, "", 2048 - 7, "out of bounds"},
		"Latin-1 is always well formed": {abi.Latin1UTF16, "\xff\x80\x00", 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnv(4096)
			copy(e.mem[16:], c.bytes)
			var g abi.Guest
			g.Reset(e, abi.Options{Encoding: c.enc}, nil, nil, nil)
			g.String(16, c.units)
			err := g.Err()
			if c.why == "" && err == nil {
				return
			}
			if c.why == "" || err == nil || !strings.Contains(err.Error(), c.why) || !errors.Is(err, abi.ErrTrap) {
				t.Errorf("got %v, want %q", err, c.why)
			}
		})
	}
}

// Pointers to units of 16 bits are even, even where there is nothing.
func TestStringsAreAligned(t *testing.T) {
	for _, enc := range encodings {
		for _, units := range []uint32{0, 1} {
			var g abi.Guest
			g.Reset(newEnv(64), abi.Options{Encoding: enc}, nil, nil, nil)
			g.String(17, units)
			if err := g.Err(); (err != nil) != (enc != abi.UTF8) {
				t.Errorf("%s, %d units: %v", enc, units, err)
			}
		}
	}
}

// The beginning of a text ends between two characters.
func TestPrefixOfText(t *testing.T) {
	for _, enc := range encodings {
		for _, s := range []string{"abcdef", "ééééé", "€€€€", "\U0001f600\U0001f601\U0001f602", "aé€\U0001f600"} {
			e := &movingEnv{batchEnv{env: newEnv(256)}}
			var g abi.Guest
			g.Reset(e, abi.Options{Encoding: enc}, nil, nil, nil)
			p, n := g.LowerString(s)
			text, ok := g.LiftText(uint64(p), uint64(n))
			if !ok {
				t.Fatal(g.Err())
			}
			for max := range 12 {
				got := text.Prefix(max)
				if !strings.HasPrefix(s, got) || strings.ToValidUTF8(got, "?") != got {
					t.Errorf("%s: first %d of %q: %q", enc, max, s, got)
				}
				if len(got) < max && got != s && enc == abi.UTF8 {
					t.Errorf("%s: first %d of %q: only %q", enc, max, s, got)
				}
			}
			if got := text.Prefix(100); got != s {
				t.Errorf("%s: %q is %q", enc, s, got)
			}
		}
	}
}

// The limits of a call hold for what the host takes, and leave the Canonical ABI's own alone.
func TestBoundOfValues(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(g *abi.Guest)
		want *abi.SizeError
	}{
		"no longer":       {func(g *abi.Guest) { g.Bytes(8, 10) }, nil},
		"longer":          {func(g *abi.Guest) { g.View(8, 11) }, &abi.SizeError{Limit: 10}},
		"list longer":     {func(g *abi.Guest) { g.List(8, 3, 4, 4, 0) }, &abi.SizeError{Limit: 10}},
		"more in all":     {func(g *abi.Guest) { g.String(8, 8); g.String(8, 8) }, &abi.SizeError{Limit: 12, Call: true}},
		"no more in all":  {func(g *abi.Guest) { g.String(8, 8); g.String(8, 4) }, nil},
		"elements' size":  {func(g *abi.Guest) { g.List(8, 2, 4, 4, 7) }, &abi.SizeError{Limit: 12, Call: true}},
		"what goes to it": {func(g *abi.Guest) { g.LowerString("longer than the limit") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var g abi.Guest
			g.Reset(newEnv(256), abi.Options{}, nil, nil, nil)
			g.Bound(10, 12)
			c.do(&g)
			var got *abi.SizeError
			switch err := g.Err(); {
			case c.want == nil && err == nil:
			case c.want == nil, !errors.As(err, &got), *got != *c.want, !errors.Is(err, abi.ErrTrap):
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
