package spin_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	wasmtimego "github.com/bytecodealliance/wasmtime-go/v44"

	"github.com/spinhost/spin"
)

// novemberWorld is what a guest of the snapshot of November 2023 may import of it and exports.
const novemberWorld = `(component (type (component (type (component
	(type (instance (export "error" (type (sub resource)))))
	(import "wasi:io/error@V" (instance (type 0)))
	(alias export 0 "error" (type))
	(type (instance
		(alias outer 1 1 (type)) (export "error" (type (eq 0)))
		(export "output-stream" (type (sub resource)))
		(type (own 1)) (type (variant (case "last-operation-failed" 3) (case "closed"))) (export "stream-error" (type (eq 4)))
		(type (borrow 2)) (type (list u8)) (type (result (error 5)))
		(type (func (param "self" 6) (param "contents" 7) (result 8)))
		(export "[method]output-stream.blocking-write-and-flush" (func (type 9)))))
	(import "wasi:io/streams@V" (instance (type 2)))
	(alias export 1 "output-stream" (type))
	(type (instance
		(alias outer 1 3 (type)) (export "output-stream" (type (eq 0)))
		(type (own 1)) (type (func (result 2))) (export "get-stdout" (func (type 3)))))
	(import "wasi:cli/stdout@V" (instance (type 4)))
	(type (instance
		(export "incoming-request" (type (sub resource)))
		(export "response-outparam" (type (sub resource)))
		(type (borrow 0)) (type (option string)) (type (func (param "self" 2) (result 3)))
		(export "[method]incoming-request.path-with-query" (func (type 4)))))
	(import "wasi:http/types@V" (instance (type 5)))
	(alias export 3 "incoming-request" (type))
	(alias export 3 "response-outparam" (type))
	(type (instance
		(alias outer 1 6 (type)) (export "incoming-request" (type (eq 0)))
		(alias outer 1 7 (type)) (export "response-outparam" (type (eq 2)))
		(type (own 1)) (type (own 3)) (type (func (param "request" 4) (param "response-out" 5)))
		(export "handle" (func (type 6)))))
	(export "wasi:http/incoming-handler@V" (instance (type 8)))
	)) (export "test:november/w" (component (type 0))))) (export "w" (type 0)) (@custom "wit-component-encoding" "\04\00"))`

// novemberGuest prints the path of each request, and gives no response.
const novemberGuest = `(module
	(import "wasi:http/types@V" "[method]incoming-request.path-with-query" (func $path (param i32 i32)))
	(import "wasi:http/types@V" "[resource-drop]incoming-request" (func $drop-request (param i32)))
	(import "wasi:http/types@V" "[resource-drop]response-outparam" (func $drop-out (param i32)))
	(import "wasi:io/streams@V" "[resource-drop]output-stream" (func $drop-stream (param i32)))
	(import "wasi:cli/stdout@V" "get-stdout" (func $stdout (result i32)))
	(import "wasi:io/streams@V" "[method]output-stream.blocking-write-and-flush" (func $write (param i32 i32 i32 i32)))
	(memory (export "memory") 1)
	(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
	(func (export "wasi:http/incoming-handler@V#handle") (param $request i32) (param $out i32) (local $stream i32)
		(call $path (local.get $request) (i32.const 16))
		(local.set $stream (call $stdout))
		(call $write (local.get $stream) (i32.load (i32.const 20)) (i32.load (i32.const 24)) (i32.const 32))
		(if (i32.load8_u (i32.const 32)) (then unreachable))
		(call $drop-stream (local.get $stream))
		(call $drop-request (local.get $request))
		(call $drop-out (local.get $out))))`

// A guest from before WASI 0.2 is called, and calls, by the names of its time.
func TestAGuestOfNovember2023IsServed(t *testing.T) {
	assemble := func(text string) []byte {
		wasm, err := wasmtimego.Wat2Wasm(strings.ReplaceAll(text, "@V", "@0.2.0-rc-2023-11-10"))
		if err != nil {
			t.Fatal(err)
		}
		return wasm
	}
	const name = "component-type:november"
	data := assemble(novemberWorld)
	section := binary.AppendUvarint(nil, uint64(len(name)))
	section = append(append(section, name...), data...)
	guest := binary.AppendUvarint(append(assemble(novemberGuest), 0), uint64(len(section)))
	var out bytes.Buffer
	app, err := loadBundle(t, bundle(minimal, map[string][]byte{"guest.wasm": append(guest, section...)}), func(c *spin.Config) { c.Stdout = func(string) io.Writer { return &out } })
	if err != nil {
		t.Fatal(err)
	}
	if s := app.StandIns(); len(s) > 0 {
		t.Errorf("stand-ins: %v", s)
	}
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/as/it?was", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(out.String(), "/as/it?was") {
		t.Errorf("%d, printed %q", w.Code, &out)
	}
}

// A guest from before WASI 0.2 sends a request, and gets the answer with its trailers.
func TestAGuestOfNovember2023SendsRequests(t *testing.T) {
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Trailer", "X-Sum")
		w.Header().Set("X-Peer", r.Method+" "+r.URL.String())
		w.WriteHeader(http.StatusTeapot)
		w.Write(append([]byte("got "), body...))
		w.Header().Set("X-Sum", "7")
	}))
	defer peer.Close()
	toml := minimal + fmt.Sprintf("allowed_outbound_hosts = [%q]\n", peer.URL)
	app, err := loadBundle(t, bundle(toml, map[string][]byte{"guest.wasm": rustGuest(t, "november")}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := app.StandIns(); len(s) > 0 {
		t.Errorf("stand-ins: %v", s)
	}
	w := askWith(app, "PUT", "/?"+peer.URL+"/a?b=c", "some bytes")
	if w.Code != 200 || w.Header().Get("X-Guest") != "november" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for _, want := range []string{"within Some(60000000000)\n418\n", "x-peer: POST /a?b=c\n", "got some bytes\nx-sum: 7\n"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %q in\n%s", want, w.Body)
		}
	}
	if w := askWith(app, "GET", "/?http://other.example/", ""); w.Code != 502 || !strings.Contains(w.Body.String(), "HttpRequestDenied") {
		t.Errorf("a host that is not allowed: %d %s", w.Code, w.Body)
	}
	emptied(app) // an instance may end just after its response
}
