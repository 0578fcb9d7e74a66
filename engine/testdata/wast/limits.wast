;; A component that has some of everything that a limit bounds; the test of the limits counts it.
(component
  (type $r (record (field "a" u8) (field "b" (tuple u8 u8))))
  (import "test:host/things@1.2.0" (instance $host (export "echo" (func (param "s" string) (result string)))))
  (core module $main
    (type $f (func (param i32) (result i32)))
    (memory (export "memory") 1)
    (table (export "table") 7 funcref)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
    (func (export "branches") (type $f) (local i32 i32 i64)
      (block (block (br_table 0 1 1 0 (local.get 0))))
      (local.get 0)))
  (core instance $one (instantiate $main))
  (core instance $two (instantiate $main))
  (component $outer
    (core module $small (func (export "nop")))
    (core instance (instantiate $small))
    (component $inner
      (import "f" (func (param "x" u32) (result u32)))))
  (instance (instantiate $outer))
  (func $f (param "x" u32) (result u32) (canon lift (core func $one "branches")))
  (component $user
    (import "f" (func $f (param "x" u32) (result u32)))
    (export "f" (func $f)))
  (instance $user (instantiate $user (with "f" (func $f))))
  (export "f" (func $user "f"))
)
(assert_return (invoke "f" (u32.const 3)) (u32.const 3))
