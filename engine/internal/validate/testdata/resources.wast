;; Resource types: where they come from and when two are one.

;; $same takes two resources that must be one.
(component definition
  (type $r (resource (rep i32)))
  (export $e "e" (type $r))
  (component $same (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))
  (instance (instantiate $same (with "a" (type $r)) (with "b" (type $e)))))
(assert_invalid
  (component
    (type $r (resource (rep i32)))
    (type $s (resource (rep i32)))
    (component $same (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))
    (instance (instantiate $same (with "a" (type $r)) (with "b" (type $s)))))
  "type match | resource types are not the same")
;; Ascription makes a resource abstract.
(assert_invalid
  (component
    (type $r (resource (rep i32)))
    (export $e "e" (type $r) (type (sub resource)))
    (component $same (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))
    (instance (instantiate $same (with "a" (type $r)) (with "b" (type $e)))))
  "type match | resource types are not the same")
;; Each import of an instance type has resources of its own.
(assert_invalid
  (component
    (type $t (instance (export "r" (type (sub resource)))))
    (import "i" (instance $i (type $t)))
    (import "j" (instance $j (type $t)))
    (component $same (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))
    (instance (instantiate $same (with "a" (type $i "r")) (with "b" (type $j "r")))))
  "type match | expected i#r, found j#r")
(assert_invalid
  (component
    (import "i" (instance $i
      (type $t (instance (export "r" (type (sub resource)))))
      (export "x" (instance (type $t)))
      (export "y" (instance (type $t)))))
    (component $same (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))
    (instance (instantiate $same (with "a" (type $i "x" "r")) (with "b" (type $i "y" "r")))))
  "type match | resource types are not the same")
;; So has each instance of a component that defines one.
(assert_invalid
  (component
    (component $c (type $r (resource (rep i32))) (export "r" (type $r)))
    (instance $i (instantiate $c))
    (instance $j (instantiate $c))
    (component $same (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))
    (instance (instantiate $same (with "a" (type $i "r")) (with "b" (type $j "r")))))
  "type match | resource types are not the same")
;; What a component passes on stays what it was.
(component definition
  (import "r" (type $r (sub resource)))
  (component $c (import "r" (type $r (sub resource))) (export "s" (type $r)))
  (instance $i (instantiate $c (with "r" (type $r))))
  (instance $j (instantiate $c (with "r" (type $i "s"))))
  (component $same (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))
  (instance (instantiate $same (with "a" (type $r)) (with "b" (type $j "s")))))
;; The first export introduces a resource, later ones name the same.
(component definition
  (component $c
    (type $r (resource (rep i32)))
    (instance $bag (export "r" (type $r)))
    (export "bag" (instance $bag))
    (export "again" (type $r)))
  (instance $i (instantiate $c))
  (component $same (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))
  (instance (instantiate $same (with "a" (type $i "bag" "r")) (with "b" (type $i "again")))))

;; Definitions
(component definition
  (core module $m (func (export "drop") (param i32)))
  (core instance $i (instantiate $m))
  (type $r (resource (rep i32) (dtor (core func $i "drop"))))
  (core func (canon resource.new $r))
  (core func (canon resource.rep $r))
  (core func (canon resource.drop $r)))
(assert_invalid
  (component (type (resource (rep i32) (dtor (core func 0)))))
  "index out of bounds | core func")
(assert_invalid
  (component
    (core module $m (func (export "drop") (param i64)))
    (core instance $i (instantiate $m))
    (type (resource (rep i32) (dtor (core func $i "drop")))))
  "core signature | expected (i32) -> (), found (i64) -> ()")
(assert_invalid
  (component (type (instance (type (resource (rep i32))))))
  "resource | only be defined within a concrete component")
(assert_invalid
  (component (import "r" (type $r (sub resource))) (core func (canon resource.new $r)))
  "resource | not a local resource: r is defined elsewhere")
(assert_invalid
  (component
    (component $c (type $r (resource (rep i32))) (export "r" (type $r)))
    (instance $i (instantiate $c))
    (alias export $i "r" (type $r))
    (core func (canon resource.rep $r)))
  "resource | not a local resource")
(component definition (import "r" (type $r (sub resource))) (core func (canon resource.drop $r)))
(assert_invalid
  (component (type $t u8) (core func (canon resource.drop $t)))
  "type | not a resource type")
