;; Reads files of the release candidate.
(component
  (import "test:same/files@1.0.0-rc1" (instance $files
    (export "file" (type $file (sub resource)))
    (export "[method]file.number" (func (param "self" (borrow $file)) (result u32)))))
  (alias export $files "file" (type $file))
  (core func $number (canon lower (func $files "[method]file.number")))
  (core func $drop (canon resource.drop $file))
  (core module $m
    (import "host" "number" (func $number (param i32) (result i32)))
    (import "host" "drop" (func $drop (param i32)))
    (func (export "read") (param i32) (result i32) (local $n i32)
      (local.set $n (call $number (local.get 0)))
      (call $drop (local.get 0))
      (local.get $n)))
  (core instance $i (instantiate $m (with "host" (instance (export "number" (func $number)) (export "drop" (func $drop))))))
  (func $read (param "f" (own $file)) (result u32) (canon lift (core func $i "read")))
  (instance $out (export "read" (func $read)))
  (export "test:same/reads@1.0.0" (instance $out))
)
