// A program answers the same when its ways are functions of their own: node --test scripts/split/*.test.mjs (make test-browser).
import assert from "node:assert/strict";
import test from "node:test";
import { binaryen } from "./tree.mjs";
import { Outliner } from "./outline.mjs";

/** Functions of two numbers, each with ways that end in another manner; `work` is long enough to be worth a function. */
const WORK = (local, more) => `(local.set ${local} (i32.add (i32.mul (local.get ${local}) (i32.const 1000003)) (i32.xor (local.get $a) (i32.const ${more}))))
  (local.set ${local} (i32.rotl (i32.add (local.get ${local}) (i32.const 77777777)) (i32.const 5)))
  (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.xor (local.get ${local}) (local.get $b))))`;
const FUNCTIONS = {
  "a local is left": `(if (i32.gt_s (local.get $a) (local.get $b)) (then ${WORK("$x", 1)}) (else ${WORK("$x", 2)})) (local.get $x)`,
  "two locals are left": `(if (i32.gt_s (local.get $a) (i32.const 3)) (then ${WORK("$x", 3)} ${WORK("$y", 4)})) (i32.sub (local.get $x) (local.get $y))`,
  "a value is handed over": `(i32.add (local.get $b) (if (result i32) (local.get $a) (then ${WORK("$x", 5)} (local.get $x)) (else ${WORK("$y", 6)} (i32.const 9))))`,
  "a value and a local": `(local.set $y (if (result i32) (local.get $a) (then ${WORK("$x", 5)} (i32.mul (local.get $x) (i32.const 3))) (else (i32.const 9)))) (i32.add (local.get $x) (local.get $y))`,
  "it returns": `(if (i32.gt_s (local.get $a) (i32.const 4)) (then ${WORK("$x", 7)} (return (local.get $x)))) (local.get $b)`,
  "it returns or not": `(if (i32.gt_s (local.get $a) (i32.const 2)) (then ${WORK("$x", 8)} (if (i32.and (local.get $x) (i32.const 1)) (then (return (call $helper (local.get $x) (local.get $b))))) ${WORK("$y", 9)})) (i32.add (local.get $x) (local.get $y))`,
  "it jumps": `(block $out (block $in (br_if $in (local.get $a)) ${WORK("$x", 10)} (br $out)) ${WORK("$x", 11)}) (local.get $x)`,
  "it jumps here or there": `(block $out (block $in (if (i32.gt_s (local.get $a) (i32.const 1)) (then ${WORK("$x", 12)} (br_if $in (i32.and (local.get $x) (i32.const 1))) (br_if $out (i32.and (local.get $x) (i32.const 2))) ${WORK("$y", 13)}))) ${WORK("$y", 14)}) (i32.xor (local.get $x) (local.get $y))`,
  "it jumps by a table": `(block $two (block $one (if (local.get $b) (then ${WORK("$x", 15)} (br_table $one $two $one (i32.and (local.get $x) (i32.const 3)))))) ${WORK("$y", 16)}) (i32.xor (local.get $x) (local.get $y))`,
  "a loop goes on": `(loop $on (local.set $a (i32.sub (local.get $a) (i32.const 1))) (if (i32.gt_s (local.get $a) (i32.const 0)) (then ${WORK("$x", 17)} (br_if $on (i32.and (local.get $x) (i32.const 7))) ${WORK("$y", 18)}))) (i32.xor (local.get $x) (local.get $y))`,
  "it ends the program": `(if (i32.eq (local.get $a) (i32.const 3)) (then ${WORK("$x", 19)} (unreachable))) (i32.load (i32.const 64))`,
};
const names = Object.keys(FUNCTIONS);
const PROGRAM = `(module (memory (export "memory") 1)
  (func $helper (param $a i32) (param $b i32) (result i32) (local $x i32) (if (local.get $a) (then ${WORK("$x", 20)} (return (local.get $x)))) (local.get $b))
  ${names.map((_, i) => `(func (export "f${i}") (param $a i32) (param $b i32) (result i32) (local $x i32) (local $y i32) ${FUNCTIONS[names[i]]})`).join("\n")})`;

/** What a function answers, and leaves in memory, for many inputs. */
function answers(bytes, i) {
  const all = [];
  for (let a = -3; a < 12; a += 1) {
    for (let b = -2; b < 5; b += 1) {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
      let answer;
      try {
        answer = exports[`f${i}`](a, b);
      } catch (error) {
        answer = error.constructor.name;
      }
      all.push(answer, new Int32Array(exports.memory.buffer)[16]);
    }
  }
  return all;
}

const whole = binaryen.parseText(PROGRAM).emitBinary();
const module = binaryen.parseText(PROGRAM);
const outliner = new Outliner(module);
const taken = new Map();
for (let i = 0, count = module.getNumFunctions(); i < count; i += 1) {
  const ref = module.getFunctionByIndex(i);
  taken.set(binaryen.getFunctionInfo(ref).name, outliner.outline(ref, () => "later").length);
}
assert.ok(module.validate());
const outlined = module.emitBinary();

names.forEach((name, i) => {
  test(name, () => {
    const own = [...taken.values()][i + 1];
    assert.ok(own > 0, "no way was taken out");
    assert.deepEqual(answers(outlined, i), answers(whole, i));
  });
});
