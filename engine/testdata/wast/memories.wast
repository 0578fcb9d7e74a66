;; Several component instances with memories: one each, two, and one that nobody outside can name.

(component definition $memories
  (component $One
    (core module $m
      (memory 1)
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
    (core instance $i (instantiate $m))
    (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $i "grow"))))
  (component $Two
    (import "other" (func $other (param "pages" u32) (result s32)))
    (core func $other (canon lower (func $other)))
    (core module $m
      (import "" "other" (func $other (param i32) (result i32)))
      (memory (export "mem") 1)
      (memory $second 1)
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "grow-second") (param i32) (result i32) (memory.grow $second (local.get 0)))
      ;; its own, the other's, and its own again, and whether all could
      (func (export "in-turn") (param i32) (result i32)
        (i32.and
          (i32.and (i32.ge_s (memory.grow (local.get 0)) (i32.const 0)) (i32.ge_s (call $other (local.get 0)) (i32.const 0)))
          (i32.ge_s (memory.grow (local.get 0)) (i32.const 0))))
      ;; both memories at once, without asking anybody, and then goes on
      (func (export "grab") (param i32)
        (drop (memory.grow (local.get 0)))
        (drop (memory.grow $second (local.get 0)))
        (loop $l (br $l))))
    (core instance $i (instantiate $m (with "" (instance (export "other" (func $other))))))
    (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $i "grow")))
    (func (export "grow-second") (param "pages" u32) (result s32) (canon lift (core func $i "grow-second")))
    (func (export "in-turn") (param "pages" u32) (result bool) (canon lift (core func $i "in-turn")))
    (func (export "grab") (param "pages" u32) (canon lift (core func $i "grab"))))
  (instance $one (instantiate $One))
  (instance $two (instantiate $Two (with "other" (func $one "grow"))))
  (export "one" (func $one "grow"))
  (export "two" (func $two "grow"))
  (export "second" (func $two "grow-second"))
  (export "in-turn" (func $two "in-turn"))
  (export "grab" (func $two "grab")))

(component instance $i $memories)
(assert_return (invoke "one" (u32.const 2)) (s32.const 1))
(assert_return (invoke "one" (u32.const 0)) (s32.const 3))
(assert_return (invoke "in-turn" (u32.const 1)) (bool.const true))
(assert_return (invoke "two" (u32.const 0)) (s32.const 3))
(assert_return (invoke "second" (u32.const 0)) (s32.const 1))
