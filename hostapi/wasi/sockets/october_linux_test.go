package sockets_test

import (
	"syscall"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// The options that the snapshot of October 2023 has, under its names.
var octoberNumbers = []number{
	{"unicast-hop-limit", 1, 1, 1, 7, 7, 255},
	{"receive-buffer-size", 8, 8, 8, 20000, 20000, 1<<64 - 1},
	{"send-buffer-size", 8, 8, 8, 30000, 30000, 1<<64 - 1},
}

// flagOption reads an option that is a bool.
func (g *guest) flagOption(name string, sock uint64) (on bool, code string) {
	g.t.Helper()
	p, code := g.result(g.name(tcpSock, name), 1, 1, sock)
	return code == "" && g.U8(p) == 1, code
}

func TestOptionsOfOctober(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		t.Run(when, func(t *testing.T) {
			to := echo(t)
			g := newWorld(t, sockets.Options{}, "*://*:*").guest(october)
			s := g.tcp(false)
			set := func() {
				g.tryOptions(tcpSock, octoberNumbers, s)
				for name, usual := range map[string]bool{"keep-alive": false, "no-delay": true} {
					if on, code := g.flagOption(name, s); on != usual || code != "" {
						t.Errorf("%s is %v by default, %q", name, on, code)
					}
					if code := g.do(tcpSock, "set-"+name, s, flag(!usual)); code != "" {
						t.Errorf("set-%s: %q", name, code)
					}
					if on, code := g.flagOption(name, s); on == usual || code != "" {
						t.Errorf("%s is still %v, %q", name, on, code)
					}
				}
			}
			if when == "before" {
				set()
			}
			if code := g.connect(s, to); code != "" {
				t.Fatal(code)
			}
			conn := sockets.Conn(g.Get(s))
			if when == "after" {
				if v := kernel(t, conn, syscall.IPPROTO_TCP, syscall.TCP_NODELAY); v != 1 {
					t.Errorf("no-delay is %d by default", v)
				}
				set()
			}
			for what, c := range map[string]struct{ got, want int }{
				"keep-alive": {kernel(t, conn, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE), 1},
				"no-delay":   {kernel(t, conn, syscall.IPPROTO_TCP, syscall.TCP_NODELAY), 0},
				"hop limit":  {kernel(t, conn, syscall.IPPROTO_IP, syscall.IP_TTL), 7},
			} {
				if c.got != c.want {
					t.Errorf("%s connecting, the %s is %d, want %d", when, what, c.got, c.want)
				}
			}
		})
	}
}
