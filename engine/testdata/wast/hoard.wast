;; Memories that are made to grow where the host does not see it: many of one component instance
;; in code that never loops nor calls, and those of many in start functions.

(component definition $hoard
  (core module $m
    (memory $a 1) (memory $b 1) (memory $c 1) (memory $d 1) (memory $e 1) (memory $f 1) (memory $g 1) (memory $h 1)
    ;; how many of them could
    (func (export "grow") (param $n i32) (result i32)
      (i32.ge_s (memory.grow $a (local.get $n)) (i32.const 0))
      (i32.add (i32.ge_s (memory.grow $b (local.get $n)) (i32.const 0)))
      (i32.add (i32.ge_s (memory.grow $c (local.get $n)) (i32.const 0)))
      (i32.add (i32.ge_s (memory.grow $d (local.get $n)) (i32.const 0)))
      (i32.add (i32.ge_s (memory.grow $e (local.get $n)) (i32.const 0)))
      (i32.add (i32.ge_s (memory.grow $f (local.get $n)) (i32.const 0)))
      (i32.add (i32.ge_s (memory.grow $g (local.get $n)) (i32.const 0)))
      (i32.add (i32.ge_s (memory.grow $h (local.get $n)) (i32.const 0))))
    (func (export "grow-one") (param $n i32) (result i32) (memory.grow $c (local.get $n))))
  (core instance $i (instantiate $m))
  (func (export "grow") (param "pages" u32) (result u32) (canon lift (core func $i "grow")))
  (func (export "grow-one") (param "pages" u32) (result s32) (canon lift (core func $i "grow-one"))))
(component instance $i $hoard)
(assert_return (invoke "grow" (u32.const 1)) (u32.const 8))
(assert_return (invoke "grow-one" (u32.const 0)) (s32.const 2))

;; each takes 20 pages before the component is there, if it can
(component definition $starting
  (component $one
    (core module $m
      (memory 1)
      (func $start (drop (memory.grow (i32.const 19))))
      (start $start)
      (func (export "pages") (result i32) (memory.size)))
    (core instance $i (instantiate $m))
    (func (export "pages") (result u32) (canon lift (core func $i "pages"))))
  (instance $a (instantiate $one))
  (instance $b (instantiate $one))
  (instance $c (instantiate $one))
  (instance $d (instantiate $one))
  (export "a" (func $a "pages"))
  (export "b" (func $b "pages"))
  (export "c" (func $c "pages"))
  (export "d" (func $d "pages")))
(component instance $s $starting)
(assert_return (invoke "a") (u32.const 20))
(assert_return (invoke "d") (u32.const 20))

;; the same in one component instance, whose memories others see
(component definition $starting-together
  (core module $m
    (memory (export "mem") 1)
    (func $start (drop (memory.grow (i32.const 19))))
    (start $start)
    (func (export "pages") (result i32) (memory.size)))
  (core instance $a (instantiate $m))
  (core instance $b (instantiate $m))
  (core instance $c (instantiate $m))
  (core instance $d (instantiate $m))
  (func (export "a") (result u32) (canon lift (core func $a "pages")))
  (func (export "b") (result u32) (canon lift (core func $b "pages")))
  (func (export "c") (result u32) (canon lift (core func $c "pages")))
  (func (export "d") (result u32) (canon lift (core func $d "pages"))))
(component instance $t $starting-together)
(assert_return (invoke "a") (u32.const 20))
(assert_return (invoke "d") (u32.const 20))
