;; Names of imports and exports.

(component definition
  (import "a" (func))
  (import "a1-2-b" (func))
  (import "HTTP-server-2" (func))
  (import "a:b/c" (func))
  (import "a-1:b-2/C-d@1.2.3-rc.1+build.007" (func))
  (import "a:b/c@1.0.0" (func))
  (import "a:b/c@2.0.0" (func)))

(component definition
  (import "r" (type $r (sub resource)))
  (import "[constructor]r" (func (param "x" u8) (result (own $r))))
  (import "[method]r.get" (func (param "self" (borrow $r)) (result u8)))
  (import "[static]r.make" (func (result (list (own $r)))))
  (import "s" (type $s (sub resource)))
  (import "[constructor]s" (func (result (result (own $s) (error string))))))

(assert_invalid (component (import "" (func))) "name | kebab case")
(assert_invalid (component (import "a_b" (func))) "name | kebab case")
(assert_invalid (component (import "2a" (func))) "name | kebab case")
(assert_invalid (component (import "a--b" (func))) "name | kebab case")
(assert_invalid (component (import "aB" (func))) "name | kebab case")
(assert_invalid (component (import "a:b" (func))) "name | expected / and an interface")
(assert_invalid (component (import "A:b/c" (func))) "name | namespace \"A\"")
(assert_invalid (component (import "a:B/c" (func))) "name | package \"B\"")
(assert_invalid (component (import "a:b/cD" (func))) "name | interface \"cD\"")
(assert_invalid (component (import "a:b:c/d" (func))) "name | nested namespaces")
(assert_invalid (component (import "a:b/c/d" (func))) "name | nested packages")
(assert_invalid (component (import "a:b/c@" (func))) "name | \"\" is not a semantic version")
(assert_invalid (component (import "a:b/c@1.2" (func))) "name | not a semantic version")
(assert_invalid (component (import "a:b/c@1.2.03" (func))) "name | not a semantic version")
(assert_invalid (component (import "a:b/c@1.2.3-" (func))) "name | not a semantic version")
(assert_invalid (component (import "a:b/c@1.2.3-01" (func))) "name | not a semantic version")
(assert_invalid (component (import "a:b/c@1.2.3+a..b" (func))) "name | not a semantic version")
(assert_invalid (component (import "[unknown]a" (func))) "name | annotation [unknown] is not known")
(assert_invalid (component (import "[async]a" (func))) "name | 2025 preview of WASI 0.3")
(assert_invalid (component (import "[method]a" (func))) "name | no . between")
(assert_invalid (component (import "[static]a.b.c" (func))) "name | kebab case")
(assert_invalid (component (import "[constructor]" (func))) "name | kebab case")
(assert_invalid (component (type (instance (export "X_y" (func))))) "name | kebab case")
(assert_invalid (component (type (component (import "X_y" (func))))) "name | kebab case")
(assert_invalid (component (instance (export "X_y" (instance 0)))) "index out of bounds | instance")
(assert_invalid (component (instance) (instance (export "X_y" (instance 0)))) "name | kebab case")

(assert_invalid
  (component (import "a" (func)) (import "A" (func)))
  "unique names | import name \"A\" conflicts with previous name \"a\"")
(assert_invalid
  (component (import "a:b/c" (func)) (import "a:b/C" (func)))
  "unique names | import name")
(assert_invalid
  (component (instance $i) (export "a" (instance $i)) (export "a" (instance $i)))
  "unique names | export name \"a\"")
(assert_invalid
  (component (type (instance (export "a" (func)) (export "A" (func)))))
  "unique names | export name \"A\"")
(assert_invalid
  (component (instance $i) (instance (export "a" (instance $i)) (export "A" (instance $i))))
  "unique names | export name \"A\"")
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "[method]r.r" (func (param "self" (borrow $r)))))
  "unique names | \"[method]r.r\" conflicts with previous name \"r\"")
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "[method]r.f" (func (param "self" (borrow $r))))
    (import "[static]R.F" (func)))
  "unique names | \"[static]R.F\" conflicts with previous name \"[method]r.f\"")
;; A resource is named as it is, case included.
(assert_invalid
  (component (import "r" (type $r (sub resource))) (import "[constructor]R" (func (result (own $r)))))
  "annotated name | does not match the expected resource name \"r\"")
(assert_invalid
  (component (import "r" (type $r (sub resource))) (import "[static]R.f" (func)))
  "annotated name | there is no resource \"R\"")
;; Importing and exporting one name is fine.
(component definition (import "a" (func $f)) (export "a" (func $f)))

;; What an annotation says must be true.
(assert_invalid
  (component (import "[static]r.f" (func)))
  "annotated name | there is no resource \"r\"")
(assert_invalid
  (component (import "r" (type (sub resource))) (import "[static]r.f" (instance)))
  "annotated name | must be a function, found instance")
(assert_invalid
  (component (import "r" (type (sub resource))) (import "[constructor]r" (func)))
  "annotated name | a constructor must have a result")
(assert_invalid
  (component (import "r" (type $r (sub resource))) (import "[constructor]r" (func (result (list (own $r))))))
  "annotated name | a constructor must return its resource")
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "s" (type $s (sub resource)))
    (import "[constructor]r" (func (result (own $s)))))
  "annotated name | does not match the expected resource name \"s\"")
(assert_invalid
  (component (import "r" (type $r (sub resource))) (import "[method]r.f" (func)))
  "annotated name | the first parameter of a method must be self")
(assert_invalid
  (component (import "r" (type $r (sub resource))) (import "[method]r.f" (func (param "me" (borrow $r)))))
  "annotated name | the first parameter of a method must be self")
(assert_invalid
  (component (import "r" (type $r (sub resource))) (import "[method]r.f" (func (param "self" (own $r)))))
  "annotated name | the first parameter of a method must be self")
(assert_invalid
  (component
    (import "r" (type $r (sub resource)))
    (import "[constructor]r" (func $f (result (own $r))))
    (export "[constructor]r" (func $f)))
  "annotated name | does not have a name in this context")

;; Attributes
(component definition
  (import "main" (implements "wasi:keyvalue/store@0.2.0") (external-id "db-1") (instance))
  (import "a:b/c" (external-id "") (instance))
  (import "f" (external-id "☃") (func)))
(assert_invalid
  (component (import "a" (implements "b") (instance)))
  "attribute | \"b\" must be an interface")
(assert_invalid
  (component (import "a" (implements "a:b") (instance)))
  "attribute | implements attribute of \"a\"")
(assert_invalid
  (component (import "a" (implements "a:b/c") (func)))
  "attribute | only instances can have an implements attribute")
(assert_invalid
  (component (import "a:b/c" (implements "a:b/d") (instance)))
  "attribute | must be a plain name")
