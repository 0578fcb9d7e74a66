;; Instances of components.

(component definition
  (import "f" (func $f (param "a" string)))
  (import "i" (instance $i (export "x" (func)) (export "y" (func))))
  (component $c
    (import "f" (func $f (param "a" string)))
    (import "i" (instance (export "y" (func))))
    (export "g" (func $f)))
  (instance $n (instantiate $c (with "f" (func $f)) (with "i" (instance $i)) (with "not imported" (func $f))))
  (alias export $n "g" (func $g))
  (export "g" (func $g)))

(assert_invalid (component (instance (instantiate 0))) "index out of bounds | component")
(assert_invalid
  (component (component $c (import "f" (func))) (instance (instantiate $c)))
  "missing argument | missing import named \"f\"")
(assert_invalid
  (component (component $c) (instance (instantiate $c (with "a" (func 0)))))
  "index out of bounds | function")
(assert_invalid
  (component
    (import "f" (func $f))
    (component $c (import "f" (func)))
    (instance (instantiate $c (with "f" (func $f)) (with "f" (func $f)))))
  "unique names | conflicts with previous argument")
(assert_invalid
  (component
    (component $c (import "f" (func)))
    (component $d)
    (instance (instantiate $c (with "f" (component $d)))))
  "type match | import \"f\": expected function, found component")
(assert_invalid
  (component
    (import "f" (func $f (param "a" u8)))
    (component $c (import "f" (func (param "a" s8))))
    (instance (instantiate $c (with "f" (func $f)))))
  "type match | import \"f\": parameter \"a\": expected s8, found u8")
(assert_invalid
  (component
    (import "f" (func $f))
    (component $c (import "f" (func async)))
    (instance (instantiate $c (with "f" (func $f)))))
  "type match | expected an async function")
(assert_invalid
  (component
    (import "i" (instance $i (export "x" (func))))
    (component $c (import "i" (instance (export "y" (func)))))
    (instance (instantiate $c (with "i" (instance $i)))))
  "type match | import \"i\": export \"y\" is missing")
(assert_invalid
  (component
    (import "i" (instance $i (export "x" (func (param "a" u8)))))
    (component $c (import "i" (instance (export "x" (func (param "a" string))))))
    (instance (instantiate $c (with "i" (instance $i)))))
  "type match | export \"x\" of import \"i\": parameter \"a\": expected string, found u8")
(assert_invalid
  (component
    (core module $m (import "a" "b" (func)))
    (component $c (import "m" (core module)))
    (instance (instantiate $c (with "m" (core module $m)))))
  "type match | imports \"b\" from \"a\"")

;; Component arguments are compared the other way round for their imports.
(component definition
  (component $given (import "x" (func)) (type $t u8) (export "t" (type $t)) (export "u" (type $t)))
  (component $c
    (import "d" (component
      (import "x" (func))
      (import "y" (func))
      (type $t u8)
      (export "t" (type (eq $t))))))
  (instance (instantiate $c (with "d" (component $given)))))
(assert_invalid
  (component
    (component $given (import "x" (func)))
    (component $c (import "d" (component)))
    (instance (instantiate $c (with "d" (component $given)))))
  "type match | imports \"x\", which would not be there")

;; Each supplied resource stands for the imported one from then on.
(component definition
  (import "r" (type $r (sub resource)))
  (import "f" (func $f (param "a" (own $r))))
  (component $c
    (import "x" (type $x (sub resource)))
    (import "y" (type $y (eq $x)))
    (import "f" (func (param "a" (own $y)))))
  (instance (instantiate $c (with "x" (type $r)) (with "y" (type $r)) (with "f" (func $f)))))
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "s" (type $s (sub resource)))
    (import "f" (func $f (param "a" (own $s))))
    (component $c
      (import "x" (type $x (sub resource)))
      (import "f" (func (param "a" (own $x)))))
    (instance (instantiate $c (with "x" (type $r)) (with "f" (func $f)))))
  "type match | resource types are not the same: expected r, found s")
(assert_invalid
  (component
    (type $t u8)
    (component $c (import "x" (type (sub resource))))
    (instance (instantiate $c (with "x" (type $t)))))
  "type match | expected a resource, found u8")

;; Instances of single items
(component definition
  (import "f" (func $f))
  (instance $i (export "a" (func $f)))
  (instance $j (export "i" (instance $i)) (export "b" (func $f)))
  (export "j" (instance $j)))
(assert_invalid (component (instance (export "a" (func 0)))) "index out of bounds | function")
(assert_invalid (component (instance (export "a" (core module 0)))) "index out of bounds | core module")

;; Exports
(component definition
  (import "i" (instance $i (export "a" (func)) (export "b" (func))))
  (export "all" (instance $i))
  (export "some" (instance $i) (instance (export "b" (func)))))
(assert_invalid (component (export "a" (func 0))) "index out of bounds | function")
(assert_invalid
  (component (import "i" (instance $i)) (export "j" (instance $i) (instance (export "a" (func)))))
  "type match | the ascribed type of export \"j\" is not compatible")
;; An ascription hides what it leaves out.
(assert_invalid
  (component
    (import "i" (instance $i (export "a" (func))))
    (export $j "j" (instance $i) (instance))
    (alias export $j "a" (func)))
  "missing argument | no export named \"a\"")
;; An export is a new index of its sort.
(component definition
  (import "f" (func))
  (export "g" (func 0))
  (export "h" (func 1))
  (export "i" (func 2)))
(assert_invalid
  (component (import "f" (func)) (export "g" (func 0)) (export "h" (func 2)))
  "index out of bounds | function")

;; Kinds of types
(assert_invalid (component (type $t u8) (import "f" (func (type $t)))) "type | not a function type")
(assert_invalid (component (type $t u8) (import "f" (instance (type $t)))) "type | not a type of instances")
(assert_invalid (component (type $t (instance)) (import "f" (component (type $t)))) "type | not a type of components")
(assert_invalid (component (import "f" (func (type 3)))) "index out of bounds | type")
