;; Core modules, their instances and their types.
;; The text of assert_invalid is the rule and a part of the message.

(component definition
  (core module $lib
    (memory (export "mem") 2)
    (table (export "tab") 3 funcref)
    (global (export "glob") (mut i32) (i32.const 0))
    (func (export "f") (param i32) (result i64) unreachable)
    (func (export "g")))
  (core module $app
    (import "lib" "mem" (memory 1))
    (import "lib" "tab" (table 1 funcref))
    (import "lib" "glob" (global (mut i32)))
    (import "lib" "f" (func (param i32) (result i64)))
    (import "" "g" (func)))
  (core instance $lib (instantiate $lib))
  (core instance (instantiate $app
    (with "lib" (instance $lib))
    (with "" (instance (export "g" (func $lib "g"))))
    (with "not imported" (instance $lib)))))

(assert_invalid
  (component (core instance (instantiate 0)))
  "index out of bounds | core module")
(assert_invalid
  (component
    (core module $m (import "a" "f" (func)))
    (core instance (instantiate $m)))
  "missing argument | missing module instantiation argument \"a\"")
(assert_invalid
  (component
    (core module $m (import "a" "f" (func)))
    (core instance (instantiate $m (with "a" (instance 0)))))
  "index out of bounds | core instance")
(assert_invalid
  (component
    (core module $e)
    (core module $m (import "a" "f" (func)))
    (core instance $e (instantiate $e))
    (core instance (instantiate $m (with "a" (instance $e)))))
  "missing argument | does not export an item named \"f\"")
(assert_invalid
  (component
    (core module $m)
    (core instance $i (instantiate $m))
    (core instance (instantiate $m (with "a" (instance $i)) (with "a" (instance $i)))))
  "unique names | duplicate module instantiation argument named \"a\"")

;; The types of imports are checked before the core engine sees them.
(assert_invalid
  (component
    (core module $m (import "a" "f" (func (param i32))))
    (core module $e (func (export "f") (param i64)))
    (core instance $e (instantiate $e))
    (core instance (instantiate $m (with "a" (instance $e)))))
  "core type match | expected function (i32) -> (), found function (i64) -> ()")
(assert_invalid
  (component
    (core module $m (import "a" "f" (memory 2)))
    (core module $e (memory (export "f") 1))
    (core instance $e (instantiate $e))
    (core instance (instantiate $m (with "a" (instance $e)))))
  "core type match | expected memory 2, found memory 1")
(assert_invalid
  (component
    (core module $m (import "a" "f" (memory 1 4)))
    (core module $e (memory (export "f") 1))
    (core instance $e (instantiate $e))
    (core instance (instantiate $m (with "a" (instance $e)))))
  "core type match | expected memory 1..4")
(assert_invalid
  (component
    (core module $m (import "a" "f" (table 1 externref)))
    (core module $e (table (export "f") 1 funcref))
    (core instance $e (instantiate $e))
    (core instance (instantiate $m (with "a" (instance $e)))))
  "core type match | found table 1 of funcref")
(assert_invalid
  (component
    (core module $m (import "a" "f" (global i32)))
    (core module $e (global (export "f") (mut i32) (i32.const 0)))
    (core instance $e (instantiate $e))
    (core instance (instantiate $m (with "a" (instance $e)))))
  "core type match | expected global i32, found global mut i32")
(assert_invalid
  (component
    (core module $m (import "a" "f" (global i32)))
    (core module $e (func (export "f")))
    (core instance $e (instantiate $e))
    (core instance (instantiate $m (with "a" (instance $e)))))
  "core type match | expected global i32, found function")
(assert_invalid
  (component
    (core module $m (import "a" "t" (tag (param i32))))
    (core module $e (tag (export "t") (param i64)))
    (core instance $e (instantiate $e))
    (core instance (instantiate $m (with "a" (instance $e)))))
  "core type match | expected tag")

;; Instances of single items
(assert_invalid
  (component (core instance (export "a" (func 0))))
  "index out of bounds | core func")
(assert_invalid
  (component (core instance (export "a" (table 0))))
  "index out of bounds | core table")
(assert_invalid
  (component (core instance (export "a" (memory 0))))
  "index out of bounds | core memory")
(assert_invalid
  (component (core instance (export "a" (global 0))))
  "index out of bounds | core global")
(assert_invalid
  (component (core instance (export "a" (tag 0))))
  "index out of bounds | core tag")
(assert_invalid
  (component
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (core instance (export "a" (func $i "f")) (export "a" (func $i "f"))))
  "unique names | already defined")

;; Aliases
(assert_invalid
  (component (alias core export 0 "f" (core func)))
  "index out of bounds | core instance")
(assert_invalid
  (component
    (core module $m)
    (core instance $i (instantiate $m))
    (alias core export $i "f" (core func)))
  "missing argument | no export named \"f\"")
(assert_invalid
  (component
    (core module $m (memory (export "f") 1))
    (core instance $i (instantiate $m))
    (alias core export $i "f" (core func)))
  "sort | expected function, found memory")

;; Module types
(component definition
  (core type $ft (func (param i32)))
  (core type $mt (module
    (alias outer 1 0 (type $outer))
    (type $own (func (result i64)))
    (import "a" "b" (func (type $outer)))
    (import "a" "c" (memory i64 1 2))
    (export "d" (func (type $own)))
    (export "e" (global (mut f32)))))
  (import "m" (core module (type $mt))))

(component definition
  (import "m" (core module $m
    (import "env" "mem" (memory 1))
    (export "run" (func (result i32)))))
  (core module $env (memory (export "mem") 1))
  (core instance $env (instantiate $env))
  (core instance $i (instantiate $m (with "env" (instance $env))))
  (alias core export $i "run" (core func)))

(assert_invalid
  (component (core type (module (import "a" "b" (func (type 0))))))
  "index out of bounds | core type")
(assert_invalid
  (component (core type (module (alias outer 1 0 (type)))))
  "index out of bounds | core type")
(assert_invalid
  (component (core type (module (alias outer 2 0 (type)))))
  "outer alias | invalid outer alias count")
(assert_invalid
  (component
    (core type (module))
    (core type (module (alias outer 1 0 (type)))))
  "outer alias | a module type cannot be aliased into a module type")
(assert_invalid
  (component (core type (module (export "a" (func)) (export "a" (func)))))
  "unique names | export name \"a\"")
(assert_invalid
  (component (core type (module (import "a" "b" (func)) (import "a" "b" (func)))))
  "unique names | duplicate import name \"a:b\"")
(assert_invalid
  (component (core module (import "a" "b" (func)) (import "a" "b" (func))))
  "unique names | duplicate import name \"a:b\"")
(assert_invalid
  (component
    (core type $f (func))
    (import "m" (core module (type $f))))
  "type | core type index 0 is not a module type")
