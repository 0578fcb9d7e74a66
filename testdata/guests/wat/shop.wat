;; A component that has two dependencies and calls both for each visit.
(component
  (import "acme:visits/counter@1.0.0" (instance $counter
    (export "count" (func (result (result u64 (error string)))))))
  (import "acme:banner/banner@1.0.0" (instance $banner
    (export "draw" (func (result u32)))))
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
  (core func $count (canon lower (func $counter "count") (memory $m) (realloc $realloc)))
  (core func $draw (canon lower (func $banner "draw")))
  (core module $main
    (import "mem" "memory" (memory 1))
    (import "dep" "count" (func $count (param i32)))
    (import "dep" "draw" (func $draw (result i32)))
    ;; The result is a tuple at 64: result<u64, string>, and u32 behind it.
    (func (export "visit") (result i32)
      (call $count (i32.const 64))
      (i32.store (i32.const 80) (call $draw))
      (i32.const 64)))
  (core instance $i (instantiate $main
    (with "mem" (instance $mem))
    (with "dep" (instance (export "count" (func $count)) (export "draw" (func $draw))))))
  (func $visit (result (tuple (result u64 (error string)) u32)) (canon lift (core func $i "visit") (memory $m)))
  (instance $out (export "visit" (func $visit)))
  (export "acme:shop/shop@1.0.0" (instance $out))
)
