package http_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/internal/dnstest"
	"github.com/spinhost/spin/internal/httpguest"
)

// A name server cannot lead a guest to addresses that are blocked, whatever it answers.
func TestNameServerThatAnswersWithBlockedAddresses(t *testing.T) {
	tests := []struct {
		behaviour string
		answers   [][]string
		want      []string
	}{
		{"a private address", [][]string{{"10.1.2.3"}}, []string{"destination-IP-prohibited"}},
		{"loopback", [][]string{{"127.0.0.1"}}, []string{"destination-IP-prohibited"}},
		{"metadata of a cloud", [][]string{{"169.254.169.254"}}, []string{"destination-IP-prohibited"}},
		{"loopback of IPv6", [][]string{{"::1"}}, []string{"destination-IP-prohibited"}},
		{"loopback as IPv6", [][]string{{"::ffff:127.0.0.1"}}, []string{"destination-IP-prohibited"}},
		{"several", [][]string{{"10.1.2.3", "::1", "192.168.0.1"}}, []string{"destination-IP-prohibited"}},
		{"no address", [][]string{{}}, []string{"DNS-error"}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, v3 bool) {
				w := newWorld(t, "http://*:*")
				tr := w.block("private")
				d := hostapi.NewDialer(w.scope.Blocked)
				d.Resolver = dnstest.New(tt.answers...).Resolver()
				tr.DialContext = d.DialContext
				w.run(v3, func(g *guest) {
					for _, want := range tt.want {
						if _, code := g.send(message{Target3: httpguest.Target3{Scheme: "http", Authority: "evil.example", Path: "/"}}).wait(); code != want {
							t.Errorf("%q, want %q", code, want)
						}
					}
				})
			})
		})
	}
}

// Lengths that disagree leave no doubt for whoever is behind: such requests are not sent.
func TestConflictingLengths(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, func(_ nethttp.ResponseWriter, r *nethttp.Request) { t.Errorf("it is sent: %v", r.Header) })
		for _, fields := range [][]string{
			{"content-length", "3", "content-length", "4"}, {"content-length", "3", "Content-Length", "0"}, {"content-length", "0", "content-length", "00000001"},
		} {
			w.run(v3, func(g *guest) {
				m := to(s, "POST", "/")
				m.fields = fields
				if _, code := g.send(m).wait(); code != "HTTP-protocol-error" {
					t.Errorf("%q: %q", fields, code)
				}
			})
		}
	})
}

// A response that says how long it is and comes in chunks is what its chunks say, and what follows
// them is no part of it.
func TestResponseWithALengthAndChunks(t *testing.T) {
	for _, head := range []string{"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 300\r\n"} {
		both(t, func(t *testing.T, v3 bool) {
			w := newWorld(t, "http://127.0.0.1:*")
			m := rawServer(t, "HTTP/1.1 200 OK\r\nConnection: close\r\n"+head+"\r\n5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond")
			w.run(v3, func(g *guest) {
				r, code := g.send(m).receive()
				if code != "" {
					t.Fatal(code)
				}
				if body, _, code := r.all(); body != "hello" || code != "" {
					t.Errorf("%q %q", body, code)
				}
			})
		})
	}
}

// readRequest reads what comes on a connection until the head of a request is complete.
func readRequest(c net.Conn) []string {
	var lines []string
	for r := bufio.NewReader(c); ; {
		line, err := r.ReadString('\n')
		line = strings.TrimRight(line, "\r\n")
		if err != nil || line == "" {
			return lines
		}
		lines = append(lines, line)
	}
}

// Fields by which a message could be split in two, or meant for somebody else, are not what the
// peer sees: there is one length, one host, and no coding of transfer that the guest chose.
func TestSmugglingByFields(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		heads := make(chan []string, 1)
		go func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			heads <- readRequest(c)
			io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
		}()
		w := newWorld(t, "http://127.0.0.1:*")
		w.run(v3, func(g *guest) {
			m := message{Target3: httpguest.Target3{Method: "POST", Scheme: "http", Authority: l.Addr().String(), Path: "/a"}, body: true}
			m.fields = []string{"content-length", "4", "x-a", "b", "te", "trailers", "trailer", "x-sum"}
			sending := g.send(m)
			sending.write("body")
			sending.finish()
			if _, code := sending.wait(); code != "" {
				t.Error(code)
			}
		})
		head := <-heads
		slices.Sort(head[1:])
		want := []string{"POST /a HTTP/1.1", "Content-Length: 4", "Host: " + l.Addr().String(), "Te: trailers", "X-A: b"}
		if !slices.Equal(head, want) {
			t.Errorf("got %q", head)
		}
	})
}

// A URL that is too long is refused before anything of it is sent.
func TestOverlongURLs(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, func(_ nethttp.ResponseWriter, r *nethttp.Request) {})
		w.run(v3, func(g *guest) {
			m := to(s, "GET", "/"+strings.Repeat("a", 65534-len(s.Listener.Addr().String())))
			if _, code := g.send(m).wait(); code != "HTTP-request-URI-too-long" {
				t.Errorf("%q", code)
			}
			m.Path = m.Path[:len(m.Path)-1]
			if r, code := g.send(m).receive(); code != "" || r.status != 200 {
				t.Errorf("the longest one: %q", code)
			}
		})
	})
}

// A body is as long as its length says, or the guest learns that it was not, and the peer too.
func TestBodiesOfAnotherLength(t *testing.T) {
	tests := []struct {
		behaviour, length string
		pieces            []string
		want              string
	}{
		{"longer", "3", []string{"abcdef"}, "HTTP-request-body-size"},
		{"longer by a later piece", "3", []string{"abc", "d"}, "HTTP-request-body-size"},
		{"shorter", "10", []string{"abc"}, "HTTP-request-body-size"},
		{"none at all", "1", nil, "HTTP-request-body-size"},
		{"some where there is none", "0", []string{"a"}, "HTTP-request-body-size"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, v3 bool) {
				w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
					b, err := io.ReadAll(r.Body)
					if err == nil && r.ContentLength != int64(len(b)) || tt.behaviour == "shorter" && err == nil {
						t.Errorf("the server takes %q for complete", b)
					}
					<-r.Context().Done()
				})
				w.run(v3, func(g *guest) {
					m := to(s, "POST", "/")
					m.fields, m.body = []string{"content-length", tt.length}, true
					sending := g.send(m)
					for _, p := range tt.pieces {
						sending.write(p)
					}
					sending.finish()
					if _, code := sending.wait(); code != tt.want {
						t.Errorf("%q, want %q", code, tt.want)
					}
					if v3 {
						if code, _ := g.Outcome3(sending.sent); code != tt.want {
							t.Errorf("outcome %q, want %q", code, tt.want)
						}
					}
				})
			})
		})
	}
}

// Servers that are not who they should be, or speak TLS that nobody should, are not talked to.
func TestWrongTLS(t *testing.T) {
	tests := []struct {
		behaviour string
		change    func(server *tls.Config)
		client    func(c *tls.Config)
		authority string
		want      string
	}{
		{"a certificate of somebody else", nil, nil, "localhost", "TLS-protocol-error"},
		{"nobody is trusted", nil, func(c *tls.Config) { c.RootCAs = x509.NewCertPool() }, "127.0.0.1", "TLS-protocol-error"},
		{"a version that is too old", func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, nil, "127.0.0.1", "TLS-protocol-error"},
		{"a certificate is asked for", func(c *tls.Config) { c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12 }, nil, "127.0.0.1", "TLS-protocol-error"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, v3 bool) {
				w := newWorld(t, "https://*:*")
				s := httptest.NewUnstartedServer(nethttp.HandlerFunc(func(nethttp.ResponseWriter, *nethttp.Request) { t.Error("it is talked to") }))
				s.Config.ErrorLog = log.New(io.Discard, "", 0)
				s.TLS = &tls.Config{}
				if tt.change != nil {
					tt.change(s.TLS)
				}
				s.StartTLS()
				t.Cleanup(s.Close)
				c := s.Client().Transport.(*nethttp.Transport).TLSClientConfig.Clone()
				if tt.client != nil {
					tt.client(c)
				}
				w.transport.TLSClientConfig = c
				_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
				w.run(v3, func(g *guest) {
					if _, code := g.send(message{Target3: httpguest.Target3{Scheme: "https", Authority: tt.authority + ":" + port, Path: "/"}}).wait(); code != tt.want {
						t.Errorf("%q, want %q", code, tt.want)
					}
				})
			})
		})
	}
}

// A server that speaks HTTP/2 is spoken to in it, with bodies and trailers both ways.
func TestSendHTTP2(t *testing.T) {
	t.Run("connections are kept", func(t *testing.T) { testSendHTTP2(t, true) })
	t.Run("connections are not kept", func(t *testing.T) { testSendHTTP2(t, false) })
}

func testSendHTTP2(t *testing.T, keep bool) {
	both(t, func(t *testing.T, v3 bool) {
		w := newWorld(t, "https://127.0.0.1:*")
		w.transport.DisableKeepAlives = !keep
		s := httptest.NewUnstartedServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
			b, err := io.ReadAll(r.Body)
			w.Header().Set("Trailer", "X-Sum")
			fmt.Fprintf(w, "%s %s %v %s", r.Proto, b, err, r.Trailer.Get("X-Sent"))
			w.Header().Set("X-Sum", "42")
		}))
		s.EnableHTTP2 = true
		s.StartTLS()
		t.Cleanup(s.Close)
		w.transport.TLSClientConfig = s.Client().Transport.(*nethttp.Transport).TLSClientConfig.Clone()
		w.run(v3, func(g *guest) {
			m := to(s, "POST", "/")
			m.fields, m.body = []string{"trailer", "x-sent"}, true
			sending := g.send(m)
			sending.write("body")
			sending.finish("x-sent", "7")
			r, code := sending.receive()
			if code != "" {
				t.Fatal(code)
			}
			body, trailers, code := r.all()
			if body != "HTTP/2.0 body <nil> 7" || code != "" {
				t.Errorf("%q %s", body, code)
			}
			equal(t, "trailers", trailers, "x-sum", "42")
		})
	})
}

// Trailers of a response that is reset are not taken for those of a complete one, in either
// version of HTTP.
func TestResponseThatIsResetBeforeItsTrailers(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprint("HTTP/2 ", http2), func(t *testing.T) {
			both(t, func(t *testing.T, v3 bool) {
				w := newWorld(t, "https://127.0.0.1:*")
				s := httptest.NewUnstartedServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
					w.Header().Set("Trailer", "X-Sum")
					io.WriteString(w, "part")
					nethttp.NewResponseController(w).Flush()
					w.Header().Set("X-Sum", "42")
					panic(nethttp.ErrAbortHandler)
				}))
				s.EnableHTTP2 = http2
				s.StartTLS()
				t.Cleanup(s.Close)
				w.transport.TLSClientConfig = s.Client().Transport.(*nethttp.Transport).TLSClientConfig.Clone()
				w.run(v3, func(g *guest) {
					r, code := g.send(to(s, "GET", "/")).receive()
					if code != "" {
						t.Fatal(code)
					}
					body, trailers, code := r.all()
					if body != "part" || trailers != nil || code != "HTTP-protocol-error" {
						t.Errorf("%q %q %q", body, trailers, code)
					}
				})
			})
		})
	}
}

// A server that asks for the body only when it wants it gets it then.
func TestExpectContinue(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			if r.URL.Path == "/no" {
				w.WriteHeader(417)
				return
			}
			b, err := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %v %s", b, err, r.Header.Get("Expect"))
		})
		w.transport.ExpectContinueTimeout = time.Minute
		w.run(v3, func(g *guest) {
			for path, want := range map[string]string{"/yes": "body <nil> 100-continue", "/no": ""} {
				m := to(s, "POST", path)
				m.fields, m.body = []string{"expect", "100-continue", "content-length", "4"}, true
				sending := g.send(m)
				sending.write("body")
				sending.finish()
				r, code := sending.receive()
				if code != "" {
					t.Fatal(code)
				}
				if body, _, code := r.all(); body != want || code != "" || (r.status == 417) != (path == "/no") {
					t.Errorf("%s: %d %q %s", path, r.status, body, code)
				}
			}
		})
	})
}

// A response whose header section never ends, or never stops growing, ends at its bounds.
func TestResponsesThatNeverFinish(t *testing.T) {
	answer := func(t *testing.T, first, more string) message {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan bool)
		t.Cleanup(func() { l.Close(); <-done })
		go func() {
			defer close(done)
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			readRequest(c)
			io.WriteString(c, first)
			for more != "" {
				if _, err := io.WriteString(c, more); err != nil {
					return
				}
			}
			io.Copy(io.Discard, c) // until the client leaves
		}()
		return message{Target3: httpguest.Target3{Scheme: "http", Authority: l.Addr().String(), Path: "/"},
			timeouts: map[string]uint64{"first-byte-timeout": uint64(300 * time.Millisecond), "between-bytes-timeout": uint64(50 * time.Millisecond)}}
	}
	tests := []struct{ behaviour, first, more, code string }{
		{"nothing", "", "", "connection-read-timeout"},
		{"half a head", "HTTP/1.1 200 OK\r\nA: b\r\n", "", "connection-read-timeout"},
		{"a head without end", "HTTP/1.1 200 OK\r\n", "X-Field: " + strings.Repeat("x", 1000) + "\r\n", "HTTP-protocol-error"},
		{"informational responses without end", "", "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP-protocol-error"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, v3 bool) {
				w := newWorld(t, "http://127.0.0.1:*")
				m := answer(t, tt.first, tt.more)
				if tt.more != "" {
					delete(m.timeouts, "first-byte-timeout")
				}
				w.run(v3, func(g *guest) {
					if _, code := g.send(m).wait(); code != tt.code {
						t.Errorf("%q, want %q", code, tt.code)
					}
				})
			})
		})
	}
	both(t, func(t *testing.T, v3 bool) {
		w := newWorld(t, "http://127.0.0.1:*")
		m := answer(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", "")
		w.run(v3, func(g *guest) {
			r, code := g.send(m).receive()
			if code != "" {
				t.Fatal(code)
			}
			if body, _, code := r.all(); body != "part" || code != "connection-read-timeout" {
				t.Errorf("%q %q", body, code)
			}
		})
	})
}

// A guest that drops the response early closes the connection, so that a server which sends
// for ever is stopped.
func TestGuestThatLeavesAResponse(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		over := make(chan bool, 1)
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			for piece := make([]byte, 64<<10); ; {
				if _, err := w.Write(piece); err != nil {
					over <- true
					return
				}
			}
		})
		w.run(v3, func(g *guest) {
			response, code := g.send(to(s, "GET", "/")).wait()
			if code != "" {
				t.Fatal(code)
			}
			g.Drop(response)
		})
		<-over
	})
}
