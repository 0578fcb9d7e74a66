;; Types that a function of an import or export uses must have been imported or
;; exported before.

(component definition
  (type $rec' (record (field "a" u8)))
  (import "rec" (type $rec (eq $rec')))
  (import "f" (func $f (param "a" (list (option $rec)))))
  (export "g" (func $f))
  (import "i" (instance $i (export "r" (type $r (sub resource))) (export "h" (func (param "a" (own $r))))))
  (alias export $i "r" (type $r))
  (import "k" (func (param "a" (borrow $r)))))

(assert_invalid
  (component (type $rec (record (field "a" u8))) (import "f" (func (param "a" $rec))))
  "external visibility | import \"f\"")
(assert_invalid
  (component (type $v (variant (case "a"))) (import "f" (func (result (tuple u8 $v)))))
  "external visibility | import \"f\"")
(assert_invalid
  (component (type $e (enum "a")) (type $l (list $e)) (import "l" (type (eq $l))))
  "external visibility | import \"l\"")
(assert_invalid
  (component (type $e (flags "a")) (import "i" (instance (export "f" (func (param "a" $e))))))
  "external visibility | import \"i\"")
(assert_invalid
  (component (type $r (resource (rep i32))) (import "f" (func (param "a" (stream (own $r))))))
  "external visibility | import \"f\"")
;; The type that was exported has the name, not the one that was defined.
(assert_invalid
  (component
    (type $rec (record (field "a" u8)))
    (export "rec" (type $rec))
    (core module $m (func (export "f") (param i32)))
    (core instance $i (instantiate $m))
    (func $f (param "a" $rec) (canon lift (core func $i "f")))
    (export "f" (func $f)))
  "external visibility | export \"f\"")
(component definition
  (type $rec (record (field "a" u8)))
  (export $named "rec" (type $rec))
  (core module $m (func (export "f") (param i32)))
  (core instance $i (instantiate $m))
  (func $f (param "a" $rec) (canon lift (core func $i "f")))
  (export "f" (func $f) (func (param "a" $named))))
;; Imports cannot use what is exported.
(assert_invalid
  (component
    (type $r (resource (rep i32)))
    (export $e "r" (type $r))
    (import "f" (func (param "a" (own $e)))))
  "external visibility | import \"f\"")
;; What an enclosing component imports has no name within.
(assert_invalid
  (component $o
    (type $rec' (record (field "a" u8)))
    (import "rec" (type $rec (eq $rec')))
    (component (alias outer $o $rec (type $r)) (import "f" (func (param "a" $r)))))
  "external visibility | import \"f\"")
;; Component types are checked where they are written, instance types where they are used.
(component definition
  (type (instance (type $e (enum "a")) (export "f" (func (param "a" $e))))))
(assert_invalid
  (component (type (component (type $e (enum "a")) (export "f" (func (param "a" $e))))))
  "external visibility | export \"f\"")
;; A child's types get their names from the arguments.
(component definition
  (type $e' (enum "a"))
  (import "e" (type $e (eq $e')))
  (component $c
    (type $e' (enum "a"))
    (import "e" (type $e (eq $e')))
    (type $r (record (field "e" $e)))
    (export "r" (type $r)))
  (instance $i (instantiate $c (with "e" (type $e))))
  (export "r" (type $i "r")))
(assert_invalid
  (component
    (type $e (enum "a"))
    (component $c
      (type $e' (enum "a"))
      (import "e" (type $e (eq $e')))
      (type $r (record (field "e" $e)))
      (export "r" (type $r)))
    (instance $i (instantiate $c (with "e" (type $e))))
    (export "r" (type $i "r")))
  "external visibility | export \"r\"")
