;; What toolchains put between a core module and its imports, and what only looks like it.

;; The shim that toolchains make: lowered functions that need the memory of a module that
;; imports them go through a table, which a second module fills afterwards.
(component
  (component $lib
    (core module $m
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
      (func (export "length") (param i32 i32) (result i32) (local.get 1)))
    (core instance $i (instantiate $m))
    (func (export "length") (param "s" string) (result u32)
      (canon lift (core func $i "length") (memory (core memory $i "mem")) (realloc (core func $i "realloc")))))
  (component $user
    (import "length" (func $length (param "s" string) (result u32)))
    (core module $shim
      (type $ft (func (param i32 i32) (result i32)))
      (table (export "$imports") 1 1 funcref)
      (func (export "0") (param i32 i32) (result i32)
        (call_indirect (type $ft) (local.get 0) (local.get 1) (i32.const 0))))
    (core module $main
      (import "lib" "length" (func $length (param i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "four")
      (func (export "run") (result i32) (call $length (i32.const 0) (i32.const 4))))
    (core module $fixup
      (import "" "0" (func $f (param i32 i32) (result i32)))
      (import "" "$imports" (table 1 1 funcref))
      (elem (i32.const 0) func $f))
    (core instance $shim (instantiate $shim))
    (core instance $main (instantiate $main (with "lib" (instance (export "length" (func $shim "0"))))))
    (core func $length' (canon lower (func $length) (memory (core memory $main "memory"))))
    (core instance (instantiate $fixup (with "" (instance
      (export "0" (func $length')) (export "$imports" (table $shim "$imports"))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))
  (instance $lib (instantiate $lib))
  (instance $user (instantiate $user (with "length" (func $lib "length"))))
  (export "run" (func $user "run")))
(assert_return (invoke "run") (u32.const 4))

;; A table like a shim's that nobody fills, and one filled with something else
(component definition $unfilled
  (core module $shim
    (type $ft (func (result i32)))
    (table (export "$imports") 2 2 funcref)
    (func (export "0") (result i32) (call_indirect (type $ft) (i32.const 0)))
    (func (export "1") (result i32) (call_indirect (type $ft) (i32.const 1))))
  (core module $main
    (import "" "0" (func $f (result i32)))
    (import "" "1" (func $g (result i32)))
    (func (export "f") (result i32) (call $f))
    (func (export "g") (result i32) (call $g)))
  (core module $fill
    (import "" "$imports" (table 2 2 funcref))
    (func $other (param i32))
    (elem (i32.const 1) func $other))
  (core instance $shim (instantiate $shim))
  (core instance $main (instantiate $main (with "" (instance $shim))))
  (core instance (instantiate $fill (with "" (instance $shim))))
  (func (export "f") (result u32) (canon lift (core func $main "f")))
  (func (export "g") (result u32) (canon lift (core func $main "g"))))
(component instance $u1 $unfilled)
(assert_trap (invoke "f") "uninitialized element")
(component instance $u2 $unfilled)
(assert_trap (invoke "g") "indirect call type mismatch")
