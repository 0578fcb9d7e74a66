;; What core start functions call before everything is there.

;; A built-in that is lifted as it is, called while another component starts.
(component
  (component $lib
    (core func $get (canon context.get i32 0))
    (func (export "f") (result u32) (canon lift (core func $get))))
  (component $user
    (import "f" (func $f (result u32)))
    (core func $f' (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (result i32)))
      (global $got (mut i32) (i32.const 5))
      (func $s (global.set $got (call $f)))
      (start $s)
      (func (export "got") (result i32) (global.get $got)))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f'))))))
    (func (export "got") (result u32) (canon lift (core func $i "got"))))
  (instance $lib (instantiate $lib))
  (instance $user (instantiate $user (with "f" (func $lib "f"))))
  (export "got" (func $user "got")))
(assert_return (invoke "got") (u32.const 0))

;; Through a shim that nobody has filled yet: neither the function nor the memory is there.
(assert_trap
  (component
    (import "test:host/things@1.2.0" (instance $host (export "echo" (func (param "s" string) (result string)))))
    (core module $shim
      (type $ft (func (param i32 i32 i32)))
      (table (export "$imports") 1 1 funcref)
      (func (export "0") (param i32 i32 i32)
        (call_indirect (type $ft) (local.get 0) (local.get 1) (local.get 2) (i32.const 0))))
    (core module $main
      (import "host" "echo" (func $echo (param i32 i32 i32)))
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
      (func $s (call $echo (i32.const 0) (i32.const 4) (i32.const 16)))
      (start $s))
    (core module $fixup
      (import "" "0" (func $f (param i32 i32 i32)))
      (import "" "$imports" (table 1 1 funcref))
      (elem (i32.const 0) func $f))
    (core instance $shim (instantiate $shim))
    (core instance $main (instantiate $main (with "host" (instance (export "echo" (func $shim "0"))))))
    (core func $echo (canon lower (func $host "echo") (memory (core memory $main "memory")) (realloc (core func $main "realloc"))))
    (core instance (instantiate $fixup (with "" (instance
      (export "0" (func $echo)) (export "$imports" (table $shim "$imports")))))))
  "uninitialized element")
