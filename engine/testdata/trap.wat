;; A component that traps within a component that it contains. Assembled with
;;
;;	wasm-tools parse -g trap.wat -o trap.wasm
;;
;; so that it has a line number table.
(component
  (component $Auth
    (core module $main
      (func $innermost (param i32)
        (if (local.get 0)
          (then unreachable)))
      (func $middle (param i32)
        (call $innermost (local.get 0)))
      (func $check (export "check")
        (call $middle (i32.const 1))))
    (core instance $i (instantiate $main))
    (func (export "check") (canon lift (core func $i "check"))))
  (component $Front
    (import "check" (func $check))
    (core func $check (canon lower (func $check)))
    (core module $front
      (import "" "check" (func $check))
      (func (export "login")
        (call $check)))
    (core instance $i (instantiate $front (with "" (instance (export "check" (func $check))))))
    (func (export "login") (canon lift (core func $i "login"))))
  (instance $auth (instantiate $Auth))
  (instance $front (instantiate $Front (with "check" (func $auth "check"))))
  (func $login (alias export $front "login"))
  (instance $api (export "login" (func $front "login")))
  (export "test:trap/api@1.0.0" (instance $api)))
