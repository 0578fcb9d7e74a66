;; Components that are well formed and break a rule. Package validate tests the rules one by
;; one; here is one of each group, as users meet them, and what only the compiler finds.

;; Indices
(assert_invalid (component (export "f" (func 0))) "out of bounds")
(assert_invalid (component (core instance (instantiate 0))) "out of bounds")
(assert_invalid (component (type (list 0))) "out of bounds")

;; Core signatures: the safety of calls rests on these.
(assert_invalid
  (component
    (core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
    (core instance $i (instantiate $m))
    (func (export "f") (param "x" u64) (result u32) (canon lift (core func $i "f"))))
  "needs a core function of type (i64) -> (i32), found (i32) -> (i32)")
(assert_invalid
  (component
    (core module $m
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32) (result i32) (i32.const 0))
      (func (export "f") (param i32 i32)))
    (core instance $i (instantiate $m))
    (func (export "f") (param "x" string)
      (canon lift (core func $i "f") (memory (core memory $i "mem")) (realloc (core func $i "realloc")))))
  "invalid component: canonical option realloc uses a core function with an incorrect signature: expected (i32, i32, i32, i32) -> (i32), found (i32, i32) -> (i32)")
(assert_invalid
  (component
    (core module $m
      (memory (export "mem") 1)
      (func (export "f") (result i32) (i32.const 0))
      (func (export "post")))
    (core instance $i (instantiate $m))
    (func (export "f") (result string)
      (canon lift (core func $i "f") (memory (core memory $i "mem")) (post-return (core func $i "post")))))
  "invalid component: canonical option post-return uses a core function with an incorrect signature: expected (i32) -> (), found () -> ()")
(assert_invalid
  (component
    (core module $m (func (export "f") (result i32) (i32.const 0)) (func (export "cb") (param i32) (result i32) (i32.const 0)))
    (core instance $i (instantiate $m))
    (type $t (func async))
    (func (export "f") (type $t) (canon lift (core func $i "f") async (callback (core func $i "cb")))))
  "invalid component: canonical option callback uses a core function with an incorrect signature: expected (i32, i32, i32) -> (i32), found (i32) -> (i32)")
(assert_invalid
  (component
    (core module $d (func (export "dtor") (param i64)))
    (core instance $d (instantiate $d))
    (type (resource (rep i32) (dtor (core func $d "dtor")))))
  "invalid component: wrong signature for a destructor: expected (i32) -> (), found (i64) -> ()")

;; Options
(assert_invalid
  (component
    (core module $m (func (export "f") (param i32 i32)))
    (core instance $i (instantiate $m))
    (func (export "f") (param "x" string) (canon lift (core func $i "f"))))
  "memory is required")
(assert_invalid
  (component
    (core module $m (memory (export "mem") 1) (func (export "f") (param i32 i32)))
    (core instance $i (instantiate $m))
    (func (export "f") (param "x" string) (canon lift (core func $i "f") (memory (core memory $i "mem")))))
  "realloc is required")
(assert_invalid
  (component
    (core module $m (func (export "f") (result i32) (i32.const 0)) (func (export "cb") (param i32 i32 i32) (result i32) (i32.const 0)))
    (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "f") async (callback (core func $i "cb")))))
  "invalid component: the async canonical option requires an async function type (components built for a 2025 preview of WASI 0.3 have none: rebuild with current tools)")

;; Types of arguments
(assert_invalid
  (component
    (component $c (import "f" (func (param "x" u32))))
    (core module $m (func (export "f") (param i32)))
    (core instance $i (instantiate $m))
    (func $f (param "x" s32) (canon lift (core func $i "f")))
    (instance (instantiate $c (with "f" (func $f)))))
  "invalid component: import \"f\": parameter \"x\": expected u32, found s32")
(assert_invalid
  (component (component $c (import "f" (func))) (instance (instantiate $c)))
  "invalid component: missing import named \"f\"")
(assert_invalid
  (component
    (core module $m (import "a" "b" (func (param i32))))
    (core module $n (func (export "b") (param i64)))
    (core instance $n (instantiate $n))
    (core instance (instantiate $m (with "a" (instance $n)))))
  "invalid component: core import \"b\" of \"a\": expected function (i32) -> (), found function (i64) -> ()")
(assert_invalid
  (component (core module $m (import "a" "b" (func))) (core instance (instantiate $m)))
  "invalid component: missing module instantiation argument \"a\"")

;; Names
(assert_invalid (component (import "Upper_case" (func))) "invalid component: \"Upper_case\" is not a valid name: it is not in kebab case")
(assert_invalid (component (import "f" (func)) (import "f" (func))) "invalid component: import name \"f\" conflicts with previous name \"f\"")
(assert_invalid (component (import "f" (func)) (import "F" (func))) "invalid component: import name \"F\" conflicts with previous name \"f\"")
(assert_invalid (component (type (record (field "a" u8) (field "A" u8)))) "invalid component: record field name \"A\" conflicts with previous name \"a\"")
(assert_invalid (component (import "a:b/c@1.x" (instance))) "invalid component: \"a:b/c@1.x\" is not a valid name: \"1.x\" is not a semantic version")

;; Value types
(assert_invalid (component (type (record))) "invalid component: a record must have at least one field")
(assert_invalid (component (type (variant))) "invalid component: a variant must have at least one case")
(assert_invalid (component (type (flags "a" "a"))) "invalid component: flag name \"a\" conflicts with previous name \"a\"")
(assert_invalid (component (import "f" (func (result (borrow 0))))) "invalid component: type index out of bounds: index 0 of 0")
(assert_invalid
  (component (type $r (resource (rep i32))) (type (stream (borrow $r))))
  "invalid component: the element of a stream cannot contain a borrow")
(assert_invalid (component (type (stream char))) "invalid component: stream<char> is not valid: use stream<u8>")

;; What a type of an export refers to must be visible from outside.
(assert_invalid
  (component
    (core module $m (func (export "f") (param i32)))
    (core instance $i (instantiate $m))
    (type $e (enum "a"))
    (func (export "f") (param "x" $e) (canon lift (core func $i "f"))))
  "invalid component: export \"f\": the function uses a type that has no name there: resources, records, variants, enums and flags must be exported before they are used")

;; The code of core modules that are instantiated
(assert_invalid
  (component (core module $m (func (result i32) (i64.const 0))) (core instance (instantiate $m)))
  "type mismatch")
(assert_invalid
  (component (core module $m (func (drop (i32.load (i32.const 0))))) (core instance (instantiate $m)))
  "unknown memory 0")
(assert_invalid
  (component
    (component $c (core module $m (func (local.get 5) drop)) (core instance (instantiate $m)))
    (instance (instantiate $c)))
  "unknown local 5")
(assert_invalid
  (component (core module $m (memory i64 1)) (core instance (instantiate $m)))
  "memory64 must be enabled for 64-bit memories")
;; Also where nothing instantiates it, so that it is never compiled.
(assert_invalid
  (component
    (core module $unused (func (result i32)))
    (core module $used)
    (core instance (instantiate $used)))
  "expected i32 but nothing on stack")
(assert_invalid
  (component (component (core module (func (drop)))))
  "component 0: core module: type mismatch")
