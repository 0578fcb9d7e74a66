;; A component whose core module calls a host function and a function of another component
;; instance while it starts. Both may take their time.
(component
  (import "start:host/api" (instance $api
    (export "slow" (func (param "a" u32) (result u32)))
    (export "quick" (func (param "a" u32) (result u32)))
  ))
  (component $Callee
    (import "slow" (func $slow (param "a" u32) (result u32)))
    (core func $slow' (canon lower (func $slow)))
    (core module $M
      (import "" "slow" (func $slow (param i32) (result i32)))
      ;; Computes for the given number of steps, then asks the host.
      (func (export "work") (param $n i32) (result i32) (local $i i32)
        (loop $l
          (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
        (call $slow (i32.const 20))))
    (core instance $m (instantiate $M (with "" (instance (export "slow" (func $slow'))))))
    (func (export "work") (param "n" u32) (result u32) (canon lift (core func $m "work")))
  )
  (alias export $api "slow" (func $slow))
  (alias export $api "quick" (func $quick))
  (instance $callee (instantiate $Callee (with "slow" (func $slow))))
  (alias export $callee "work" (func $work))
  (component $Caller
    (import "slow" (func $slow (param "a" u32) (result u32)))
    (import "quick" (func $quick (param "a" u32) (result u32)))
    (import "work" (func $work (param "n" u32) (result u32)))
    (core func $slow' (canon lower (func $slow)))
    (core func $quick' (canon lower (func $quick)))
    (core func $work' (canon lower (func $work)))
    (core module $Start
      (import "" "slow" (func $slow (param i32) (result i32)))
      (import "" "quick" (func $quick (param i32) (result i32)))
      (import "" "work" (func $work (param i32) (result i32)))
      (global $sum (mut i32) (i32.const 0))
      (func $add (param i32) (global.set $sum (i32.add (global.get $sum) (local.get 0))))
      (func $start
        (call $add (call $slow (i32.const 1)))
        ;; The host says for how many steps the callee computes.
        (call $add (call $work (call $quick (i32.const 0))))
        (call $add (call $slow (i32.const 300))))
      (start $start)
      (func (export "sum") (result i32) (global.get $sum)))
    (core instance $one (instantiate $Start (with "" (instance
      (export "slow" (func $slow')) (export "quick" (func $quick')) (export "work" (func $work'))))))
    (core instance $two (instantiate $Start (with "" (instance
      (export "slow" (func $slow')) (export "quick" (func $quick')) (export "work" (func $work'))))))
    (core module $Sum
      (import "" "one" (func $one (result i32)))
      (import "" "two" (func $two (result i32)))
      (func (export "sum") (result i32) (i32.add (call $one) (call $two))))
    (core instance $sum (instantiate $Sum (with "" (instance
      (export "one" (func $one "sum")) (export "two" (func $two "sum"))))))
    (func (export "sum") (result u32) (canon lift (core func $sum "sum")))
  )
  (instance $caller (instantiate $Caller (with "slow" (func $slow)) (with "quick" (func $quick)) (with "work" (func $work))))
  (export "sum" (func $caller "sum"))
)
