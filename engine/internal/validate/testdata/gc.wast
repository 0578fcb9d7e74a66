;; The GC form of canonical options, as far as it goes: functions without values.

(component definition
  (import "f" (func $f))
  (core module $m (func (export "g")))
  (core instance $i (instantiate $m))
  (core type $t (func))
  (core func (canon lower (func $f) gc (core-type $t)))
  (func (canon lift (core func $i "g") gc)))

(assert_invalid
  (component
    (import "f" (func $f (param "a" u32)))
    (core type $t (func (param i32)))
    (core func (canon lower (func $f) gc (core-type $t))))
  "unsupported | the GC form of a function with values")
(assert_invalid
  (component
    (core module $m (func (export "g") (result i32) unreachable))
    (core instance $i (instantiate $m))
    (func (result u32) (canon lift (core func $i "g") gc)))
  "unsupported | the GC form of a function with values")
(assert_invalid
  (component
    (import "f" (func $f))
    (core func (canon lower (func $f) gc)))
  "canonical option | gc requires core-type")
(assert_invalid
  (component
    (import "f" (func $f))
    (core type $t (func))
    (core func (canon lower (func $f) (core-type $t))))
  "canonical option | core-type cannot be specified without gc")
(assert_invalid
  (component
    (import "f" (func $f))
    (core type $t (func (param i32)))
    (core func (canon lower (func $f) gc (core-type $t))))
  "core signature | core type index 0 is not the function type () -> ()")
(assert_invalid
  (component
    (core module $m (func (export "g")))
    (core instance $i (instantiate $m))
    (core type $t (func))
    (func (canon lift (core func $i "g") gc (core-type $t))))
  "canonical option | core-type cannot be specified for canon lift")
(assert_invalid
  (component
    (core module $m (func (export "g")) (memory (export "mem") 1))
    (core instance $i (instantiate $m))
    (func (canon lift (core func $i "g") gc (memory (core memory $i "mem")))))
  "canonical option | memory cannot be specified together with gc")
(assert_invalid
  (component
    (core func (canon task.return gc)))
  "unsupported | the GC form of task.return")
