/**
 * The inner part of a matrix product: 4 columns of the right factor times many fours of rows of the left one, over a stretch of k.
 * An element's sum lies in the product between two stretches, so that it is one chain however the factors are cut.
 */
import { Code, valueType, type EmittedFunction } from '../backends/wasm/assembler.ts';
import { control, f64x2, i32, local, v128 } from '../backends/wasm/instructions.ts';
import { advance, countDown } from '../backends/wasm/counting.ts';

/** Rows and columns of a tile. Factors are padded to whole tiles. */
export const tile = 4;
/** Factors are padded with zeros to so many k: they add +0, and no sum that began at +0 is −0. */
export const depthUnit = 4;

/**
 * In the block, as i32: `left`, where the rows lie, packed as [four of rows][k][4] with each f64 twice; how many fours; `right`, the columns
 * as [k][4]; how many units of k; `out`, the elements of the product as [four of rows][4][4].
 */
export const multiplyBlock = { left: 0, fours: 4, right: 8, units: 12, out: 16 } as const;

const block = 0;
const [left, fours, right, k, out] = [1, 2, 3, 4, 5] as const;
const firstVector = 6;
const sums = Array.from({ length: 8 }, (_, index) => firstVector + index);
const [b0, b1, a] = [firstVector + 8, firstVector + 9, firstVector + 10] as const;
/** Bytes of one k of four columns, and of four rows. */
const [rightBytes, leftBytes] = [8 * tile, 16 * tile] as const;

export function emitMultiply(): EmittedFunction {
  const code = new Code();
  const field = (at: number): Code => i32.load(local.get(code, block), at);
  local.set(field(multiplyBlock.left), left);
  local.set(field(multiplyBlock.fours), fours);
  local.set(field(multiplyBlock.out), out);
  control.loop(code);
  for (const [at, sum] of sums.entries()) local.set(v128.load(local.get(code, out), 16 * at), sum);
  local.set(field(multiplyBlock.right), right);
  local.set(field(multiplyBlock.units), k);
  control.loop(code);
  for (let step = 0; step < depthUnit; step++) addProducts(code, step);
  advance(code, left, depthUnit * leftBytes);
  advance(code, right, depthUnit * rightBytes);
  countDown(code, k);
  control.branchIf(code, 0);
  control.end(code);
  for (const [at, sum] of sums.entries()) v128.store(local.get(local.get(code, out), sum), 16 * at);
  advance(code, out, 8 * tile * tile);
  countDown(code, fours);
  control.branchIf(code, 0);
  control.end(code);
  const locals = [
    ...Array<number>(5).fill(valueType.i32),
    ...Array<number>(11).fill(valueType.v128),
  ];
  return { name: 'multiply', locals, body: code };
}

/** One k: four elements of the left times four of the right. */
function addProducts(code: Code, step: number): void {
  local.set(v128.load(local.get(code, right), step * rightBytes), b0);
  local.set(v128.load(local.get(code, right), step * rightBytes + 16), b1);
  for (let of = 0; of < tile; of++) {
    local.set(v128.load(local.get(code, left), step * leftBytes + 16 * of), a);
    for (const [half, b] of [b0, b1].entries()) {
      const sum = sums[2 * of + half]!;
      f64x2.mul(local.get(local.get(local.get(code, sum), a), b));
      local.set(f64x2.add(code), sum);
    }
  }
}
