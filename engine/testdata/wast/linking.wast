;; How components are put together: nesting, aliases, instances made of items, index spaces,
;; start functions.

;; A component in a component in a component, each handing on what it is given.
(component
  (component $outer
    (import "f" (func $f (result u32)))
    (component $inner
      (import "f" (func $f (result u32)))
      (core func $f' (canon lower (func $f)))
      (core module $m
        (import "" "f" (func $f (result i32)))
        (func (export "g") (result i32) (i32.add (call $f) (i32.const 1))))
      (core instance $i (instantiate $m (with "" (instance (export "f" (func $f'))))))
      (func (export "g") (result u32) (canon lift (core func $i "g"))))
    (instance $a (instantiate $inner (with "f" (func $f))))
    (instance $b (instantiate $inner (with "f" (func $a "g"))))
    (export "g" (func $b "g")))
  (core module $m (func (export "f") (result i32) (i32.const 40)))
  (component $source
    (core module $m (func (export "f") (result i32) (i32.const 40)))
    (core instance $i (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $i "f"))))
  (instance $source (instantiate $source))
  (instance $o (instantiate $outer (with "f" (func $source "f"))))
  (export "g" (func $o "g")))
(assert_return (invoke "g") (u32.const 42))

;; Each instance has state of its own, also if made of one component with one argument.
(component
  (component $counter
    (core module $m
      (global $n (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (global.get $n)))
    (core instance $i (instantiate $m))
    (func (export "next") (result u32) (canon lift (core func $i "next"))))
  (instance $a (instantiate $counter))
  (instance $b (instantiate $counter))
  (export "a" (func $a "next"))
  (export "b" (func $b "next")))
(assert_return (invoke "a") (u32.const 1))
(assert_return (invoke "a") (u32.const 2))
(assert_return (invoke "b") (u32.const 1))
(assert_return (invoke "a") (u32.const 3))

;; Every export makes an index in its space: what follows it counts from there.
(component
  (core module $m
    (func (export "one") (result i32) (i32.const 1))
    (func (export "two") (result i32) (i32.const 2))
    (func (export "three") (result i32) (i32.const 3)))
  (core instance $i (instantiate $m))
  (type (func (result u32)))                                ;; type 0
  (func (type 0) (canon lift (core func $i "one")))         ;; func 0
  (export "a" (func 0))                                     ;; func 1
  (func (type 0) (canon lift (core func $i "two")))         ;; func 2
  (export "b" (func 2))                                     ;; func 3
  (export "c" (func 1))                                     ;; func 4
  (type u8)                                                 ;; type 1
  (export "t" (type 1))                                     ;; type 2
  (type (list 2))                                           ;; type 3
  (instance (export "x" (func 4)))                          ;; instance 0
  (export "i" (instance 0))                                 ;; instance 1
  (alias export 1 "x" (func))                               ;; func 5
  (func (type 0) (canon lift (core func $i "three")))       ;; func 6
  (export "d" (func 5))                                     ;; func 7
  (export "e" (func 6)))
(assert_return (invoke "a") (u32.const 1))
(assert_return (invoke "b") (u32.const 2))
(assert_return (invoke "c") (u32.const 1))
(assert_return (invoke "d") (u32.const 1))
(assert_return (invoke "e") (u32.const 3))

;; Modules and components pass through outer aliases, imports and exports.
(component
  (core module $m (func (export "f") (result i32) (i32.const 5)))
  (component $c
    (alias outer 1 $m (core module $m))
    (core instance $i (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $i "f"))))
  (component $d
    (import "m" (core module $m (export "f" (func (result i32)))))
    (import "c" (component $c (export "f" (func (result u32)))))
    (core instance $i (instantiate $m))
    (func (export "from-module") (result u32) (canon lift (core func $i "f")))
    (instance $j (instantiate $c))
    (export "from-component" (func $j "f"))
    (export "m2" (core module $m)))
  (instance $d (instantiate $d (with "m" (core module $m)) (with "c" (component $c))))
  (core instance $again (instantiate (module $d "m2")))
  (func (export "again") (result u32) (canon lift (core func $again "f")))
  (export "from-module" (func $d "from-module"))
  (export "from-component" (func $d "from-component")))
(assert_return (invoke "from-module") (u32.const 5))
(assert_return (invoke "from-component") (u32.const 5))
(assert_return (invoke "again") (u32.const 5))

;; Core instances: what one exports another imports, under names that may be empty, or those of
;; several; globals, tables and memories too.
(component
  (core module $a
    (memory (export "mem") 1)
    (table (export "tab") 4 funcref)
    (global (export "glob") (mut i32) (i32.const 7))
    (func (export "") (result i32) (i32.load (i32.const 0)))
    (data (i32.const 0) "\09"))
  (core module $b
    (import "env" "memory" (memory 1))
    (import "env" "" (func $f (result i32)))
    (import "" "g" (global $g (mut i32)))
    (import "" "t" (table 1 funcref))
    (type $ft (func (result i32)))
    (elem (i32.const 2) func $h)
    (func $h (result i32) (i32.add (call $f) (global.get $g)))
    (func (export "run") (result i32)
      (i32.store (i32.const 0) (i32.const 11))
      (global.set $g (i32.const 30))
      (call_indirect (type $ft) (i32.const 2))))
  (core instance $a (instantiate $a))
  (core instance $env (export "memory" (memory $a "mem")) (export "" (func $a "")))
  (core instance $rest (export "g" (global $a "glob")) (export "t" (table $a "tab")))
  (core instance $b (instantiate $b (with "env" (instance $env)) (with "" (instance $rest))))
  (func (export "run") (result u32) (canon lift (core func $b "run")))
  ;; the same name means another instance in another instantiation
  (core instance $a2 (instantiate $a))
  (core instance $env2 (export "memory" (memory $a2 "mem")) (export "" (func $a2 "")))
  (core instance $b2 (instantiate $b (with "env" (instance $env2)) (with "" (instance $rest))))
  (func (export "run2") (result u32) (canon lift (core func $b2 "run")))
  (func (export "first") (result u32) (canon lift (core func $a ""))))
;; the table is one: the second instance has put its function where the first looks for its own
(assert_return (invoke "run") (u32.const 39))
(assert_return (invoke "first") (u32.const 11))
(assert_return (invoke "run2") (u32.const 41))

;; Core start functions run in the order of the instances, each once.
(component
  (core module $log
    (global $n (mut i32) (i32.const 0))
    (func (export "add") (param i32) (global.set $n (i32.add (i32.mul (global.get $n) (i32.const 10)) (local.get 0))))
    (func (export "get") (result i32) (global.get $n)))
  (core module $one (import "log" "add" (func $add (param i32))) (func $s (call $add (i32.const 1))) (start $s))
  (core module $two (import "log" "add" (func $add (param i32))) (func $s (call $add (i32.const 2))) (start $s))
  (core instance $log (instantiate $log))
  (core instance (instantiate $two (with "log" (instance $log))))
  (core instance (instantiate $one (with "log" (instance $log))))
  (core instance (instantiate $two (with "log" (instance $log))))
  (func (export "log") (result u32) (canon lift (core func $log "get"))))
(assert_return (invoke "log") (u32.const 212))

;; A start function that traps, is out of bounds or calls what cannot be called yet: no instance.
(assert_trap
  (component
    (core module $m (func $s unreachable) (start $s))
    (core instance (instantiate $m)))
  "unreachable")
(assert_trap
  (component (core module $m (memory 1) (data (i32.const 65535) "ab")) (core instance (instantiate $m)))
  "out of bounds")
(assert_trap
  (component
    (core module $m (table 1 funcref) (func $f) (elem (i32.const 1) func $f))
    (core instance (instantiate $m)))
  "out of bounds")
;; start functions may call functions of components that are there
(component
  (component $lib
    (core module $m
      (global $n (mut i32) (i32.const 0))
      (func (export "add") (param i32) (result i32)
        (global.set $n (i32.add (global.get $n) (local.get 0)))
        (global.get $n)))
    (core instance $i (instantiate $m))
    (func (export "add") (param "x" u32) (result u32) (canon lift (core func $i "add"))))
  (component $user
    (import "add" (func $add (param "x" u32) (result u32)))
    (core func $add' (canon lower (func $add)))
    (core module $m
      (import "" "add" (func $add (param i32) (result i32)))
      (global $got (mut i32) (i32.const 0))
      (func $s (global.set $got (call $add (i32.const 7))))
      (start $s)
      (func (export "got") (result i32) (global.get $got)))
    (core instance $i (instantiate $m (with "" (instance (export "add" (func $add'))))))
    (func (export "got") (result u32) (canon lift (core func $i "got"))))
  (instance $lib (instantiate $lib))
  (instance $a (instantiate $user (with "add" (func $lib "add"))))
  (instance $b (instantiate $user (with "add" (func $lib "add"))))
  (export "a" (func $a "got"))
  (export "b" (func $b "got")))
(assert_return (invoke "a") (u32.const 7))
(assert_return (invoke "b") (u32.const 14))

;; There is no task while core modules start, so that nothing can wait.
(assert_trap
  (component
    (core module $Mem (memory (export "mem") 1))
    (core instance $mem (instantiate $Mem))
    (core func $set (canon waitable-set.new))
    (core func $wait (canon waitable-set.wait (memory (core memory $mem "mem"))))
    (core module $m
      (import "" "set" (func $set (result i32)))
      (import "" "wait" (func $wait (param i32 i32) (result i32)))
      (func $s (drop (call $wait (call $set) (i32.const 0))))
      (start $s))
    (core instance (instantiate $m (with "" (instance (export "set" (func $set)) (export "wait" (func $wait)))))))
  "cannot block a synchronous task before returning: waitable-set.wait in start")
(assert_trap
  (component
    (component $lib
      (core func $set (canon waitable-set.new))
      (core module $m
        (import "" "set" (func $set (result i32)))
        (func (export "f") (result i32) (i32.or (i32.const 2) (i32.shl (call $set) (i32.const 4))))
        (func (export "cb") (param i32 i32 i32) (result i32) unreachable))
      (core instance $i (instantiate $m (with "" (instance (export "set" (func $set))))))
      (func (export "f") async (canon lift (core func $i "f") async (callback (core func $i "cb")))))
    (component $user
      (import "f" (func $f async))
      (core func $f' (canon lower (func $f)))
      (core module $m (import "" "f" (func $f)) (start $f))
      (core instance (instantiate $m (with "" (instance (export "f" (func $f')))))))
    (instance $lib (instantiate $lib))
    (instance (instantiate $user (with "f" (func $lib "f")))))
  "cannot block a synchronous task before returning: f in start")

;; A component does not call its own functions, nor those of components within it.
(component
  (core module $lib (func (export "f") (result i32) (i32.const 1)))
  (core instance $lib (instantiate $lib))
  (func $f (result u32) (canon lift (core func $lib "f")))
  (core func $f' (canon lower (func $f)))
  (core module $m (import "" "f" (func $f (result i32))) (func (export "g") (result i32) (call $f)))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f'))))))
  (func (export "g") (result u32) (canon lift (core func $i "g"))))
(assert_trap (invoke "g") "cannot enter component instance")
(component
  (component $child
    (core module $m (func (export "f") (result i32) (i32.const 1)))
    (core instance $i (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $i "f"))))
  (instance $child (instantiate $child))
  (core func $f (canon lower (func $child "f")))
  (core module $m (import "" "f" (func $f (result i32))) (func (export "g") (result i32) (call $f)))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func (export "g") (result u32) (canon lift (core func $i "g"))))
(assert_trap (invoke "g") "cannot enter component instance")

;; Exported instances, also of items from here and there
(component
  (core module $m (func (export "f") (result i32) (i32.const 3)))
  (core instance $i (instantiate $m))
  (func $f (result u32) (canon lift (core func $i "f")))
  (instance $x (export "f" (func $f)) (export "again" (func $f)))
  (instance $y (export "x" (instance $x)) (export "f" (func $x "again")))
  (export "y" (instance $y))
  (export "plain" (func $y "x" "f")))
(assert_return (invoke "plain") (u32.const 3))

;; What nobody provides
(assert_unlinkable (component (import "nobody:has/this@1.0.0" (instance (export "f" (func))))) "nobody:has/this@1.0.0")
(assert_unlinkable (component (import "nobody" (func))) "nobody")
(assert_unlinkable (component (import "m" (core module))) "import \"m\"")
(assert_unlinkable (component (import "c" (component))) "import \"c\"")
;; A type that is imported equal to another is that type, and nobody need provide it.
(component
  (type $l (list u8))
  (import "t" (type $t (eq $l)))
  (core module $m
    (memory (export "mem") 1)
    (func (export "f") (result i32) (i32.const 0)))
  (core instance $i (instantiate $m))
  (func (export "f") (result $t) (canon lift (core func $i "f") (memory (core memory $i "mem")))))
(assert_return (invoke "f") (list.const))
