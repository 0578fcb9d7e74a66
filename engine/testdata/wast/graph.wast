;; Components that are composed by the host: the nodes of the graphs in the engine's tests in Go.

;; counts its calls
(component definition $counter
  (core module $m
    (global $n (mut i32) (i32.const 0))
    (func (export "next") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (global.get $n)))
  (core instance $i (instantiate $m))
  (func $next (result u32) (canon lift (core func $i "next")))
  (instance (export "test:graph/counter@1.0.0") (export "next" (func $next))))

;; counts its own calls in tens, and adds the shared count
(component definition $side
  (import "test:graph/counter@1.0.0" (instance $c (export "next" (func (result u32)))))
  (core func $next (canon lower (func $c "next")))
  (core module $m
    (import "" "next" (func $next (result i32)))
    (global $n (mut i32) (i32.const 0))
    (func (export "get") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 10)))
      (i32.add (global.get $n) (call $next))))
  (core instance $i (instantiate $m (with "" (instance (export "next" (func $next))))))
  (func $get (result u32) (canon lift (core func $i "get")))
  (instance (export "test:graph/side@1.2.0") (export "get" (func $get))))

;; the top of a diamond: left * 1000 + right
(component definition $top
  (import "left" (instance $l (export "get" (func (result u32)))))
  (import "test:graph/side@1.0.0" (instance $r (export "get" (func (result u32)))))
  (core func $left (canon lower (func $l "get")))
  (core func $right (canon lower (func $r "get")))
  (core module $m
    (import "" "left" (func $left (result i32)))
    (import "" "right" (func $right (result i32)))
    (func (export "both") (result i32)
      (i32.add (i32.mul (call $left) (i32.const 1000)) (call $right))))
  (core instance $i (instantiate $m (with "" (instance (export "left" (func $left)) (export "right" (func $right))))))
  (func (export "both") (result u32) (canon lift (core func $i "both"))))

;; makes things, and knows how many there are
(component definition $maker
  (core module $m
    (global $live (mut i32) (i32.const 0))
    (func (export "made") (global.set $live (i32.add (global.get $live) (i32.const 1))))
    (func (export "dtor") (param i32) (global.set $live (i32.sub (global.get $live) (i32.const 1))))
    (func (export "get") (param i32) (result i32) (local.get 0))
    (func (export "live") (result i32) (global.get $live)))
  (core instance $i (instantiate $m))
  (type $thing' (resource (rep i32) (dtor (core func $i "dtor"))))
  (core func $new (canon resource.new $thing'))
  (core module $n
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "made" (func $made))
    (func (export "make") (param i32) (result i32) (call $made) (call $new (local.get 0))))
  (core instance $j (instantiate $n (with "" (instance (export "new" (func $new)) (export "made" (func $i "made"))))))
  (func $make' (param "x" u32) (result (own $thing')) (canon lift (core func $j "make")))
  (func $get' (param "self" (borrow $thing')) (result u32) (canon lift (core func $i "get")))
  (func $live' (result u32) (canon lift (core func $i "live")))
  (component $things
    (import "thing" (type $t (sub resource)))
    (import "make" (func $make (param "x" u32) (result (own $t))))
    (import "get" (func $get (param "self" (borrow $t)) (result u32)))
    (import "live" (func $live (result u32)))
    (export $thing "thing" (type $t))
    (export "[constructor]thing" (func $make) (func (param "x" u32) (result (own $thing))))
    (export "[method]thing.get" (func $get) (func (param "self" (borrow $thing)) (result u32)))
    (export "[static]thing.live" (func $live)))
  (instance $out (instantiate $things
    (with "thing" (type $thing')) (with "make" (func $make')) (with "get" (func $get')) (with "live" (func $live'))))
  (export "test:graph/things@1.1.0" (instance $out)))

;; takes a thing, looks at it, and drops it
(component definition $sink
  (import "test:graph/things@1.0.0" (instance $things
    (export "thing" (type $t (sub resource)))
    (export "[method]thing.get" (func (param "self" (borrow $t)) (result u32)))))
  (alias export $things "thing" (type $thing))
  (core func $get (canon lower (func $things "[method]thing.get")))
  (core func $drop (canon resource.drop $thing))
  (core module $m
    (import "" "get" (func $get (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "take") (param i32) (result i32) (local $x i32)
      (local.set $x (call $get (local.get 0)))
      (call $drop (local.get 0))
      (local.get $x))
    ;; what is lent must be given back
    (func (export "look") (param i32) (result i32) (local $x i32)
      (local.set $x (call $get (local.get 0)))
      (call $drop (local.get 0))
      (local.get $x)))
  (core instance $i (instantiate $m (with "" (instance (export "get" (func $get)) (export "drop" (func $drop))))))
  (func $take (param "x" (own $thing)) (result u32) (canon lift (core func $i "take")))
  (func $look (param "x" (borrow $thing)) (result u32) (canon lift (core func $i "look")))
  (instance (export "test:graph/sink@1.0.0") (export "take" (func $take)) (export "look" (func $look))))

;; makes a thing, looks at it, has others look at it, and gives it away
(component definition $user
  (import "test:graph/things@1.1.0" (instance $things
    (export "thing" (type $t (sub resource)))
    (export "[constructor]thing" (func (param "x" u32) (result (own $t))))
    (export "[static]thing.live" (func (result u32)))))
  (alias export $things "thing" (type $thing))
  (import "test:graph/sink@1.0.0" (instance $sink
    (alias outer 1 $thing (type $t'))
    (export "look" (func (param "x" (borrow $t')) (result u32)))
    (export "take" (func (param "x" (own $t')) (result u32)))))
  (core func $make (canon lower (func $things "[constructor]thing")))
  (core func $live (canon lower (func $things "[static]thing.live")))
  (core func $look (canon lower (func $sink "look")))
  (core func $take (canon lower (func $sink "take")))
  (core module $m
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "live" (func $live (result i32)))
    (import "" "look" (func $look (param i32) (result i32)))
    (import "" "take" (func $take (param i32) (result i32)))
    ;; live * 10000 + looked * 100 + taken, the first before it is given away
    (func (export "run") (param i32) (result i32) (local $h i32) (local $n i32)
      (local.set $h (call $make (local.get 0)))
      (local.set $n (i32.mul (call $live) (i32.const 10000)))
      (local.set $n (i32.add (local.get $n) (i32.mul (call $look (local.get $h)) (i32.const 100))))
      (i32.add (local.get $n) (call $take (local.get $h))))
    (func (export "keep") (param i32) (drop (call $make (local.get 0))))
    (func (export "live") (result i32) (call $live)))
  (core instance $i (instantiate $m (with "" (instance
    (export "make" (func $make)) (export "live" (func $live)) (export "look" (func $look)) (export "take" (func $take))))))
  (func (export "run") (param "x" u32) (result u32) (canon lift (core func $i "run")))
  (func (export "keep") (param "x" u32) (canon lift (core func $i "keep")))
  (func (export "live") (result u32) (canon lift (core func $i "live"))))

;; Passes a request's body on, each byte plus the key that the host gives it, and the response
;; back in the same way.
(component definition $middleware
  (import "test:graph/key@1.0.0" (instance $host (export "key" (func (result u32)))))
  (type $s (stream u8))
  (import "test:graph/handler@1.0.0" (instance $next (export "handle" (func async (param "body" $s) (result $s)))))
  (core module $Mem (memory (export "mem") 1))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "mem" (core memory $mem))
  (core func $key (canon lower (func $host "key")))
  (core func $handle (canon lower (func $next "handle")))
  (core func $new (canon stream.new $s))
  (core func $read (canon stream.read $s (memory $mem)))
  (core func $write (canon stream.write $s (memory $mem)))
  (core func $drop-r (canon stream.drop-readable $s))
  (core func $drop-w (canon stream.drop-writable $s))
  (core func $return (canon task.return (result $s)))
  (core module $m
    (import "" "mem" (memory 1))
    (import "" "key" (func $key (result i32)))
    (import "" "handle" (func $handle (param i32) (result i32)))
    (import "" "new" (func $new (result i64)))
    (import "" "read" (func $read (param i32 i32 i32) (result i32)))
    (import "" "write" (func $write (param i32 i32 i32) (result i32)))
    (import "" "drop-r" (func $drop-r (param i32)))
    (import "" "drop-w" (func $drop-w (param i32)))
    (import "" "return" (func $return (param i32)))
    (global $calls (mut i32) (i32.const 0))
    (func $r (param i64) (result i32) (i32.wrap_i64 (local.get 0)))
    (func $w (param i64) (result i32) (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32))))
    ;; passes on up to $most bytes from $r to $w, through the memory at $at; answers as read does
    (func $pass (param $r i32) (param $w i32) (param $at i32) (param $most i32) (result i32)
      (local $got i32) (local $n i32) (local $i i32)
      (local.set $got (call $read (local.get $r) (local.get $at) (local.get $most)))
      (local.set $n (i32.shr_u (local.get $got) (i32.const 4)))
      (block $keyed
        (loop $l
          (br_if $keyed (i32.ge_u (local.get $i) (local.get $n)))
          (i32.store8 (i32.add (local.get $at) (local.get $i))
            (i32.add (i32.load8_u (i32.add (local.get $at) (local.get $i))) (call $key)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $l)))
      (local.set $i (i32.const 0))
      (block $written
        (loop $l
          (br_if $written (i32.ge_u (local.get $i) (local.get $n)))
          (local.set $i (i32.add (local.get $i) (i32.shr_u
            (call $write (local.get $w) (i32.add (local.get $at) (local.get $i)) (i32.sub (local.get $n) (local.get $i)))
            (i32.const 4))))
          (br $l)))
      (local.get $got))
    (func $ended (param i32) (result i32) (i32.and (local.get 0) (i32.const 1 (; DROPPED ;))))
    (func (export "handle") (param $body i32)
      (local $req i64) (local $res i64) (local $from i32) (local $at i32) (local $got i32) (local $n i32)
      ;; each of 32 calls at the same time has a buffer of 1024 bytes
      (local.set $at (i32.shl (i32.and (global.get $calls) (i32.const 31)) (i32.const 10)))
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (local.set $req (call $new))
      (local.set $res (call $new))
      (local.set $from (call $handle (call $r (local.get $req))))
      (call $return (call $r (local.get $res)))
      (block $over
        (loop $l
          (local.set $got (call $pass (local.get $body) (call $w (local.get $req)) (local.get $at) (i32.const 1000)))
          ;; as much comes back as went in
          (local.set $n (i32.shr_u (local.get $got) (i32.const 4)))
          (block $none
            (loop $back
              (br_if $none (i32.eqz (local.get $n)))
              (local.set $n (i32.sub (local.get $n) (i32.shr_u
                (call $pass (local.get $from) (call $w (local.get $res)) (local.get $at) (local.get $n)) (i32.const 4))))
              (br $back)))
          (br_if $l (i32.eqz (call $ended (local.get $got))))))
      (call $drop-r (local.get $body))
      (call $drop-w (call $w (local.get $req)))
      (loop $rest
        (br_if $rest (i32.eqz (call $ended
          (call $pass (local.get $from) (call $w (local.get $res)) (local.get $at) (i32.const 1000))))))
      (call $drop-r (local.get $from))
      (call $drop-w (call $w (local.get $res)))))
  (core instance $i (instantiate $m (with "" (instance
    (export "mem" (memory $mem)) (export "key" (func $key)) (export "handle" (func $handle)) (export "new" (func $new))
    (export "read" (func $read)) (export "write" (func $write)) (export "drop-r" (func $drop-r)) (export "drop-w" (func $drop-w))
    (export "return" (func $return))))))
  (func $handle' async (param "body" $s) (result $s) (canon lift (core func $i "handle") async))
  (instance (export "test:graph/handler@1.0.0") (export "handle" (func $handle'))))

;; Sends a body back, and "." at its end. "!" traps.
(component definition $handler
  (type $s (stream u8))
  (core module $Mem (memory (export "mem") 1) (data (i32.const 16) "."))
  (core instance $mem (instantiate $Mem))
  (alias core export $mem "mem" (core memory $mem))
  (core func $new (canon stream.new $s))
  (core func $read (canon stream.read $s (memory $mem)))
  (core func $write (canon stream.write $s (memory $mem)))
  (core func $drop-r (canon stream.drop-readable $s))
  (core func $drop-w (canon stream.drop-writable $s))
  (core func $return (canon task.return (result $s)))
  (core module $m
    (import "" "mem" (memory 1))
    (import "" "new" (func $new (result i64)))
    (import "" "read" (func $read (param i32 i32 i32) (result i32)))
    (import "" "write" (func $write (param i32 i32 i32) (result i32)))
    (import "" "drop-r" (func $drop-r (param i32)))
    (import "" "drop-w" (func $drop-w (param i32)))
    (import "" "return" (func $return (param i32)))
    (global $calls (mut i32) (i32.const 0))
    (func (export "handle") (param $body i32)
      (local $res i64) (local $w i32) (local $at i32) (local $got i32) (local $n i32) (local $i i32)
      (local.set $at (i32.shl (i32.add (i32.and (global.get $calls) (i32.const 31)) (i32.const 1)) (i32.const 10)))
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (local.set $res (call $new))
      (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $res) (i64.const 32))))
      (call $return (i32.wrap_i64 (local.get $res)))
      (loop $l
        (local.set $got (call $read (local.get $body) (local.get $at) (i32.const 1000)))
        (local.set $n (i32.shr_u (local.get $got) (i32.const 4)))
        (if (i32.and (i32.ne (local.get $n) (i32.const 0)) (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x21))) (then unreachable))
        (local.set $i (i32.const 0))
        (block $written
          (loop $out
            (br_if $written (i32.ge_u (local.get $i) (local.get $n)))
            (local.set $i (i32.add (local.get $i) (i32.shr_u
              (call $write (local.get $w) (i32.add (local.get $at) (local.get $i)) (i32.sub (local.get $n) (local.get $i)))
              (i32.const 4))))
            (br $out)))
        (br_if $l (i32.eqz (i32.and (local.get $got) (i32.const 1 (; DROPPED ;))))))
      (drop (call $write (local.get $w) (i32.const 16) (i32.const 1)))
      (call $drop-r (local.get $body))
      (call $drop-w (local.get $w))))
  (core instance $i (instantiate $m (with "" (instance
    (export "mem" (memory $mem)) (export "new" (func $new)) (export "read" (func $read)) (export "write" (func $write))
    (export "drop-r" (func $drop-r)) (export "drop-w" (func $drop-w)) (export "return" (func $return))))))
  (func $handle async (param "body" $s) (result $s) (canon lift (core func $i "handle") async))
  (instance (export "test:graph/handler@1.0.0") (export "handle" (func $handle))))

;; what would be a handler but for its type
(component definition $no-handler
  (core module $m (func (export "handle") (param i32) (result i32) unreachable))
  (core instance $i (instantiate $m))
  (func $handle (param "body" u32) (result u32) (canon lift (core func $i "handle")))
  (instance (export "test:graph/handler@1.0.0") (export "handle" (func $handle))))

;; passes on what the host provides, a whole interface and a function alone
(component definition $relay
  (import "test:graph/key@1.0.0" (instance $key (export "key" (func (result u32)))))
  (import "greet" (func $greet (param "name" string) (result string)))
  (export "test:graph/key@1.0.0" (instance $key))
  (export "welcome" (func $greet)))

;; asks for the key, and what the host's thing has in it
(component definition $asker
  (import "test:graph/key@1.0.0" (instance $host (export "key" (func (result u32)))))
  (import "test:host/things@1.0.0" (instance $things
    (export "thing" (type $t (sub resource)))
    (export "[method]thing.get" (func (param "self" (borrow $t)) (result u32)))))
  (alias export $things "thing" (type $thing))
  (import "make" (func $make (param "x" u32) (result (own $thing))))
  (core func $key (canon lower (func $host "key")))
  (core func $make' (canon lower (func $make)))
  (core func $get (canon lower (func $things "[method]thing.get")))
  (core func $drop (canon resource.drop $thing))
  (core module $m
    (import "" "key" (func $key (result i32)))
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "get" (func $get (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "ask") (result i32) (call $key))
    (func (export "have") (param i32) (result i32) (local $h i32) (local $x i32)
      (local.set $h (call $make (local.get 0)))
      (local.set $x (call $get (local.get $h)))
      (call $drop (local.get $h))
      (local.get $x)))
  (core instance $i (instantiate $m (with "" (instance
    (export "key" (func $key)) (export "make" (func $make')) (export "get" (func $get)) (export "drop" (func $drop))))))
  (func (export "ask") (result u32) (canon lift (core func $i "ask")))
  (func (export "have") (param "x" u32) (result u32) (canon lift (core func $i "have"))))

;; makes things of the host for others
(component definition $host-maker
  (import "test:host/things@1.2.0" (instance $things
    (export "thing" (type $t (sub resource)))
    (export "[constructor]thing" (func (param "x" u32) (result (own $t))))))
  (alias export $things "thing" (type $thing))
  (core func $make' (canon lower (func $things "[constructor]thing")))
  (core module $m
    (import "" "make" (func $make (param i32) (result i32)))
    (func (export "make") (param i32) (result i32) (call $make (i32.add (local.get 0) (i32.const 1)))))
  (core instance $i (instantiate $m (with "" (instance (export "make" (func $make'))))))
  (func (export "make") (param "x" u32) (result (own $thing)) (canon lift (core func $i "make"))))

;; Their host is there in Go only.
(assert_unlinkable (component (import "test:graph/key@1.0.0" (instance))) "the host does not provide it")
