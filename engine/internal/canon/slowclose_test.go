package canon

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// slowCloser is a reader and a stream of texts whose Close takes until it is told to go on.
type slowCloser struct {
	io.Reader
	closing chan struct{} // closed when Close is called
	goOn    chan struct{}
	panics  bool
	once    sync.Once
}

func newSlowCloser(r io.Reader) *slowCloser {
	return &slowCloser{Reader: r, closing: make(chan struct{}), goOn: make(chan struct{})}
}

func (s *slowCloser) Close() error {
	s.once.Do(func() { close(s.closing) })
	<-s.goOn
	if s.panics {
		panic("Close")
	}
	return nil
}

// Next implements abi.Elements.
func (s *slowCloser) Next(ctx context.Context) (string, error) {
	if _, ok := s.Reader.(*untilClosed); ok {
		<-ctx.Done()
		return "", ctx.Err()
	}
	var b [1]byte
	if _, err := s.Read(b[:]); err != nil {
		return "", err
	}
	return string(b[:]), nil
}

// untilClosed is a reader that delivers nothing until its Close was called.
type untilClosed struct{ closing chan struct{} }

func (r *untilClosed) Read([]byte) (int, error) {
	<-r.closing
	return 0, io.ErrClosedPipe
}

// Closing a host's stream may take its time: the guest and the rest of its tree go on, and
// Join waits.
func TestStreamsWhoseCloseIsSlow(t *testing.T) {
	boom := errors.New("boom")
	stuck := &untilClosed{}
	for name, c := range map[string]struct {
		r     io.Reader
		body  func(g *guest, ch channelType, h uint64)
		traps bool
		fails bool // the host function, after it has given the stream
	}{
		"dropped unread":        {r: strings.NewReader("abc"), body: func(g *guest, ch channelType, h uint64) { g.dropReader(ch, h) }},
		"dropped within a read": {r: stuck, body: readAndDrop},
		"at the end": {r: strings.NewReader("abc"), body: func(g *guest, ch channelType, h uint64) {
			for g.readSync(ch, h, 64, 2)&15 != uint64(copyDropped) {
			}
			g.dropReader(ch, h)
		}},
		"at an error": {r: iotestErr{boom}, body: func(g *guest, ch channelType, h uint64) {
			g.want("read", g.readSync(ch, h, 64, 2), dropped(0))
			g.dropReader(ch, h)
		}},
		"end of the tree":            {r: strings.NewReader("abc"), body: func(g *guest, _ channelType, _ uint64) { g.trap("no") }, traps: true},
		"failure of the function":    {r: strings.NewReader("abc"), fails: true, traps: true},
		"end of the tree, in a read": {r: stuck, body: func(g *guest, ch channelType, h uint64) { g.read(ch, h, 64, 1); g.trap("no") }, traps: true},
	} {
		for kind, elem := range map[string]string{"bytes": "u8", "elements": "string"} {
			for _, panics := range []bool{false, true} {
				t.Run(name+"/"+kind, func(t *testing.T) {
					s := newSlowCloser(c.r)
					s.panics = panics
					if c.r == stuck {
						s.Reader = &untilClosed{s.closing}
					}
					w, l := hostTest(t, "func()->stream<"+elem+">", false, func(call *abi.Call) {
						if c.fails {
							call.Fail(boom)
						}
						if elem == "u8" {
							call.Return(uint64(call.LowerByteStream(s, 0, nil)))
						} else {
							call.Return(uint64(abi.LowerStream(&call.Guest, abi.Elements[string](s), 0, 8, storeText)))
						}
					}, func(g *guest, op int32) { c.body(g, g.c.w.stream(elem), g.call(op)) })
					tree := w.tree
					if _, err := w.call(l); (err != nil) != c.traps {
						t.Errorf("call: %v", err)
					}
					testDeadline(t, "Close", s.closing)
					if c.traps {
						testDeadline(t, "end of the tree", w.over)
					} else {
						w.do(func(*Tree) {}) // it can still be driven
					}
					gone, cancel := context.WithCancel(context.Background())
					cancel()
					if err := tree.Join(gone); !errors.Is(err, context.Canceled) || !tree.Working() {
						t.Errorf("Join while Close goes on: %v, working %v", err, tree.Working())
					}
					close(s.goOn)
					if err := tree.Join(context.Background()); err != nil || tree.Working() {
						t.Errorf("Join: %v, working %v", err, tree.Working())
					}
				})
			}
		}
	}
}

func readAndDrop(g *guest, ch channelType, h uint64) {
	g.want("read", g.read(ch, h, 64, 1), blockedCopy)
	g.want("cancel", g.cancelRead(ch, true, h), cancelled(0))
	g.dropReader(ch, h)
}
