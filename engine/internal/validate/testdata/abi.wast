;; canon lift and canon lower: signatures and options.

(component definition
  (import "f" (func $f (param "a" string) (result (list u8))))
  (import "g" (func $g async (param "a" (tuple u64 u64 u64 u64 u64)) (result u8)))
  (core module $m
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "sync") (param i32 i32) (result i32) unreachable)
    (func (export "post") (param i32))
    (func (export "async") (param i64) (result i32) unreachable)
    (func (export "callback") (param i32 i32 i32) (result i32) unreachable)
    (func (export "stackful") (param i64)))
  (core instance $i (instantiate $m))
  (alias core export $i "mem" (core memory $mem))
  (alias core export $i "realloc" (core func $realloc))
  (core func (canon lower (func $f) (memory $mem) (realloc $realloc)))
  (core func (canon lower (func $g) (memory $mem)))
  (core func (canon lower (func $g) async (memory $mem)))
  (func (param "a" string) (result (list u8))
    (canon lift (core func $i "sync") string-encoding=utf16
      (memory $mem) (realloc $realloc) (post-return (core func $i "post"))))
  (type $at (func async (param "a" u64) (result u8)))
  (func (type $at) (canon lift (core func $i "async") async (callback (core func $i "callback"))))
  (func (type $at) (canon lift (core func $i "stackful") async)))

(assert_invalid
  (component (type $f (func)) (func (type $f) (canon lift (core func 0))))
  "index out of bounds | core func")
(assert_invalid
  (component
    (core module $m (func (export "f")))
    (core instance $i (instantiate $m))
    (type $t u8)
    (func (type $t) (canon lift (core func $i "f"))))
  "type | not a function type")
(assert_invalid
  (component (core func (canon lower (func 0))))
  "index out of bounds | function")

;; The core function must have exactly the flattened type.
(assert_invalid
  (component
    (core module $m (func (export "f") (param i32)))
    (core instance $i (instantiate $m))
    (func (param "a" u64) (canon lift (core func $i "f"))))
  "core signature | needs a core function of type (i64) -> (), found (i32) -> ()")
(assert_invalid
  (component
    (core module $m (func (export "f") (result i32) unreachable))
    (core instance $i (instantiate $m))
    (func (result f32) (canon lift (core func $i "f"))))
  "core signature | needs a core function of type () -> (f32)")
(assert_invalid
  (component
    (core module $m
      (func (export "f") (result i64) unreachable)
      (func (export "cb") (param i32 i32 i32) (result i32) unreachable))
    (core instance $i (instantiate $m))
    (type $t (func async (result u64)))
    (func (type $t) (canon lift (core func $i "f") async (callback (core func $i "cb")))))
  "core signature | needs a core function of type () -> (i32)")
(assert_invalid
  (component
    (core module $m (func (export "f") (result i32) unreachable))
    (core instance $i (instantiate $m))
    (type $t (func async))
    (func (type $t) (canon lift (core func $i "f") async)))
  "core signature | needs a core function of type () -> ()")

;; Options that a type requires
(assert_invalid
  (component
    (core module $m (func (export "f") (param i32 i32)))
    (core instance $i (instantiate $m))
    (func (param "a" string) (canon lift (core func $i "f"))))
  "canonical option | memory is required")
(assert_invalid
  (component
    (core module $m (memory (export "mem") 1) (func (export "f") (param i32 i32)))
    (core instance $i (instantiate $m))
    (func (param "a" string) (canon lift (core func $i "f") (memory (core memory $i "mem")))))
  "canonical option | realloc is required")
(assert_invalid
  (component
    (core module $m (memory (export "mem") 1) (func (export "f") (param i32)))
    (core instance $i (instantiate $m))
    (func (param "a" (list u8 17)) (canon lift (core func $i "f") (memory (core memory $i "mem")))))
  "canonical option | realloc is required")
(assert_invalid
  (component
    (core module $m (func (export "f") (result i32) unreachable))
    (core instance $i (instantiate $m))
    (func (result (tuple u8 u8)) (canon lift (core func $i "f"))))
  "canonical option | memory is required")
(assert_invalid
  (component
    (core module $m
      (func (export "f") (result i32) unreachable)
      (func (export "cb") (param i32 i32 i32) (result i32) unreachable))
    (core instance $i (instantiate $m))
    (type $t (func async (result string)))
    (func (type $t) (canon lift (core func $i "f") async (callback (core func $i "cb")))))
  "canonical option | memory is required")
(assert_invalid
  (component (import "f" (func $f (param "a" (list u8)))) (core func (canon lower (func $f))))
  "canonical option | memory is required")
(assert_invalid
  (component
    (import "f" (func $f (result (option string))))
    (core module $m (memory (export "mem") 1))
    (core instance $i (instantiate $m))
    (core func (canon lower (func $f) (memory (core memory $i "mem")))))
  "canonical option | realloc is required")
(assert_invalid
  (component (import "f" (func $f async (result u8))) (core func (canon lower (func $f) async)))
  "canonical option | memory is required")
(assert_invalid
  (component (import "f" (func $f async (param "a" (list u8 5)))) (core func (canon lower (func $f) async)))
  "canonical option | memory is required")
(component definition
  (import "f" (func $f async (param "a" (list u8 4))))
  (import "s" (func $s (param "a" (stream string)) (result (future (list u8)))))
  (core func (canon lower (func $f) async))
  (core func (canon lower (func $s))))

;; Options that contradict each other or the type
(assert_invalid
  (component (import "f" (func $f)) (core func (canon lower (func $f) async)))
  "canonical option | requires an async function type")
(assert_invalid
  (component
    (core module $m (func (export "f")) (func (export "post")))
    (core instance $i (instantiate $m))
    (type $t (func async))
    (func (type $t) (canon lift (core func $i "f") async (post-return (core func $i "post")))))
  "canonical option | post-return cannot be specified together with async")
(assert_invalid
  (component
    (core module $m (func (export "f")) (func (export "cb") (param i32 i32 i32) (result i32) unreachable))
    (core instance $i (instantiate $m))
    (func (canon lift (core func $i "f") (callback (core func $i "cb")))))
  "canonical option | callback cannot be specified without async")
(assert_invalid
  (component
    (import "f" (func $f))
    (core module $m (func (export "post")))
    (core instance $i (instantiate $m))
    (core func (canon lower (func $f) (post-return (core func $i "post")))))
  "canonical option | post-return cannot be specified for canon lower")
(assert_invalid
  (component
    (import "f" (func $f))
    (core module $m (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
    (core instance $i (instantiate $m))
    (core func (canon lower (func $f) (realloc (core func $i "realloc")))))
  "canonical option | realloc requires memory")
(assert_invalid
  (component (import "f" (func $f)) (core func (canon lower (func $f) (memory 0))))
  "index out of bounds | core memory")
(assert_invalid
  (component
    (import "f" (func $f))
    (core module $m (memory (export "mem") 1 1 shared))
    (core instance $i (instantiate $m))
    (core func (canon lower (func $f) (memory (core memory $i "mem")))))
  "canonical option | cannot be a memory of type 1..1 shared")

;; The types of the functions that options name
(assert_invalid
  (component
    (import "f" (func $f))
    (core module $m (memory (export "mem") 1) (func (export "realloc") (param i32 i32 i32) (result i32) unreachable))
    (core instance $i (instantiate $m))
    (core func (canon lower (func $f) (memory (core memory $i "mem")) (realloc (core func $i "realloc")))))
  "core signature | realloc uses a core function with an incorrect signature")
(assert_invalid
  (component
    (core module $m (func (export "f") (result i32) unreachable) (func (export "post") (param i64)))
    (core instance $i (instantiate $m))
    (func (result u8) (canon lift (core func $i "f") (post-return (core func $i "post")))))
  "core signature | post-return uses a core function with an incorrect signature: expected (i32) -> ()")
(assert_invalid
  (component
    (core module $m
      (func (export "f") (result i32) unreachable)
      (func (export "cb") (param i32 i32) (result i32) unreachable))
    (core instance $i (instantiate $m))
    (type $t (func async))
    (func (type $t) (canon lift (core func $i "f") async (callback (core func $i "cb")))))
  "core signature | callback uses a core function with an incorrect signature")
(assert_invalid
  (component (import "f" (func $f)) (core func (canon lower (func $f) (memory 0) (realloc (core func 4)))))
  "index out of bounds | core memory")

;; 64-bit memories
(component definition
  (import "f" (func $f (param "a" string) (result string)))
  (core module $m
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) unreachable)
    (func (export "g") (param i64 i64) (result i64) unreachable))
  (core instance $i (instantiate $m))
  (core func $f' (canon lower (func $f) (memory (core memory $i "mem")) (realloc (core func $i "realloc"))))
  (func (param "a" string) (result string)
    (canon lift (core func $i "g") (memory (core memory $i "mem")) (realloc (core func $i "realloc"))))
  (core module $n (import "" "f" (func (param i64 i64 i64))))
  (core instance (instantiate $n (with "" (instance (export "f" (func $f')))))))
