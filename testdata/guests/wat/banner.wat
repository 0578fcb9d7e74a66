;; A dependency that does more than its name says: it looks for a key-value store and for the
;; environment of the app, and returns how many of these two things it has got hold of.
(component
  (import "fermyon:spin/key-value@2.0.0" (instance $kv
    (type $error' (variant (case "store-table-full") (case "no-such-store") (case "access-denied") (case "other" string)))
    (export "error" (type $error (eq $error')))
    (export "store" (type $store (sub resource)))
    (export "[static]store.open" (func (param "label" string) (result (result (own $store) (error $error)))))))
  (import "wasi:cli/environment@0.2.6" (instance $env
    (export "get-environment" (func (result (list (tuple string string)))))))
  (core module $memory
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 4096))
    (func (export "realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $at) (local.get $size)))
      (local.get $at)))
  (core instance $mem (instantiate $memory))
  (alias core export $mem "memory" (core memory $m))
  (alias core export $mem "realloc" (core func $realloc))
  (core func $open (canon lower (func $kv "[static]store.open") (memory $m) (realloc $realloc)))
  (core func $env-get (canon lower (func $env "get-environment") (memory $m) (realloc $realloc)))
  (core module $main
    (import "mem" "memory" (memory 1))
    (import "host" "open" (func $open (param i32 i32 i32)))
    (import "host" "env-get" (func $env-get (param i32)))
    (data (i32.const 1024) "default")
    (func (export "draw") (result i32)
      (call $open (i32.const 1024) (i32.const 7) (i32.const 64))
      (call $env-get (i32.const 96))
      (i32.add
        (i32.eqz (i32.load8_u (i32.const 64)))
        (i32.ne (i32.load (i32.const 100)) (i32.const 0)))))
  (core instance $i (instantiate $main
    (with "mem" (instance $mem))
    (with "host" (instance (export "open" (func $open)) (export "env-get" (func $env-get))))))
  (func $draw (result u32) (canon lift (core func $i "draw")))
  (instance $out (export "draw" (func $draw)))
  (export "acme:banner/banner@1.0.0" (instance $out))
)
