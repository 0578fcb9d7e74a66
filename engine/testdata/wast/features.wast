;; What has to be asked for is refused by name unless it is. This script is run without asking.

(assert_invalid
  (component (type (list u8 4)))
  "unsupported component: a list of fixed length")
(assert_invalid
  (component (core func (canon error-context.drop)))
  "unsupported component: error-context.drop")
(assert_invalid
  (component (type (list error-context)))
  "unsupported component: the type error-context")
(assert_invalid
  (component
    (core module $m (memory (export "mem") i64 1) (func (export "f") (result i64) unreachable))
    (core instance $i (instantiate $m))
    (func (result string) (canon lift (core func $i "f") (memory (core memory $i "mem")))))
  "unsupported component: a 64-bit memory in a canonical definition")
(assert_invalid
  (component (core func (canon context.get i64 0)))
  "unsupported component: context.get i64")
(assert_invalid
  (component
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (func (canon lift (core func $i "f") gc)))
  "unsupported component: the GC form of canonical options")

;; Core modules may have such memories only if the runtime allows them, whoever uses them.
(assert_unlinkable
  (component (core module $m (memory i64 1)) (core instance (instantiate $m)))
  "memory64 must be enabled for 64-bit memories and tables (Config.Features): not supported")
(assert_unlinkable
  (component (core module $m (table i64 1 funcref)) (core instance (instantiate $m)))
  "memory64 must be enabled for 64-bit memories and tables (Config.Features): not supported")

;; Maps and every string encoding need not be asked for.
(component
  (core module $m
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16))
    (func (export "f") (param i32 i32) (result i32) (local.get 1)))
  (core instance $i (instantiate $m))
  (alias core export $i "mem" (core memory $mem))
  (alias core export $i "realloc" (core func $realloc))
  (func (export "entries") (param "m" (map u8 u8)) (result u32)
    (canon lift (core func $i "f") (memory $mem) (realloc $realloc)))
  (func (export "units") (param "s" string) (result u32)
    (canon lift (core func $i "f") string-encoding=utf16 (memory $mem) (realloc $realloc))))
(assert_return (invoke "units" (str.const "abc")) (u32.const 3))
