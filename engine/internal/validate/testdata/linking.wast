;; Components whose filled types are looked at by TestFilledTypes, in order.

;; Imports and aliases
(component definition
  (import "r" (type $r (sub resource)))
  (import "s" (type $s (eq $r)))
  (import "f" (func (param "a" (own $r)) (param "b" (borrow $s))))
  (type $it (instance
    (export "t" (type $t (sub resource)))
    (export "u" (type (eq $t)))
    (export "n" (instance (export "v" (type (sub resource)))))
    (export "g" (func (param "a" (own $t))))))
  (import "i" (instance $i (type $it)))
  (import "j" (instance $j (type $it)))
  (alias export $i "t" (type $it'))
  (alias export $i "g" (func))
  (type (list (own $it'))))

;; Instances of a component with resources of its own
(component definition
  (component $c
    (import "in" (type $in (sub resource)))
    (type $r (resource (rep i32)))
    (export $e "r" (type $r))
    (export "again" (type $r))
    (export "passed" (type $in))
    (export "hidden" (type $r) (type (sub resource))))
  (type $own (resource (rep i32)))
  (instance $a (instantiate $c (with "in" (type $own))))
  (instance $b (instantiate $c (with "in" (type $own))))
  (export "a" (instance $a))
  (export "b" (instance $b) (instance (export "r" (type (sub resource))))))

;; Canonical definitions
(component definition
  (import "f" (func $f async (param "a" string) (result u64)))
  (core module $m
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "run") (param i32) (result i32) unreachable)
    (func (export "drop") (param i32)))
  (core instance $i (instantiate $m))
  (type $r (resource (rep i32) (dtor (core func $i "drop"))))
  (core func (canon lower (func $f) async (memory (core memory $i "mem"))))
  (type $s (stream (own $r)))
  (core func (canon resource.new $r))
  (core func (canon stream.read $s async (memory (core memory $i "mem"))))
  (core func (canon task.return (result (list u8)) (memory (core memory $i "mem"))))
  (type $t (func (param "a" s8) (result bool)))
  (func $run (type $t) (canon lift (core func $i "run")))
  (export "run" (func $run)))
