;; A chain of many components, each of which calls the next. Generated code makes some of the
;; calls, which do not count for the limit of their depth; but of a chain it makes only so many.

(component definition $deep
  (component $last
    (core module $m
      (func (export "f") (param i32) (result i32)
        (if (local.get 0) (then unreachable))
        (i32.const 0)))
    (core instance $i (instantiate $m))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $i "f"))))
  (component $c1
    (import "f" (func $f (param "x" u32) (result u32)))
    (core func $f' (canon lower (func $f)))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "f") (param i32) (result i32)
        (i32.add (call $f (local.get 0)) (i32.const 1))))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f'))))))
    (func (export "f") (param "x" u32) (result u32) (canon lift (core func $i "f"))))
  (component $c2
    (import "f" (func $f (param "x" u32) (result u32)))
    (instance $a (instantiate $c1 (with "f" (func $f))))
    (instance $b (instantiate $c1 (with "f" (func $a "f"))))
    (export "f" (func $b "f")))
  (component $c4
    (import "f" (func $f (param "x" u32) (result u32)))
    (instance $a (instantiate $c2 (with "f" (func $f))))
    (instance $b (instantiate $c2 (with "f" (func $a "f"))))
    (export "f" (func $b "f")))
  (component $c8
    (import "f" (func $f (param "x" u32) (result u32)))
    (instance $a (instantiate $c4 (with "f" (func $f))))
    (instance $b (instantiate $c4 (with "f" (func $a "f"))))
    (export "f" (func $b "f")))
  (component $c16
    (import "f" (func $f (param "x" u32) (result u32)))
    (instance $a (instantiate $c8 (with "f" (func $f))))
    (instance $b (instantiate $c8 (with "f" (func $a "f"))))
    (export "f" (func $b "f")))
  (component $c32
    (import "f" (func $f (param "x" u32) (result u32)))
    (instance $a (instantiate $c16 (with "f" (func $f))))
    (instance $b (instantiate $c16 (with "f" (func $a "f"))))
    (export "f" (func $b "f")))
  (component $c64
    (import "f" (func $f (param "x" u32) (result u32)))
    (instance $a (instantiate $c32 (with "f" (func $f))))
    (instance $b (instantiate $c32 (with "f" (func $a "f"))))
    (export "f" (func $b "f")))
  (component $c128
    (import "f" (func $f (param "x" u32) (result u32)))
    (instance $a (instantiate $c64 (with "f" (func $f))))
    (instance $b (instantiate $c64 (with "f" (func $a "f"))))
    (export "f" (func $b "f")))
  (instance $last (instantiate $last))
  (instance $short (instantiate $c64 (with "f" (func $last "f"))))
  (instance $long (instantiate $c128 (with "f" (func $last "f"))))
  (export "short" (func $short "f"))
  (export "long" (func $long "f")))
(component instance $d $deep)
(assert_return (invoke "short" (u32.const 0)) (u32.const 64))
(assert_trap (invoke "short" (u32.const 1)) "unreachable")
(component instance $e $deep)
(assert_trap (invoke "long" (u32.const 0)) "calls between components nest more than 64 deep")
