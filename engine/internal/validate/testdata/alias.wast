;; Aliases of exports of instances and of definitions of enclosing scopes.

(component definition
  (import "i" (instance $i
    (export "f" (func))
    (export "t" (type (sub resource)))
    (export "n" (instance (export "c" (component))))
    (export "m" (core module))))
  (alias export $i "f" (func))
  (alias export $i "t" (type))
  (alias export $i "m" (core module))
  (alias export $i "n" (instance $n))
  (alias export $n "c" (component)))
(assert_invalid (component (alias export 0 "f" (func))) "index out of bounds | instance")
(assert_invalid
  (component (import "i" (instance $i)) (alias export $i "f" (func)))
  "missing argument | no export named \"f\"")
(assert_invalid
  (component (import "i" (instance $i (export "f" (func)))) (alias export $i "f" (instance)))
  "sort | expected instance, found function")

(component definition $outer
  (core module $m)
  (core type $ct (func))
  (type $t (record (field "a" u8)))
  (component $c)
  (component
    (alias outer $outer $m (core module))
    (alias outer $outer $ct (core type))
    (alias outer $outer $t (type))
    (alias outer $outer $c (component))
    (type (component
      (alias outer $outer $t (type))
      (alias outer $outer $ct (core type))))))
(assert_invalid (component (alias outer 0 0 (type))) "index out of bounds | type")
(assert_invalid (component (alias outer 1 0 (type))) "outer alias | invalid outer alias count of 1")
(assert_invalid (component (component (alias outer 3 0 (component)))) "outer alias | invalid outer alias count of 3")
(assert_invalid (component (component (alias outer 1 0 (core module)))) "index out of bounds | core module")
;; What is defined later is not there yet.
(assert_invalid
  (component $o (component (alias outer $o 0 (type))) (type u8))
  "index out of bounds | type")

;; Resources do not cross the boundary of a component, but they do that of a type.
(component definition $o
  (type $r (resource (rep i32)))
  (type $h (list (own $r)))
  (type (instance (alias outer $o $h (type $h)) (export "f" (func (param "a" $h))))))
(assert_invalid
  (component $o (type $r (resource (rep i32))) (component (alias outer $o $r (type))))
  "outer alias | transitively refers to resources")
(assert_invalid
  (component $o
    (import "r" (type $r (sub resource)))
    (type $f (func (param "a" (option (borrow $r)))))
    (component (alias outer $o $f (type))))
  "outer alias | transitively refers to resources: r")
(assert_invalid
  (component $o
    (type $r (resource (rep i32)))
    (component (component (type (instance (alias outer 3 $r (type)))))))
  "outer alias | transitively refers to resources")
(assert_invalid
  (component $o
    (type $r (resource (rep i32)))
    (type $i (instance (export "x" (type (eq $r)))))
    (component (alias outer $o $i (type))))
  "outer alias | transitively refers to resources")
;; A type that introduces its resources itself refers to none.
(component definition $o
  (type $i (instance (export "r" (type $r (sub resource))) (export "f" (func (param "a" (own $r))))))
  (component (alias outer $o $i (type $j)) (import "i" (instance (type $j)))))

;; Within types, fewer sorts can be aliased.
(assert_invalid
  (component (type (component (import "i" (instance $i (export "f" (func)))) (alias export $i "f" (func)))))
  "sort | may only refer to types or instances")
(assert_invalid
  (component $o (component $c) (type (instance (alias outer $o $c (component)))))
  "sort | may only refer to types or core types")
