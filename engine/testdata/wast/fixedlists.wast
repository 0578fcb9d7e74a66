;; Lists of fixed length lie where they are, without a pointer, and are flattened element by
;; element.

(component
  (core module $m
    (memory (export "mem") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
      (local.set $p (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $p) (local.get 3)))
      (local.get $p))
    (func (export "swap") (param i32 i32) (result i32)
      (i32.store16 (i32.const 16) (local.get 1))
      (i32.store16 (i32.const 18) (local.get 0))
      (i32.const 16))
    (func (export "one") (param f64) (result f64) (local.get 0))
    (func (export "echo") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      (i32.const 16))
    ;; two strings in four core values, and out as the address of two
    (func (export "strings") (param i32 i32 i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      (i32.store (i32.const 24) (local.get 2))
      (i32.store (i32.const 28) (local.get 3))
      (i32.const 16))
    ;; seventeen flat values are too many: the address of all
    (func (export "many") (param i32) (result i32)
      (i32.add (i32.load8_u (local.get 0)) (i32.load8_u offset=16 (local.get 0))))
    (func (export "bools") (result i32) (i32.store (i32.const 16) (i32.const 0x00ff0100)) (i32.const 16))
    (func (export "bad-char") (result i32) (i64.store (i32.const 16) (i64.const 0xd80000000041)) (i32.const 16))
    (func (export "at") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m))
  (alias core export $i "mem" (core memory $mem))
  (alias core export $i "realloc" (core func $realloc))
  (func (export "swap") (param "l" (list u16 2)) (result (list u16 2)) (canon lift (core func $i "swap") (memory $mem)))
  (func (export "one") (param "l" (list f64 1)) (result (list f64 1)) (canon lift (core func $i "one")))
  (func (export "bytes") (param "l" (list (list u8 3))) (result (list (list u8 3)))
    (canon lift (core func $i "echo") (memory $mem) (realloc $realloc)))
  (func (export "options") (param "l" (list (list (option u32) 2))) (result (list (list (option u32) 2)))
    (canon lift (core func $i "echo") (memory $mem) (realloc $realloc)))
  (func (export "strings") (param "l" (list string 2)) (result (list string 2))
    (canon lift (core func $i "strings") (memory $mem) (realloc $realloc)))
  (func (export "many") (param "l" (list u8 17)) (result u32)
    (canon lift (core func $i "many") (memory $mem) (realloc $realloc)))
  (func (export "bools") (result (list bool 4)) (canon lift (core func $i "bools") (memory $mem)))
  (func (export "bad-char") (result (list char 2)) (canon lift (core func $i "bad-char") (memory $mem)))
  (func (export "at") (param "at" u32) (result (list u32 2)) (canon lift (core func $i "at") (memory $mem))))

(assert_return (invoke "swap" (list.const (u16.const 1) (u16.const 0xffff))) (list.const (u16.const 0xffff) (u16.const 1)))
(assert_return (invoke "one" (list.const (f64.const 0.5))) (list.const (f64.const 0.5)))
(assert_return (invoke "bytes" (list.const (list.const (u8.const 1) (u8.const 2) (u8.const 3)) (list.const (u8.const 4) (u8.const 5) (u8.const 6))))
  (list.const (list.const (u8.const 1) (u8.const 2) (u8.const 3)) (list.const (u8.const 4) (u8.const 5) (u8.const 6))))
(assert_return (invoke "options" (list.const (list.const (option.some (u32.const 7)) (option.none))))
  (list.const (list.const (option.some (u32.const 7)) (option.none))))
(assert_return (invoke "strings" (list.const (str.const "a") (str.const "\u{20ac}"))) (list.const (str.const "a") (str.const "\u{20ac}")))
(assert_return
  (invoke "many" (list.const
    (u8.const 100) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0)
    (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 0) (u8.const 17)))
  (u32.const 117))
;; any byte but 0 is true
(assert_return (invoke "bools")
  (list.const (bool.const false) (bool.const true) (bool.const true) (bool.const false)))
(assert_return (invoke "at" (u32.const 65528)) (list.const (u32.const 0) (u32.const 0)))
(assert_trap (invoke "bad-char") "invalid char 0xd800")

;; The whole list must lie in memory, aligned as its elements.
(component definition $place
  (core module $m (memory (export "mem") 1) (func (export "at") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m))
  (func (export "at") (param "at" u32) (result (list u32 2))
    (canon lift (core func $i "at") (memory (core memory $i "mem")))))
(component instance $place1 $place)
(assert_trap (invoke "at" (u32.const 65532)) "out of bounds")
(component instance $place2 $place)
(assert_trap (invoke "at" (u32.const 2)) "unaligned pointer 0x2 (alignment 4)")

;; There is no list of no elements, and none of 2^28 bytes.
(assert_invalid (component (type (list u8 268435456))) "the limit is 268435455")

;; From component to component, in core values and in memory
(component
  (component $callee
    (core module $m
      (memory (export "mem") 1)
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
        (local.set $p (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
        (global.set $next (i32.add (local.get $p) (local.get 3)))
        (local.get $p))
      (func (export "sum") (param i32 i32 i32) (result i32)
        (i32.add (local.get 0) (i32.add (local.get 1) (local.get 2))))
      ;; pairs of a flag and a text: the flags and lengths
      (func (export "texts") (param i32 i32 i32 i32 i32 i32) (result i32)
        (i32.add (i32.mul (i32.const 1000) (i32.add (local.get 0) (local.get 3))) (i32.add (local.get 2) (local.get 5))))
      (func (export "lists") (param i32 i32) (result i32)
        (i32.add (i32.load8_u (local.get 0)) (i32.load8_u offset=5 (local.get 0)))))
    (core instance $i (instantiate $m))
    (alias core export $i "mem" (core memory $mem))
    (alias core export $i "realloc" (core func $realloc))
    (func (export "sum") (param "l" (list s8 3)) (result s32) (canon lift (core func $i "sum")))
    (func (export "texts") (param "l" (list (tuple bool string) 2)) (result u32)
      (canon lift (core func $i "texts") (memory $mem) (realloc $realloc)))
    (func (export "lists") (param "l" (list (list bool 3))) (result u32)
      (canon lift (core func $i "lists") (memory $mem) (realloc $realloc))))
  (component $caller
    (import "sum" (func $sum (param "l" (list s8 3)) (result s32)))
    (import "texts" (func $texts (param "l" (list (tuple bool string) 2)) (result u32)))
    (import "lists" (func $lists (param "l" (list (list bool 3))) (result u32)))
    (core module $Mem (memory (export "mem") 1) (data (i32.const 0) "abcdefgh"))
    (core instance $mem (instantiate $Mem))
    (core func $sum' (canon lower (func $sum)))
    (core func $texts' (canon lower (func $texts) (memory (core memory $mem "mem"))))
    (core func $lists' (canon lower (func $lists) (memory (core memory $mem "mem"))))
    (core module $m
      (import "" "sum" (func $sum (param i32 i32 i32) (result i32)))
      (import "" "texts" (func $texts (param i32 i32 i32 i32 i32 i32) (result i32)))
      (import "" "lists" (func $lists (param i32 i32) (result i32)))
      ;; what lies above the eighth bit does not count
      (func (export "sum") (result i32) (call $sum (i32.const 0x1ff) (i32.const 2) (i32.const 0x80)))
      (func (export "texts") (result i32)
        (call $texts (i32.const 7) (i32.const 0) (i32.const 3) (i32.const 1) (i32.const 3) (i32.const 5)))
      (func (export "lists") (result i32) (call $lists (i32.const 0) (i32.const 2))))
    (core instance $i (instantiate $m (with "" (instance
      (export "sum" (func $sum')) (export "texts" (func $texts')) (export "lists" (func $lists'))))))
    (func (export "sum") (result s32) (canon lift (core func $i "sum")))
    (func (export "texts") (result u32) (canon lift (core func $i "texts")))
    (func (export "lists") (result u32) (canon lift (core func $i "lists"))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller
    (with "sum" (func $callee "sum")) (with "texts" (func $callee "texts")) (with "lists" (func $callee "lists"))))
  (func (export "sum") (alias export $caller "sum"))
  (func (export "texts") (alias export $caller "texts"))
  (func (export "lists") (alias export $caller "lists")))
(assert_return (invoke "sum") (s32.const -127))
(assert_return (invoke "texts") (u32.const 2008))
;; bytes that are true are 1 for the receiver
(assert_return (invoke "lists") (u32.const 2))
