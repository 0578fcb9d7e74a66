package sockets_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// Guests of one component share what decides for them, and nothing else.
func TestManyGuestsAtOnce(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		tcp, udp := echo(t), udpServer(t, repeat)
		o := sockets.Options{Lookup: names{"db.example.com": "127.0.0.1"}.lookup, Acquire: sockets.Quota(1000)}
		w := newWorld(t, o, "tcp://db.example.com"+port(tcp), "udp://0.0.0.0:0", "udp://127.0.0.1"+port(udp))
		var guests sync.WaitGroup
		start := make(chan struct{})
		for range 8 {
			g := w.guest(version)
			guests.Go(func() {
				<-start
				for range 4 {
					if list, code := g.lookup("db.example.com"); len(list) != 1 {
						t.Errorf("%s, %q", list, code)
					}
					text := strings.Repeat("0123456789", 1000)
					s := g.dial(tcp)
					g.send(s, text)
					g.finish(s)
					if got, err := g.all(s); got != text || err != "" {
						t.Errorf("%d bytes came back, %q", len(got), err)
					}
					u := g.open()
					if code := g.sendTo(u, "hello", udp); code != "" {
						t.Error(code)
					}
					if got, _, code := g.recv(u); got != "hello" {
						t.Errorf("%q, %q", got, code)
					}
					if code := g.connect(g.tcp(false), "127.0.0.1:1"); code != "access-denied" {
						t.Error(code)
					}
					g.hangUp(s)
					g.close(u)
					g.Free()
				}
			})
		}
		close(start)
		guests.Wait()
	})
}
