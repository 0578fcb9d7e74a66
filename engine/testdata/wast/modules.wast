;; Core modules that components give to each other.

(component
  (component $user
    (import "m" (core module $m
      (import "env" "base" (func (result i32)))
      (export "f" (func (result i32)))))
    (core module $five (func (export "base") (result i32) (i32.const 5)))
    (core instance $five (instantiate $five))
    (core instance $i (instantiate $m (with "env" (instance $five))))
    (func (export "f") (result u32) (canon lift (core func $i "f"))))
  (core module $more ;; exports more than is asked for, and imports less
    (func (export "f") (result i32) (i32.const 9))
    (func (export "g")))
  (core module $next
    (import "env" "base" (func $base (result i32)))
    (func (export "f") (result i32) (i32.add (call $base) (i32.const 1))))
  (instance $a (instantiate $user (with "m" (core module $more))))
  (instance $b (instantiate $user (with "m" (core module $next))))
  (export "more" (func $a "f"))
  (export "next" (func $b "f"))
)
(assert_return (invoke "more") (u32.const 9))
(assert_return (invoke "next") (u32.const 6))

(assert_invalid
  (component
    (component $user (import "m" (core module (export "f" (func (result i32))))))
    (core module $m (func (export "f") (result i64) (i64.const 0)))
    (instance (instantiate $user (with "m" (core module $m)))))
  "expected function () -> (i32), found function () -> (i64)")
(assert_invalid
  (component
    (component $user (import "m" (core module)))
    (core module $m (import "env" "x" (global i32)))
    (instance (instantiate $user (with "m" (core module $m)))))
  "it imports \"x\" from \"env\", which would not be there")

;; Nobody gives the root a core module here.
(assert_unlinkable (component (import "m" (core module))) "the host does not provide it")
;; The root passes nothing on that the host could make no use of.
(assert_unlinkable (component (component $c) (export "c" (component $c))) "export \"c\" of a component by the root component: not supported")
(assert_unlinkable (component (import "c" (component))) "import \"c\" of a component by the root component: not supported")
