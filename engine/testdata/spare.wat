;; A component whose state can be reset: functions that change all of it, and return what they
;; found. In each fresh instance they must find the same.
(component
  (core module $m
    (memory (export "memory") 3 8)
    (global $count (mut i32) (i32.const 7))
    (global $wide (mut i64) (i64.const -2))
    (global $half (export "half") (mut f32) (f32.const 0.5))
    (data (i32.const 100) "\05")        ;; in the image of the memory
    (data (i32.const 70000) "\09")
    ;; Adds one to everything, and returns the sum of what was there: 7 + -2 + 0.5*2 + 5 + 9 + 0 = 20.
    (func (export "bump") (result i32)
      (local $sum i32)
      (local.set $sum (i32.add (global.get $count) (i32.wrap_i64 (global.get $wide))))
      (local.set $sum (i32.add (local.get $sum) (i32.trunc_f32_s (f32.mul (global.get $half) (f32.const 2)))))
      (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.const 100))))
      (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.const 70000))))
      (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.const 196607)))) ;; the last byte
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (global.set $wide (i64.add (global.get $wide) (i64.const 1)))
      (global.set $half (f32.add (global.get $half) (f32.const 0.5)))
      (i32.store8 (i32.const 100) (i32.add (i32.load8_u (i32.const 100)) (i32.const 1)))
      (i32.store8 (i32.const 70000) (i32.add (i32.load8_u (i32.const 70000)) (i32.const 1)))
      (i32.store8 (i32.const 196607) (i32.add (i32.load8_u (i32.const 196607)) (i32.const 1)))
      (local.get $sum))
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))
    (func (export "fail") (result i32) (global.set $count (i32.const 0)) unreachable)
    (func (export "len") (param i32 i32) (result i32) (local.get 1))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $i (instantiate $m))
  (alias core export $i "memory" (core memory $memory))
  (alias core export $i "realloc" (core func $realloc))
  (func (export "bump") (result u32) (canon lift (core func $i "bump")))
  (func (export "grow") (result u32) (canon lift (core func $i "grow")))
  (func (export "fail") (result u32) (canon lift (core func $i "fail")))
  ;; Names the memory, so that the engine knows it.
  (func (export "len") (param "s" string) (result u32)
    (canon lift (core func $i "len") (memory $memory) (realloc $realloc)))
)
