;; Opens files of the release, and gives them to somebody who reads them.
(component
  (import "test:same/files@1.0.0" (instance $files
    (export "file" (type $file (sub resource)))
    (export "open" (func (param "n" u32) (result (own $file))))))
  (alias export $files "file" (type $file))
  (import "test:same/reads@1.0.0" (instance $reads
    (export "read" (func (param "f" (own $file)) (result u32)))))
  (core func $open (canon lower (func $files "open")))
  (core func $read (canon lower (func $reads "read")))
  (core module $m
    (import "host" "open" (func $open (param i32) (result i32)))
    (import "host" "read" (func $read (param i32) (result i32)))
    (func (export "number") (param i32) (result i32) (call $read (call $open (local.get 0)))))
  (core instance $i (instantiate $m (with "host" (instance (export "open" (func $open)) (export "read" (func $read))))))
  (func (export "number") (param "n" u32) (result u32) (canon lift (core func $i "number")))
)
