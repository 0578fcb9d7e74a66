package abi_test

import (
	"io"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// bounded is an env that counts buffers.
type bounded struct {
	*env
	buffers abi.Buffers
}

func (b *bounded) Buffers() *abi.Buffers { return &b.buffers }

// A stream of which guest and host keep waiting for each other gets larger buffers, if the guest
// may have them; one whose host is slower than the guest does not.
func TestBuffersGrow(t *testing.T) {
	for _, tt := range []struct {
		behaviour string
		waits     bool
		limit     int64
		want      uint32
	}{
		{"both wait", true, 0, 256 << 10},
		{"both wait, with room for it", true, 1 << 20, 256 << 10},
		{"both wait, without room", true, 1<<20 - 2, 64 << 10},
		{"only the guest waits", false, 0, 64 << 10},
	} {
		t.Run(tt.behaviour, func(t *testing.T) {
			e := &bounded{env: newEnv(1 << 20)}
			e.buffers.Limit(tt.limit)
			e.end = &end{e: e.env}
			var g abi.Guest
			g.Reset(e, abi.Options{}, []abi.Ref{{}, {}}, nil, nil)
			r := g.ByteStream(1, 1)
			s := e.end.sink
			fill := func() (n uint32) {
				for {
					k, _ := s.Write(&g, 0, 10_000)
					if n += k; k == 0 {
						return n
					}
				}
			}
			read := func(n uint32) {
				if _, err := io.ReadFull(r, make([]byte, n)); err != nil {
					t.Error(err)
				}
			}
			if n := fill(); n != 64<<10 {
				t.Errorf("takes %d bytes at first", n)
			}
			read(64 << 10)
			<-e.wakes // since the guest waits
			if tt.waits {
				done := make(chan bool)
				go func() { read(1); close(done) }()
				<-e.wakes // it drives, and then waits
				s.Write(&g, 0, 1)
				<-done
			}
			if n := fill(); n != tt.want {
				t.Errorf("takes %d bytes then, want %d", n, tt.want)
			}
			if used := e.buffers.Used(); used < int64(tt.want) || tt.limit > 0 && used > tt.limit {
				t.Errorf("%d bytes are in use", used)
			}
			r.Close()
			if n := e.buffers.Used(); n != 0 {
				t.Errorf("%d bytes are in use at the end", n)
			}
		})
	}
}
