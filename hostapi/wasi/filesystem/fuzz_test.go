package filesystem_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi/filesystem"
)

// FuzzHostileGuest calls the functions in any order with any arguments. Whatever a guest does, it
// gets a result or is ended, and nothing beside its mount is read or changed.
func FuzzHostileGuest(f *testing.F) {
	step := func(op, handle, flags byte, path, other string) string {
		p := []byte{op, handle, flags, 0, 0, 0, 0, 0, 0, 0, 0, byte(len(path)), byte(len(other))}
		return string(p) + path + other
	}
	var all string
	for op := range byte(32) {
		all += step(op, 1, 3, "../outside", "inside/x") + step(op, 1, 0x13, "inside", "up/../../outside")
	}
	f.Add([]byte(all), false)
	f.Add([]byte(step(0, 1, 0x11, "inside", "")+step(1, 2, 0, "../../outside", "../x")+step(3, 1, 0, "/etc", "inside/link")), true)
	f.Fuzz(func(t *testing.T, script []byte, three bool) {
		dir := t.TempDir()
		put(t, dir, "outside", "secret")
		put(t, dir, "mount/inside/file", "text")
		if err := os.Symlink("..", filepath.Join(dir, "mount/up")); err != nil {
			t.Fatal(err)
		}
		version := versions[0]
		if three {
			version = versions[1]
		}
		g := limited(t, version, 16, filesystem.Mount{Path: "/", Volume: writable(t, filepath.Join(dir, "mount"))})
		g.preopens()
		var methods []string
		for _, n := range g.Names() {
			if m, ok := strings.CutPrefix(n, g.name("")); ok {
				methods = append(methods, m)
			}
		}
		sort.Strings(methods)
		for len(script) >= 13 && g.Live() < 100 {
			op, h, flags, number := script[0], uint64(script[1]%16), uint64(script[2]), binary.LittleEndian.Uint64(script[3:])
			a, b := int(script[11]), int(script[12])
			if script = script[13:]; len(script) < a+b {
				break
			}
			g.hostile(methods[int(op)%len(methods)], h, flags, number, string(script[:a]), string(script[a:a+b]))
			script = script[a+b:]
		}
		if got := text(t, dir, "outside"); got != "secret" {
			t.Errorf("what is outside of the mount is now %q", got)
		}
		if names, err := os.ReadDir(dir); len(names) != 2 || err != nil {
			t.Errorf("outside of the mount there is %v, %v", names, err)
		}
	})
}

// hostile makes one call. What it returns is the guest's business, but for what is outside.
func (g *guest) hostile(method string, h, flags, number uint64, path, other string) {
	ptr, n := g.Put(path)
	ptr2, n2 := g.Put(other)
	var args []uint64
	switch method {
	case "open-at":
		args = []uint64{h, flags & 1, ptr, n, flags >> 1 & 15, flags >> 5 & 3}
	case "link-at", "set-times-at", "stat-at", "metadata-hash-at":
		args = []uint64{h, flags & 1, ptr, n, number & 15, ptr2, n2, number, flags, number}
	case "rename-at":
		args = []uint64{h, ptr, n, number & 15, ptr2, n2}
	case "symlink-at", "create-directory-at", "readlink-at", "remove-directory-at", "unlink-file-at":
		args = []uint64{h, ptr, n, ptr2, n2}
	case "write":
		args = []uint64{h, ptr, n, number}
	case "write-via-stream", "append-via-stream":
		if g.three {
			stream, w := g.Stream()
			end, err := g.Call(g.name(method), h, stream, number&0xffff)
			if err == nil {
				w.Write([]byte(path))
				w.Close()
				g.outcome(g.Reader(uint32(end)))
			}
			return
		}
		args = []uint64{h, number}
	case "read-via-stream", "read-directory":
		if g.three {
			if p, err := g.Load(g.name(method), h, number); err == nil {
				g.Reader(g.U32(p)).Drop()
			}
			return
		}
		args = []uint64{h, number}
	case "set-size":
		args = []uint64{h, number & 0xffff}
	default:
		args = []uint64{h, number, flags, number, flags, number, number}
	}
	if method == "is-same-object" {
		g.Call(g.name(method), h, number&15)
		return
	}
	p, err := g.Load(g.name(method), args...)
	if method == "read" && err == nil && g.U8(p) == 0 && strings.Contains(g.Text(p+4), "secret") {
		g.t.Errorf("a guest has read what is outside")
	}
}
