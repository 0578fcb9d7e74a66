;; A component without code that exports the host interface that it imports.
(component
  (import "test:any/host@1.2.0" (instance $host
    (type $pair' (record (field "left" string) (field "right" (list u16))))
    (export "pair" (type $pair (eq $pair')))
    (export "swap" (func (param "names" (list string)) (param "limit" (option u64)) (result (result $pair (error string)))))
    (export "many" (func (param "a" u64) (param "b" u64) (param "c" u64) (param "d" u64) (param "e" u64) (param "f" u64)
      (param "g" u64) (param "h" u64) (param "i" u64) (param "j" u64) (param "k" u64) (param "l" u64) (param "m" u64)
      (param "n" u64) (param "o" u64) (param "p" u64) (param "q" string) (result u64)))
    (export "later" (func async (param "s" string) (result string)))
    (export "nothing" (func))
    (export "counter" (type $counter (sub resource)))
    (export "[constructor]counter" (func (param "from" u32) (result (own $counter))))
    (export "[method]counter.next" (func (param "self" (borrow $counter)) (param "by" f64) (result u32)))
    (export "[method]counter.merge" (func (param "self" (borrow $counter)) (param "with" (own $counter)) (result (own $counter))))
    (export "sum" (func (param "all" (list (borrow $counter))) (result u32)))))
  (export "again" (instance $host)))
