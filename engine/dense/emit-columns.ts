/**
 * What factorisations ask of columns, each one run of f64 in memory whose length is a multiple of 8: the dot product of two, one
 * added to another, and the rotation of two.
 */
import { Code, valueType, type EmittedFunction } from '../backends/wasm/assembler.ts';
import { control, f64, f64x2, i32, local, v128 } from '../backends/wasm/instructions.ts';
import { advance, countDown } from '../backends/wasm/counting.ts';

/** Elements of a step, and lanes of a sum: a lane adds the elements of its place in every step, in order. */
export const lanes = 8;

/**
 * In the block, as i32: the columns `p` and `q`, and how many steps of 8 elements, at least 1. As f64: the numbers that an
 * operation takes; the dot product is left in the first place.
 */
export const columnsBlock = { p: 0, q: 4, steps: 8, first: 16, second: 24, bytes: 32 } as const;

const block = 0;
const [p, q, steps] = [1, 2, 3] as const;
const firstVector = 4;
const vector = (index: number): number => firstVector + index;

export function emitColumns(): readonly EmittedFunction[] {
  return [emitDot(), emitAddScaled(), emitRotate()];
}

/** Σ p·q. With l the lanes, the sum is ((l0+l1)+(l4+l5)) + ((l2+l3)+(l6+l7)). */
function emitDot(): EmittedFunction {
  const code = new Code();
  const sums = [0, 1, 2, 3].map(vector);
  begin(code);
  eachStep(code, (offset, pair) => {
    const sum = sums[pair]!;
    v128.load(local.get(local.get(code, sum), p), offset);
    v128.load(local.get(code, q), offset);
    local.set(f64x2.add(f64x2.mul(code)), sum);
  });
  local.get(code, block);
  for (const pair of [0, 2, 1, 3]) {
    for (const lane of [0, 1]) f64x2.extract(local.get(code, sums[pair]!), lane);
    f64.add(code);
    if (pair >= 2) f64.add(code);
  }
  f64.store(f64.add(code), columnsBlock.first);
  return { name: 'dot', locals: localsOf(4), body: code };
}

/** p ← p + first · q. */
function emitAddScaled(): EmittedFunction {
  const code = new Code();
  const factor = vector(0);
  begin(code);
  splat(code, columnsBlock.first, factor);
  eachStep(code, (offset) => {
    v128.load(local.get(local.get(code, p), p), offset);
    v128.load(local.get(local.get(code, factor), q), offset);
    v128.store(f64x2.add(f64x2.mul(code)), offset);
  });
  return { name: 'addScaled', locals: localsOf(1), body: code };
}

/**
 * The rotation of sine `first`, whose tangent of half the angle is `second`: p ← p − first · (q + second · p) and
 * q ← q + first · (p − second · q). For small angles its rounding is as small, and thousands of them keep a length.
 */
function emitRotate(): EmittedFunction {
  const code = new Code();
  const [sine, half, one, other] = [vector(0), vector(1), vector(2), vector(3)];
  const product = (factor: number, of: number): Code =>
    f64x2.mul(local.get(local.get(code, factor), of));
  begin(code);
  splat(code, columnsBlock.first, sine);
  splat(code, columnsBlock.second, half);
  eachStep(code, (offset) => {
    local.set(v128.load(local.get(code, p), offset), one);
    local.set(v128.load(local.get(code, q), offset), other);
    local.get(local.get(local.get(code, p), one), sine);
    local.get(code, other);
    product(half, one);
    v128.store(f64x2.sub(f64x2.mul(f64x2.add(code))), offset);
    local.get(local.get(local.get(code, q), other), sine);
    local.get(code, one);
    product(half, other);
    v128.store(f64x2.add(f64x2.mul(f64x2.sub(code))), offset);
  });
  return { name: 'rotate', locals: localsOf(4), body: code };
}

function begin(code: Code): void {
  for (const [at, into] of [
    [columnsBlock.p, p],
    [columnsBlock.q, q],
    [columnsBlock.steps, steps],
  ] as const)
    local.set(i32.load(local.get(code, block), at), into);
}

/** Goes through the pairs of a step, and through the steps. */
function eachStep(code: Code, visit: (offset: number, pair: number) => void): void {
  control.loop(code);
  for (let pair = 0; pair < lanes / 2; pair++) visit(16 * pair, pair);
  for (const pointer of [p, q]) advance(code, pointer, 8 * lanes);
  countDown(code, steps);
  control.branchIf(code, 0);
  control.end(code);
}

function splat(code: Code, at: number, into: number): void {
  local.set(v128.loadSplat64(local.get(code, block), at), into);
}

function localsOf(vectors: number): readonly number[] {
  return [...Array<number>(3).fill(valueType.i32), ...Array<number>(vectors).fill(valueType.v128)];
}
