;; Numbers, bool and char: lifting results from core values and lowering arguments into them.

(component
  (core module $m
    (func (export "i32") (param i32) (result i32) (local.get 0))
    (func (export "i64") (param i64) (result i64) (local.get 0))
    (func (export "f32") (param f32) (result f32) (local.get 0))
    (func (export "f64") (param f64) (result f64) (local.get 0)))
  (core instance $i (instantiate $m))
  (func (export "bool") (param "x" bool) (result bool) (canon lift (core func $i "i32")))
  (func (export "s8") (param "x" s8) (result s8) (canon lift (core func $i "i32")))
  (func (export "u8") (param "x" u8) (result u8) (canon lift (core func $i "i32")))
  (func (export "s16") (param "x" s16) (result s16) (canon lift (core func $i "i32")))
  (func (export "u16") (param "x" u16) (result u16) (canon lift (core func $i "i32")))
  (func (export "s32") (param "x" s32) (result s32) (canon lift (core func $i "i32")))
  (func (export "u32") (param "x" u32) (result u32) (canon lift (core func $i "i32")))
  (func (export "s64") (param "x" s64) (result s64) (canon lift (core func $i "i64")))
  (func (export "u64") (param "x" u64) (result u64) (canon lift (core func $i "i64")))
  (func (export "f32") (param "x" f32) (result f32) (canon lift (core func $i "f32")))
  (func (export "f64") (param "x" f64) (result f64) (canon lift (core func $i "f64")))
  (func (export "char") (param "x" char) (result char) (canon lift (core func $i "i32")))
  ;; The same core value as another type: what is beyond the type's width is cut off.
  (func (export "u32-as-u8") (param "x" u32) (result u8) (canon lift (core func $i "i32")))
  (func (export "u32-as-s8") (param "x" u32) (result s8) (canon lift (core func $i "i32")))
  (func (export "u32-as-u16") (param "x" u32) (result u16) (canon lift (core func $i "i32")))
  (func (export "u32-as-s16") (param "x" u32) (result s16) (canon lift (core func $i "i32")))
  (func (export "u32-as-bool") (param "x" u32) (result bool) (canon lift (core func $i "i32")))
  (func (export "s8-as-u32") (param "x" s8) (result u32) (canon lift (core func $i "i32")))
  (func (export "s16-as-u32") (param "x" s16) (result u32) (canon lift (core func $i "i32")))
  (func (export "bool-as-u32") (param "x" bool) (result u32) (canon lift (core func $i "i32"))))

(assert_return (invoke "bool" (bool.const true)) (bool.const true))
(assert_return (invoke "bool" (bool.const false)) (bool.const false))
(assert_return (invoke "s8" (s8.const -128)) (s8.const -128))
(assert_return (invoke "s8" (s8.const 127)) (s8.const 127))
(assert_return (invoke "u8" (u8.const 255)) (u8.const 255))
(assert_return (invoke "s16" (s16.const -32768)) (s16.const -32768))
(assert_return (invoke "s16" (s16.const 32767)) (s16.const 32767))
(assert_return (invoke "u16" (u16.const 65535)) (u16.const 65535))
(assert_return (invoke "s32" (s32.const -2147483648)) (s32.const -2147483648))
(assert_return (invoke "u32" (u32.const 4294967295)) (u32.const 4294967295))
(assert_return (invoke "s64" (s64.const -9223372036854775808)) (s64.const -9223372036854775808))
(assert_return (invoke "u64" (u64.const 18446744073709551615)) (u64.const 18446744073709551615))
(assert_return (invoke "f32" (f32.const -1.5)) (f32.const -1.5))
(assert_return (invoke "f32" (f32.const -inf)) (f32.const -inf))
(assert_return (invoke "f64" (f64.const 1e308)) (f64.const 1e308))
(assert_return (invoke "f64" (f64.const -0)) (f64.const -0))
(assert_return (invoke "char" (char.const "a")) (char.const "a"))
(assert_return (invoke "char" (char.const "\u{10ffff}")) (char.const "\u{10ffff}"))

;; Signed types are signed even where the value is positive in the wider type.
(assert_return (invoke "u32-as-u8" (u32.const 0xfffffff0)) (u8.const 0xf0))
(assert_return (invoke "u32-as-s8" (u32.const 0x1ff)) (s8.const -1))
(assert_return (invoke "u32-as-s8" (u32.const 0x80)) (s8.const -128))
(assert_return (invoke "u32-as-u16" (u32.const 0xabcd1234)) (u16.const 0x1234))
(assert_return (invoke "u32-as-s16" (u32.const 0x18000)) (s16.const -32768))
(assert_return (invoke "u32-as-bool" (u32.const 2)) (bool.const true))
(assert_return (invoke "u32-as-bool" (u32.const 0x80000000)) (bool.const true))
(assert_return (invoke "u32-as-bool" (u32.const 0)) (bool.const false))
(assert_return (invoke "s8-as-u32" (s8.const -1)) (u32.const 0xffffffff))
(assert_return (invoke "s16-as-u32" (s16.const -2)) (u32.const 0xfffffffe))
(assert_return (invoke "bool-as-u32" (bool.const true)) (u32.const 1))

;; Surrogates and what is beyond the last code point are not characters.
(component definition $chars
  (core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m))
  (func (export "char") (param "x" u32) (result char) (canon lift (core func $i "f"))))
(component instance $a $chars)
(assert_return (invoke "char" (u32.const 0xd7ff)) (char.const "\u{d7ff}"))
(assert_return (invoke "char" (u32.const 0xe000)) (char.const "\u{e000}"))
(assert_trap (invoke "char" (u32.const 0xd800)) "invalid char 0xd800")
(component instance $b $chars)
(assert_trap (invoke "char" (u32.const 0xdfff)) "invalid char 0xdfff")
(component instance $c $chars)
(assert_trap (invoke "char" (u32.const 0x110000)) "invalid char 0x110000")
(component instance $d $chars)
(assert_trap (invoke "char" (u32.const 0xffffffff)) "invalid char 0xffffffff")
;; The instance that broke the rule is dead.
(assert_trap (invoke "char" (u32.const 65)) "")

;; Between two components a NaN stays one, and values keep their width.
(component
  (component $c
    (core module $m
      (func (export "f32") (param f32) (result f32) (local.get 0))
      (func (export "u8") (param i32) (result i32) (local.get 0)))
    (core instance $i (instantiate $m))
    (func (export "f32") (param "x" f32) (result f32) (canon lift (core func $i "f32")))
    (func (export "u8") (param "x" u8) (result u8) (canon lift (core func $i "u8"))))
  (component $d
    (import "c" (instance $c
      (export "f32" (func (param "x" f32) (result f32)))
      (export "u8" (func (param "x" u8) (result u8)))))
    (core func $f32 (canon lower (func $c "f32")))
    (core func $u8 (canon lower (func $c "u8")))
    (core module $m
      (import "" "f32" (func $f32 (param f32) (result f32)))
      (import "" "u8" (func $u8 (param i32) (result i32)))
      (func (export "nan") (result i32)
        (f32.ne (call $f32 (f32.reinterpret_i32 (i32.const 0x7fa00001))) (f32.const 0)))
      ;; The argument is cut to its width on the way out of the caller.
      (func (export "wide") (result i32) (call $u8 (i32.const 0x1234))))
    (core instance $i (instantiate $m (with "" (instance
      (export "f32" (func $f32)) (export "u8" (func $u8))))))
    (func (export "nan") (result bool) (canon lift (core func $i "nan")))
    (func (export "wide") (result u32) (canon lift (core func $i "wide"))))
  (instance $c (instantiate $c))
  (instance $d (instantiate $d (with "c" (instance $c))))
  (func (export "nan") (alias export $d "nan"))
  (func (export "wide") (alias export $d "wide")))
(assert_return (invoke "nan") (bool.const true))
(assert_return (invoke "wide") (u32.const 0x34))
