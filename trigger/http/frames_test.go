package http_test

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/spinhost/spin/internal/httpguest"
	httptrigger "github.com/spinhost/spin/trigger/http"
)

// Frames of HTTP/2, their flags and error codes, of which net/http's client sends what is right only.
const (
	frameData, frameHeaders, frameReset, frameSettings, frameGoAway, frameContinuation = 0, 1, 3, 4, 7, 9

	endStream, endHeaders = 1, 4
)

// frames is a connection of a client that says what it likes in HTTP/2.
type frames struct {
	net.Conn
	r *bufio.Reader
}

// frames opens a connection with settings, each of six bytes.
func (r *running) frames(settings ...byte) *frames {
	r.t.Helper()
	c := r.dial("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	f := &frames{c, bufio.NewReader(c)}
	if err := f.send(frameSettings, 0, 0, settings); err != nil {
		r.t.Fatal(err)
	}
	return f
}

// send sends a frame.
func (f *frames) send(kind, flags byte, stream uint32, payload []byte) error {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	b = append(b, flags)
	b = binary.BigEndian.AppendUint32(b, stream)
	_, err := f.Write(append(b, payload...))
	return err
}

// frame is what the server has sent.
type frame struct {
	kind, flags byte
	stream      uint32
	payload     []byte
}

// ok reports whether it is the head of a response with status 200, as net/http writes it.
func (f frame) ok() bool { return f.kind == frameHeaders && len(f.payload) > 0 && f.payload[0] == 0x88 }

// next returns the next frame about a stream, or about the end of the connection.
func (f *frames) next() (frame, error) {
	for {
		var head [9]byte
		if _, err := io.ReadFull(f.r, head[:]); err != nil {
			return frame{}, err
		}
		n := binary.BigEndian.Uint32(head[:]) >> 8
		fr := frame{head[3], head[4], binary.BigEndian.Uint32(head[5:]), make([]byte, n)}
		if _, err := io.ReadFull(f.r, fr.payload); err != nil {
			return frame{}, err
		}
		if fr.kind == frameData || fr.kind == frameHeaders || fr.kind == frameReset || fr.kind == frameGoAway {
			return fr, nil
		}
	}
}

// fieldsOf encodes fields, none of which is longer than 126 bytes.
func fieldsOf(list ...string) []byte {
	var b []byte
	for i := 0; i < len(list); i += 2 {
		b = append(b, 0, byte(len(list[i])))
		b = append(b, list[i]...)
		b = append(b, byte(len(list[i+1])))
		b = append(b, list[i+1]...)
	}
	return b
}

// get is the fields of a request, with more of them.
func get(more ...string) []byte {
	return fieldsOf(append([]string{":method", "GET", ":scheme", "http", ":authority", "x", ":path", "/"}, more...)...)
}

// The header section of a request comes to an end, by its size or by time, or the connection does.
func TestHeaderSectionsWithoutEnd(t *testing.T) {
	w := &witness{}
	guest := func() *component { return &component{id: "guest", exports: []string{export3}, serve: w.guest} }
	r := serve(t, httptrigger.Config{}, single("/..."), guest())
	c := r.frames()
	defer c.Close()
	field := fieldsOf("x-flood", string(make([]byte, 100)))
	var piece []byte
	for len(piece)+len(field) <= 16<<10 {
		piece = append(piece, field...)
	}
	c.send(frameHeaders, 0, 1, get())
	for sent := 0; c.send(frameContinuation, 0, 1, piece) == nil; sent += len(piece) {
		if sent > 64<<20 {
			t.Fatalf("%d bytes were taken", sent)
		}
	}
	t.Run("silence", func(t *testing.T) {
		r := serve(t, httptrigger.Config{IdleTime: 200 * time.Millisecond}, single("/..."), guest())
		c := r.frames()
		defer c.Close()
		c.send(frameHeaders, 0, 1, get())
		for {
			if _, err := c.next(); err != nil {
				if late := net.Error(nil); errors.As(err, &late) && late.Timeout() {
					t.Error("the connection goes on")
				}
				break
			}
		}
	})
	if got := w.list(); len(got) > 0 {
		t.Errorf("a guest has seen %q", got)
	}
}

// A client that asks and takes back what it has asked for, again and again, keeps nobody else
// waiting, and leaves no guest running.
func TestRapidReset(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			if g.text("path-with-query") == "/other" {
				g.answer(200, "served")
				return
			}
			g.Wait(func() bool { return g.Ctx.Err() != nil || g.poke() })
		})
		c := r.frames()
		defer c.Close()
		go io.Copy(io.Discard, c.r)
		for id := uint32(1); id < 4000; id += 2 {
			if c.send(frameHeaders, endStream|endHeaders, id, get()) != nil || c.send(frameReset, 0, id, []byte{0, 0, 0, 8}) != nil {
				break // the server has had enough
			}
		}
		if a := r.get("/other"); a.status != 200 || a.body != "served" {
			t.Errorf("%+v", a)
		}
		guest := r.component()
		eventually(t, "nothing is left", func() bool {
			guest.mu.Lock()
			defer guest.mu.Unlock()
			return guest.leased == 0
		})
	})
}

// A client that opens no window gets no response, and after a while is told that it has had its
// chance.
func TestWindowThatStaysClosed(t *testing.T) {
	r := serve(t, httptrigger.Config{WriteTime: soon}, single("/...")+"[[trigger.http]]\nroute = \"/static\"\nstatic_response = { body = \"hello\" }\n",
		&component{id: "guest", exports: []string{export3}, serve: func(g *guest) { g.answer(200, "hello") }})
	for _, path := range []string{"/", "/static", "/.well-known/spin/health"} {
		c := r.frames(0, 4, 0, 0, 0, 0) // SETTINGS_INITIAL_WINDOW_SIZE is 0
		c.send(frameHeaders, endStream|endHeaders, 1, fieldsOf(":method", "GET", ":scheme", "http", ":authority", "x", ":path", path))
		head, err := c.next()
		if err != nil || !head.ok() {
			t.Errorf("%s: %+v, %v", path, head, err)
		}
		if end, err := c.next(); err != nil || end.kind != frameReset {
			t.Errorf("%s: %+v, %v", path, end, err)
		}
		c.Close()
	}
}

// What HTTP/2 does not allow in a request reaches no guest, and a body of another length than was
// said is not taken for a whole one.
func TestRequestsThatAreNoneInHTTP2(t *testing.T) {
	tests := []struct {
		behaviour string
		fields    []byte
		body      string // none ends with the fields
	}{
		{"a field of the connection", get("connection", "close"), ""},
		{"a coding of transfer", get("transfer-encoding", "chunked"), ""},
		{"an upgrade", get("upgrade", "websocket"), ""},
		{"another te", get("te", "gzip"), ""},
		{"a name in capitals", get("X-A", "b"), ""},
		{"a name with a space", get("x a", "b"), ""},
		{"a line break in a name", get("x\r\ny", "b"), ""},
		{"a line break in a value", get("x", "a\r\ny: b"), ""},
		{"a zero in a value", get("x", "a\x00b"), ""},
		{"no path", fieldsOf(":method", "GET", ":scheme", "http", ":authority", "x"), ""},
		{"an empty path", fieldsOf(":method", "GET", ":scheme", "http", ":authority", "x", ":path", ""), ""},
		{"a path without a slash", fieldsOf(":method", "GET", ":scheme", "http", ":authority", "x", ":path", "x"), ""},
		{"a line break in the path", fieldsOf(":method", "GET", ":scheme", "http", ":authority", "x", ":path", "/ HTTP/1.1\r\nx: y"), ""},
		{"two paths", get(":path", "/hidden"), ""},
		{"a pseudo field after others", append(fieldsOf("x", "y"), get()...), ""},
		{"an unknown pseudo field", get(":x", "y"), ""},
		{"no host", fieldsOf(":method", "GET", ":scheme", "http", ":path", "/"), ""},
		{"a host that is none", fieldsOf(":method", "GET", ":scheme", "http", ":authority", "a b", ":path", "/"), ""},
		{"the name of a component", fieldsOf(":method", "GET", ":scheme", "http", ":authority", "x.spin.internal", ":path", "/"), ""},
		{"a method that is none", fieldsOf(":method", "G ET", ":scheme", "http", ":authority", "x", ":path", "/"), ""},
		{"more than was said", get("content-length", "2"), "hello"},
		{"less than was said", get("content-length", "9"), "hello"},
		{"something where there is nothing", get("content-length", "0"), "hello"},
		{"nothing where there is something", get("content-length", "5"), ""},
		{"two lengths", get("content-length", "5", "content-length", "7"), "hello"},
		{"two lengths of nothing", get("content-length", "0", "content-length", "5"), ""},
		{"a length that is none", get("content-length", "five"), "hello"},
		{"a length with a sign", get("content-length", "+5"), "hello"},
		{"a line break in the method", fieldsOf(":method", "GET / HTTP/1.1\r\nx: y", ":scheme", "http", ":authority", "x", ":path", "/"), ""},
		{"a tunnel", fieldsOf(":method", "CONNECT", ":authority", "x:1"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, export string) {
				whole := make(chan string, 1)
				r := one(t, export, func(g *guest) {
					text, _, code := g.body().all()
					if code == "" {
						whole <- text
					}
					g.answer(204, "")
				})
				c := r.frames()
				defer c.Close()
				flags := byte(endHeaders)
				if tt.body == "" {
					flags |= endStream
				}
				c.send(frameHeaders, flags, 1, tt.fields)
				if tt.body != "" {
					c.send(frameData, endStream, 1, []byte(tt.body))
				}
				for {
					if f, err := c.next(); err != nil || f.ok() || f.kind != frameData {
						break // an answer, a reset or the end
					}
				}
				c.Close()
				r.component().end(t)
				select {
				case text := <-whole:
					t.Errorf("the guest has it, with the body %q", text)
				default:
				}
			})
		})
	}
}

// A response that the client has reset in the middle does no harm to its connection, however the
// guest ends it.
func TestTrailersAfterAReset(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		reset := make(chan bool)
		r := one(t, export, func(g *guest) {
			if g.text("path-with-query") == "/other" {
				g.answer(200, "served")
				return
			}
			res := g.respond(200)
			res.write("some")
			g.Off(func() { <-reset })
			res.write("more")
			func() {
				defer func() {
					if e := recover(); e != nil {
						if _, ok := e.(httpguest.Trap); !ok {
							panic(e) // the guest is ended
						}
					}
				}()
				res.finish("x-sum", "42")
			}()
		})
		c := r.frames()
		defer c.Close()
		c.send(frameHeaders, endStream|endHeaders, 1, get())
		for {
			f, err := c.next()
			if err != nil {
				t.Fatal(err)
			}
			if f.kind == frameData {
				break
			}
		}
		c.send(frameReset, 0, 1, []byte{0, 0, 0, 8})
		close(reset)
		c.send(frameHeaders, endStream|endHeaders, 3, fieldsOf(":method", "GET", ":scheme", "http", ":authority", "x", ":path", "/other"))
		for {
			f, err := c.next()
			if err != nil || f.kind == frameGoAway {
				t.Fatalf("%+v, %v", f, err)
			}
			if f.stream == 3 && f.kind == frameData && string(f.payload) == "served" {
				break
			}
		}
	})
}
