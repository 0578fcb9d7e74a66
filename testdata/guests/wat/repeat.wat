;; Calls its dependency, and the host, as often as it is asked to.
(component
  (import "acme:repeat/dependency@1.0.0" (instance $dependency
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))
    (export "refused" (func (param "n" u32) (result u32)))))
  (import "acme:repeat/host@1.0.0" (instance $host
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))))
  (core func $dependency-add (canon lower (func $dependency "add")))
  (core func $host-add (canon lower (func $host "add")))
  (core module $m
    (import "dependency" "add" (func $dependency (param i32 i32) (result i32)))
    (import "host" "add" (func $host (param i32 i32) (result i32)))
    (func (export "dependency") (param $n i32) (result i32)
      (local $sum i32)
      (loop $again
        (local.set $sum (call $dependency (local.get $sum) (i32.const 1)))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.get $sum))
    (func (export "host") (param $n i32) (result i32)
      (local $sum i32)
      (loop $again
        (local.set $sum (call $host (local.get $sum) (i32.const 1)))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.get $sum)))
  (core instance $i (instantiate $m
    (with "dependency" (instance (export "add" (func $dependency-add))))
    (with "host" (instance (export "add" (func $host-add))))))
  (func (export "dependency") (param "n" u32) (result u32) (canon lift (core func $i "dependency")))
  (func (export "host") (param "n" u32) (result u32) (canon lift (core func $i "host")))
  (alias export $dependency "refused" (func $refused))
  (export "refused" (func $refused)))
