package spin_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	wasmtimego "github.com/bytecodealliance/wasmtime-go/v44"
)

// spinOneGuest is a handler as SDKs of Spin 1 made them: POST stores the body under the URI as
// the key, GET answers with what is stored there, or 404.
const spinOneGuest = `(module
	(import "key-value" "open" (func $open (param i32 i32 i32)))
	(import "key-value" "get" (func $get (param i32 i32 i32 i32)))
	(import "key-value" "set" (func $set (param i32 i32 i32 i32 i32 i32)))
	(import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
	(memory (export "memory") 1)
	(data (i32.const 8) "default")
	(global $next (mut i32) (i32.const 1024))
	(func (export "canonical_abi_realloc") (param i32 i32 i32 i32) (result i32)
		global.get $next
		(global.set $next (i32.add (global.get $next) (i32.and (i32.add (local.get 3) (i32.const 15)) (i32.const -8)))))
	(func (export "handle-http-request") (param $method i32) (param $uri i32) (param $len i32)
		(param i32 i32 i32 i32) (param $some i32) (param $body i32) (param $size i32) (result i32) (local $store i32)
		(if (call $sizes (i32.const 16) (i32.const 20)) (then unreachable))
		(call $open (i32.const 8) (i32.const 7) (i32.const 32))
		(if (i32.load8_u (i32.const 32)) (then unreachable))
		(local.set $store (i32.load (i32.const 36)))
		(i32.store16 (i32.const 64) (i32.const 200))
		(if (i32.eq (local.get $method) (i32.const 1)) (then
			(if (i32.eqz (local.get $some)) (then unreachable))
			(call $set (local.get $store) (local.get $uri) (local.get $len) (local.get $body) (local.get $size) (i32.const 32))
			(if (i32.load8_u (i32.const 32)) (then unreachable))
			(return (i32.const 64))))
		(call $get (local.get $store) (local.get $uri) (local.get $len) (i32.const 32))
		(if (i32.load8_u (i32.const 32)) (then
			(i32.store16 (i32.const 64) (i32.const 404))
			(return (i32.const 64))))
		(i32.store8 (i32.const 80) (i32.const 1))
		(i32.store (i32.const 84) (i32.load (i32.const 36)))
		(i32.store (i32.const 88) (i32.load (i32.const 40)))
		i32.const 64))`

// A module of Spin 1 says nothing of what it is but by the names of its imports and exports.
func TestAModuleOfSpinOneServesHTTP(t *testing.T) {
	wasm, err := wasmtimego.Wat2Wasm(spinOneGuest)
	if err != nil {
		t.Fatal(err)
	}
	app, err := loadBundle(t, bundle(minimal+"key_value_stores = [\"default\"]\n", map[string][]byte{"guest.wasm": wasm}), nil)
	if err != nil {
		t.Fatal(err)
	}
	serve := func(method, body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest(method, "/a/key", strings.NewReader(body)))
		return w
	}
	if w := serve(http.MethodGet, ""); w.Code != http.StatusNotFound {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if w := serve(http.MethodPost, "a value"); w.Code != http.StatusOK {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if w := serve(http.MethodGet, ""); w.Code != http.StatusOK || w.Body.String() != "a value" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}
