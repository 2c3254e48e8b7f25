;; Looks for a place where the gear hash of what lies before it has none of the bits of a mask: see gear-scan.ts, which has this
;; module as bytes. V8 makes three to four times as fast code of it as of the same in JavaScript.
(module
  ;; 256 KiB to look through, and behind them the gear table.
  (memory (export "memory") 5)
  ;; The hash of what came before, and afterwards that up to where it was looked.
  (global $hash (export "hash") (mut i32) (i32.const 0))
  ;; The place behind the first byte where the hash fits; -1 where there is none.
  (func (export "scan") (param $length i32) (param $mask i32) (result i32)
    (local $h i32)
    (local $at i32)
    (local.set $h (global.get $hash))
    (block $end
      (loop $next
        (br_if $end (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $h
          (i32.add
            (i32.shl (local.get $h) (i32.const 1))
            (i32.load offset=262144 (i32.shl (i32.load8_u (local.get $at)) (i32.const 2)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.and (local.get $h) (local.get $mask)))
        (global.set $hash (local.get $h))
        (return (local.get $at))))
    (global.set $hash (local.get $h))
    (i32.const -1)))
