package engine_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"

	"github.com/spinhost/spin/engine"
)

// largeComponent has core code of about so many bytes in functions like those of compilers.
func largeComponent(size int) []byte {
	f := shape{write: func(b *body, n int) {
		for i := range n {
			switch i % 4 {
			case 0:
				b.get()
				b.add(0x28, 2, 8) // i32.load offset=8
				b.set()
			case 1:
				b.add(0x41, 0, 0x10, 0, 0x1a) // drop (call 0 (i32.const 0))
			case 2:
				b.get()
				b.add(0x04, 0x40)
				b.change()
				b.add(0x0b)
			default:
				b.change()
			}
		}
	}}.function(100, 12)
	wasm := hostileComponent(f, size/len(f))
	// A memory for the loads: a section 5 in the module, after its functions.
	head := []byte("\x00asm\x0d\x00\x01\x00")
	module := wasm[len(head)+1:]
	n, skip := binary.Uvarint(module)
	module = module[skip : skip+int(n)]
	code := bytes.Index(module, hostileCodeSection(module))
	module = bytes.Join([][]byte{module[:code], {5, 3, 1, 0, 1}, module[code:]}, nil)
	out := binary.AppendUvarint(append(head, 1), uint64(len(module)))
	return append(append(out, module...), 2, 4, 1, 0, 0, 0)
}

// hostileCodeSection is the last section of a module that hostileComponent has made.
func hostileCodeSection(module []byte) []byte {
	for at := 8; at < len(module); {
		n, skip := binary.Uvarint(module[at+1:])
		if module[at] == 10 {
			return module[at:]
		}
		at += 1 + skip + int(n)
	}
	panic("no code")
}

// BenchmarkLoad decodes, validates and links a component whose code is in the cache.
func BenchmarkLoad(b *testing.B) {
	for name, size := range map[string]int{"2MB": 2 << 20, "23MB": 23 << 20} {
		b.Run(name, func(b *testing.B) {
			wasm := largeComponent(size)
			rt := newRuntimeWith(b, engine.Config{Instances: 10, CacheDir: b.TempDir(), OnCacheError: func(err error) { b.Error(err) }})
			load := func() error {
				c, err := engine.Decode(wasm)
				if err != nil {
					return err
				}
				p, err := engine.NewLinker().Link(context.Background(), rt, c)
				if err == nil {
					p.Close()
				}
				return err
			}
			if err := load(); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(wasm)))
			b.ReportAllocs()
			reportCPU(b, func() {
				for b.Loop() {
					if err := load(); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
