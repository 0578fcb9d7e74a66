;; A component whose exports do one thing each. calls.wasm is made of it by
;;
;;     wasm-tools parse calls.wat -o calls.wasm
(component
  (core module $m
    (memory (export "memory") 1)
    (global $calls (mut i32) (i32.const 0))
    (func (export "count") (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (global.get $calls))
    (func (export "trap") unreachable)
    (func (export "loop") (loop $again (br $again)))
    (func (export "deep") (call 3))
    (func (export "grow") (result i32) (memory.grow (i32.const 1000))))
  (core instance $i (instantiate $m))
  (func (export "count") (result u32) (canon lift (core func $i "count")))
  (func (export "trap") (canon lift (core func $i "trap")))
  (func (export "loop") (canon lift (core func $i "loop")))
  (func (export "deep") (canon lift (core func $i "deep")))
  (func (export "grow") (result s32) (canon lift (core func $i "grow"))))
