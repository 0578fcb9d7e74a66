;; The dependency of repeat.wat: adds, and opens key-value stores that it may not open.
(component
  (import "fermyon:spin/key-value@2.0.0" (instance $kv
    (export "store" (type $store (sub resource)))
    (type $error' (variant (case "store-table-full") (case "no-such-store") (case "access-denied") (case "other" string)))
    (export "error" (type $error (eq $error')))
    (export "[static]store.open" (func (param "label" string) (result (result (own $store) (error $error)))))))
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
  (core instance $mem (instantiate $memory))
  (alias core export $mem "memory" (core memory $m))
  (alias core export $mem "realloc" (core func $realloc))
  (core func $open (canon lower (func $kv "[static]store.open") (memory $m) (realloc $realloc)))
  (core module $code
    (import "mem" "memory" (memory 1))
    (import "kv" "open" (func $open (param i32 i32 i32)))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    ;; Returns how often access was denied: result at 0, the case of the error at 4.
    (func (export "refused") (param $n i32) (result i32)
      (local $denied i32)
      (loop $again
        (call $open (i32.const 64) (i32.const 0) (i32.const 0))
        (local.set $denied (i32.add (local.get $denied)
          (i32.and (i32.load8_u (i32.const 0)) (i32.eq (i32.load8_u (i32.const 4)) (i32.const 2)))))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.get $denied)))
  (core instance $i (instantiate $code
    (with "mem" (instance $mem))
    (with "kv" (instance (export "open" (func $open))))))
  (func $add (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add")))
  (func $refused (param "n" u32) (result u32) (canon lift (core func $i "refused")))
  (instance $out (export "add" (func $add)) (export "refused" (func $refused)))
  (export "acme:repeat/dependency@1.0.0" (instance $out)))
