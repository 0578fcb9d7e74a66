package canon

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// Buffers of streams are counted while they hold something, and bounded.
func TestStreamBuffers(t *testing.T) {
	give := func(c *abi.Call) {
		c.Return(uint64(c.LowerByteStream(io.NopCloser(strings.NewReader("abcdef")), 0, nil)))
	}
	t.Run("one after the other", func(t *testing.T) {
		w, l := hostTest(t, "func()->stream<u8>", false, give, func(g *guest, op int32) {
			for range 10 {
				if got := g.readAll(g.call(op), 4); got != "abcdef" {
					t.Errorf("got %q", got)
				}
			}
		})
		w.tree.buffers.Limit(64 << 10)
		w.must(l)
		w.settle()
		if n := w.tree.buffers.Used(); n != 0 {
			t.Errorf("%d bytes are in use at the end", n)
		}
	})
	t.Run("two at once", func(t *testing.T) {
		w, l := hostTest(t, "func()->stream<u8>", false, give, func(g *guest, op int32) {
			a, b, ch, p := g.call(op), g.call(op), g.c.w.stream("u8"), g.new(4, 1)
			g.readSync(ch, a, p, 1)
			g.readSync(ch, b, p, 1)
		})
		w.tree.buffers.Limit(64 << 10)
		w.traps("limit of buffers of streams exceeded: at most 65536 bytes; raise engine.InstanceConfig.StreamBuffers", l)
		var limit *abi.LimitError
		if !errors.As(w.tree.dead, &limit) || limit.Limit != 64<<10 {
			t.Errorf("got %v", w.tree.dead)
		}
	})
	t.Run("read by the host", func(t *testing.T) {
		var r *abi.ByteReader
		w, l := hostTest(t, "func(s:stream<u8>)", false, func(c *abi.Call) { r = c.ByteStream(c.Args().U32(0), 0) }, func(g *guest, op int32) {
			rd, wr := g.newChannel(g.c.w.stream("u8"))
			g.call(op, rd)
			g.writeAll(wr, "abcdef", 3)
		})
		w.must(l)
		if n := w.tree.buffers.Used(); n != 64<<10 {
			t.Errorf("%d bytes are in use", n)
		}
		if b, err := io.ReadAll(r); err != nil || string(b) != "abcdef" {
			t.Errorf("got %q, %v", b, err)
		}
		r.Close()
		if n := w.tree.buffers.Used(); n != 0 {
			t.Errorf("%d bytes are in use at the end", n)
		}
	})
}
