;;! exceptions = true

;; A tag that one core instance defines is what others throw and catch, also under another name
;; and through an instance that only bundles it.
(component
  (core module $lib (tag (export "t") (param i32)) (tag (export "u") (param i32)))
  (core instance $lib (instantiate $lib))
  (alias core export $lib "t" (core tag $t))
  (core instance $bundle (export "renamed" (tag $t)))
  (core module $thrower
    (import "" "renamed" (tag $t (param i32)))
    (func (export "throw") (param i32) (throw $t (local.get 0))))
  (core instance $thrower (instantiate $thrower (with "" (instance $bundle))))
  (core module $catcher
    (import "lib" "t" (tag $t (param i32)))
    (import "lib" "u" (tag $u (param i32)))
    (import "thrower" "throw" (func $throw (param i32)))
    (func (export "caught") (param i32) (result i32)
      (block $t (result i32)
        (block $u (result i32)
          (try_table (result i32) (catch $u $u) (catch $t $t) (call $throw (local.get 0)) (i32.const 0)))
        (return (i32.const -1))))
    (func (export "escapes") (param i32) (result i32)
      (call $throw (local.get 0)) (i32.const 0)))
  (core instance $c (instantiate $catcher (with "lib" (instance $lib)) (with "thrower" (instance $thrower))))
  (func (export "caught") (param "x" u32) (result u32) (canon lift (core func $c "caught")))
  (func (export "escapes") (param "x" u32) (result u32) (canon lift (core func $c "escapes")))
)
(assert_return (invoke "caught" (u32.const 7)) (u32.const 7))
;; One that nobody catches is a trap, after which nothing of the instance runs.
(assert_trap (invoke "escapes" (u32.const 7)) "uncaught exception")
(assert_trap (invoke "caught" (u32.const 7)) "cannot enter component instance")

;; Exceptions end at the edge of a component: the caller cannot catch those of the one that it calls.
(component
  (component $A
    (core module $m (tag $t) (func (export "f") (throw $t)))
    (core instance $i (instantiate $m))
    (func (export "f") (canon lift (core func $i "f"))))
  (component $B
    (import "f" (func $f))
    (core func $low (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f))
      (func (export "g") (block $b (try_table (catch_all $b) (call $f)))))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $low))))))
    (func (export "g") (canon lift (core func $i "g"))))
  (instance $a (instantiate $A))
  (instance $b (instantiate $B (with "f" (func $a "f"))))
  (export "g" (func $b "g"))
)
(assert_trap (invoke "g") "uncaught exception")

;; Tags match by their type.
(assert_invalid
  (component
    (core module $a (tag (export "t") (param i64)))
    (core module $b (import "" "t" (tag (param i32))))
    (core instance $a (instantiate $a))
    (core instance (instantiate $b (with "" (instance $a)))))
  "expected tag (i32) -> (), found tag (i64) -> ()")
