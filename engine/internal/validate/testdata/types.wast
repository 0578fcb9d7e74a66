;; Value and function types.

(component definition
  (type $p (record (field "name" string) (field "AGE-2" u8)))
  (type $q (variant (case "a" $p) (case "b")))
  (type (list $q))
  (type (list u8 4))
  (type (map string $q))
  (type (tuple $p bool char))
  (type (flags "r" "w"))
  (type (enum "e"))
  (type (option (result $p (error string))))
  (type (stream $p))
  (type (future))
  (type (func async (param "a" $p) (param "b" (list f64)) (result (option $q)))))

(assert_invalid (component (type (list 0))) "index out of bounds | type")
(assert_invalid (component (type (func (param "a" 7)))) "index out of bounds | type")
(assert_invalid (component (type (func (result 7)))) "index out of bounds | type")
(assert_invalid
  (component (type $f (func)) (type (option $f)))
  "type | type index 0 is not a defined type")
(assert_invalid
  (component (type $r (resource (rep i32))) (type (list $r)))
  "type | type index 0 is not a defined type")
(assert_invalid
  (component (type $t u8) (type (own $t)))
  "type | type index 0 is not a resource type")
(assert_invalid
  (component (type $t (instance)) (type (borrow $t)))
  "type | type index 0 is not a resource type")

(assert_invalid (component (type (record (field "" u8)))) "name | record field name cannot be empty")
(assert_invalid (component (type (record (field "a_b" u8)))) "name | not in kebab case")
(assert_invalid (component (type (record (field "1a" u8)))) "name | not in kebab case")
(assert_invalid (component (type (variant (case "aB")))) "name | variant case name \"aB\"")
(assert_invalid (component (type (enum "a-")))  "name | enum case name \"a-\"")
(assert_invalid (component (type (flags "é"))) "name | flag name")
(assert_invalid (component (type (func (param "-a" u8)))) "name | function parameter name")
(assert_invalid
  (component (type (record (field "a-b" u8) (field "A-B" u8))))
  "unique names | record field name \"A-B\" conflicts with previous name \"a-b\"")
(assert_invalid (component (type (variant (case "a") (case "A")))) "unique names | variant case")
(assert_invalid (component (type (enum "a" "a"))) "unique names | enum case")
(assert_invalid (component (type (flags "a" "A"))) "unique names | flag")
(assert_invalid (component (type (func (param "a" u8) (param "A" u8)))) "unique names | function parameter")

(assert_invalid (component (type (record))) "type | at least one field")
(assert_invalid (component (type (map f32 u8))) "type | cannot be the key of a map")
(assert_invalid (component (type (stream char))) "type | stream<char>")
(assert_invalid (component (type (list u64 33554432))) "type | the limit is 268435455")
(assert_invalid
  (component (type $r (resource (rep i32))) (type (func (result (list (borrow $r))))))
  "type | result of a function cannot contain a borrow")
(assert_invalid
  (component (type $r (resource (rep i32))) (type (future (option (borrow $r)))))
  "type | element of a future cannot contain a borrow")
