;; A component that calls another through functions for which there are adapters. The callee
;; computes, waits for the host, and counts.
(component
  (import "test:adapted/host" (instance $host
    (export "wait" (func (param "x" u32) (result u32)))))
  (alias export $host "wait" (func $wait))
  (component $Callee
    (import "wait" (func $wait (param "x" u32) (result u32)))
    (core func $wait' (canon lower (func $wait)))
    (core module $M
      (import "" "wait" (func $wait (param i32) (result i32)))
      (global $calls (mut i32) (i32.const 0))
      (func (export "wait") (param i32) (result i32)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (call $wait (local.get 0)))
      (func (export "spin") (param $n i32) (result i32) (local $k i32)
        (loop $outer
          (local.set $k (i32.const 1000000))
          (loop $inner (br_if $inner (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
          (br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (global.get $calls)))
    (core instance $m (instantiate $M (with "" (instance (export "wait" (func $wait'))))))
    (func (export "wait") (param "x" u32) (result u32) (canon lift (core func $m "wait")))
    (func (export "spin") (param "n" u32) (result u32) (canon lift (core func $m "spin"))))
  (component $Caller
    (import "callee" (instance $callee
      (export "wait" (func (param "x" u32) (result u32)))
      (export "spin" (func (param "n" u32) (result u32)))))
    (core func $wait (canon lower (func $callee "wait")))
    (core func $spin (canon lower (func $callee "spin")))
    (core module $M
      (import "" "wait" (func $wait (param i32) (result i32)))
      (import "" "spin" (func $spin (param i32) (result i32)))
      (func (export "wait") (param i32) (result i32) (i32.add (call $wait (local.get 0)) (i32.const 1000)))
      (func (export "spin") (param i32) (result i32) (call $spin (local.get 0))))
    (core instance $m (instantiate $M (with "" (instance (export "wait" (func $wait)) (export "spin" (func $spin))))))
    (func (export "wait") (param "x" u32) (result u32) (canon lift (core func $m "wait")))
    (func (export "spin") (param "n" u32) (result u32) (canon lift (core func $m "spin"))))
  (instance $callee (instantiate $Callee (with "wait" (func $wait))))
  (instance $caller (instantiate $Caller (with "callee" (instance $callee))))
  (export "wait" (func $caller "wait"))
  (export "spin" (func $caller "spin"))
  (export "callee-wait" (func $callee "wait"))
  (export "callee-spin" (func $callee "spin")))
