/** Pointers and counters of loops, as instructions. */
import type { Code } from './assembler.ts';
import { i32, local } from './instructions.ts';

export function advance(code: Code, pointer: number, bytes: number): void {
  local.set(i32.add(i32.const(local.get(code, pointer), bytes)), pointer);
}

/** Leaves how many are to come: a loop ends at 0. */
export function countDown(code: Code, counter: number): void {
  local.tee(i32.sub(i32.const(local.get(code, counter), 1)), counter);
}
