;; Strings, to and from the host and between components.

(component definition $text
  (core module $m
    (memory (export "mem") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
      (if (local.get 0) (then
        ;; the last block can grow and shrink in place
        (global.set $next (i32.add (local.get 0) (local.get 3)))
        (return (local.get 0))))
      (local.set $p (i32.and (i32.add (global.get $next) (i32.const 1)) (i32.const -2)))
      (global.set $next (i32.add (local.get $p) (local.get 3)))
      (local.get $p))
    (func (export "echo") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      (i32.const 16))
    (func (export "bytes") (param i32 i32) (result i32) (local.get 1))
    (func (export "put") (param $at i32) (param $word i32) (i32.store (local.get $at) (local.get $word))))
  (core instance $i (instantiate $m))
  (alias core export $i "mem" (core memory $mem))
  (alias core export $i "realloc" (core func $realloc))
  (alias core export $i "echo" (core func $echo))
  (func (export "echo") (param "s" string) (result string)
    (canon lift (core func $echo) string-encoding=utf8 (memory $mem) (realloc $realloc)))
  (func (export "bytes") (param "s" string) (result u32)
    (canon lift (core func $i "bytes") string-encoding=utf8 (memory $mem) (realloc $realloc)))
  ;; any place and length that the caller wants, read as a string
  (func (export "read") (param "at" u32) (param "bytes" u32) (result string)
    (canon lift (core func $echo) string-encoding=utf8 (memory $mem)))
  (func (export "put") (param "at" u32) (param "word" u32) (canon lift (core func $i "put"))))

(component instance $i $text)
(assert_return (invoke "echo" (str.const "")) (str.const ""))
(assert_return (invoke "echo" (str.const "plain")) (str.const "plain"))
(assert_return (invoke "echo" (str.const "añ€\u{1f600}")) (str.const "añ€\u{1f600}"))
;; a NUL is a character like any other
(assert_return (invoke "echo" (str.const "a\00b")) (str.const "a\00b"))

;; What guests get is bytes.
(assert_return (invoke "bytes" (str.const "añ€\u{1f600}")) (u32.const 10))

;; Text at the very end of memory, and none beyond it
(assert_return (invoke "put" (u32.const 65532) (u32.const 0x64636261)))
(assert_return (invoke "read" (u32.const 65532) (u32.const 4)) (str.const "abcd"))
(assert_return (invoke "read" (u32.const 65536) (u32.const 0)) (str.const ""))
(assert_trap (invoke "read" (u32.const 65533) (u32.const 4)) "out of bounds")
(component instance $far $text)
(assert_trap (invoke "read" (u32.const 0xffffffff) (u32.const 2)) "out of bounds")
(component instance $long $text)
(assert_trap (invoke "read" (u32.const 0) (u32.const 0x80000000)) "too long")

;; Not UTF-8: a byte alone, an overlong form, a surrogate, a code point too great, half of a character
(component instance $u1 $text)
(invoke "put" (u32.const 0x100) (u32.const 0x80))
(assert_trap (invoke "read" (u32.const 0x100) (u32.const 1)) "not valid UTF-8")
(component instance $u2 $text)
(invoke "put" (u32.const 0x100) (u32.const 0x80c0))
(assert_trap (invoke "read" (u32.const 0x100) (u32.const 2)) "not valid UTF-8")
(component instance $u3 $text)
(invoke "put" (u32.const 0x100) (u32.const 0x80a0ed))
(assert_trap (invoke "read" (u32.const 0x100) (u32.const 3)) "not valid UTF-8")
(component instance $u4 $text)
(invoke "put" (u32.const 0x100) (u32.const 0x808090f4))
(assert_trap (invoke "read" (u32.const 0x100) (u32.const 4)) "not valid UTF-8")
(component instance $u5 $text)
(invoke "put" (u32.const 0x100) (u32.const 0x82e2))
(assert_trap (invoke "read" (u32.const 0x100) (u32.const 2)) "not valid UTF-8")

;; Between components the callee gets a copy.
(component
  (component $callee
    (core module $m
      (memory (export "mem") 1)
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.set $next (i32.add (global.get $next) (i32.const 64)))
        (global.get $next))
      ;; overwrites what it got, and says the length and what the first byte was
      (func (export "f") (param i32 i32) (result i32) (local $first i32)
        (local.set $first (i32.load8_u (local.get 0)))
        (i32.store8 (local.get 0) (i32.const 0))
        (i32.add (i32.mul (local.get 1) (i32.const 1000)) (local.get $first))))
    (core instance $i (instantiate $m))
    (func (export "f") (param "s" string) (result u32)
      (canon lift (core func $i "f") (memory (core memory $i "mem")) (realloc (core func $i "realloc")))))
  (component $caller
    (import "f" (func $f (param "s" string) (result u32)))
    (core module $Mem (memory (export "mem") 1) (data (i32.const 0) "\c3\a9\e2\82\ac"))
    (core instance $mem (instantiate $Mem))
    (core func $f' (canon lower (func $f) (memory (core memory $mem "mem"))))
    (core module $m
      (import "" "mem" (memory 1))
      (import "" "f" (func $f (param i32 i32) (result i32)))
      (func (export "text") (result i32) (call $f (i32.const 0) (i32.const 5)))
      (func (export "own-text") (result i32)
        (drop (call $f (i32.const 0) (i32.const 5)))
        (i32.load8_u (i32.const 0)))
      ;; the second character begins in the middle of the first
      (func (export "torn") (result i32) (call $f (i32.const 1) (i32.const 4)))
      (func (export "beyond") (result i32) (call $f (i32.const 65535) (i32.const 2))))
    (core instance $i (instantiate $m (with "" (instance
      (export "mem" (memory $mem "mem")) (export "f" (func $f'))))))
    (func (export "text") (result u32) (canon lift (core func $i "text")))
    (func (export "own-text") (result u32) (canon lift (core func $i "own-text")))
    (func (export "torn") (result u32) (canon lift (core func $i "torn")))
    (func (export "beyond") (result u32) (canon lift (core func $i "beyond"))))
  (instance $callee (instantiate $callee))
  (instance $caller (instantiate $caller (with "f" (func $callee "f"))))
  (func (export "text") (alias export $caller "text"))
  (func (export "own-text") (alias export $caller "own-text"))
  (func (export "torn") (alias export $caller "torn"))
  (func (export "beyond") (alias export $caller "beyond")))
(assert_return (invoke "text") (u32.const 5195))
(assert_return (invoke "own-text") (u32.const 0xc3))
(assert_trap (invoke "torn") "not valid UTF-8")
(assert_trap (invoke "beyond") "cannot enter component instance")
