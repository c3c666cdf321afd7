/**
 * The product of two thin factors as a WebAssembly module. By definition an element is ((0 + a₀b₀) + a₁b₁) + …, k rising, each
 * product and sum rounded in f64; then it is multiplied by the scale, and rounded to f32. Tiles of 4 × 4 elements change nothing
 * of that: each element has its own sum.
 */
import { Code, moduleBytes, valueType, type EmittedFunction } from './assembler.ts';
import { advance, countDown } from './counting.ts';
import { control, f64x2, i32, local, v128 } from './instructions.ts';

/** Rows and columns of a tile. Factors are padded to whole tiles. */
export const tile = 4;

/**
 * `run(block)` makes four columns of so many fours of rows. In the block, as i32: `left`, where the rows lie, packed as [four of
 * rows][rank][4] in f64; how many fours; `right`, the columns as [rank][4]; the rank, at least 1; `out`, where the f32 of the
 * first row go; bytes from one row of these to the next. At `scale` an f64.
 */
export const productBlock = {
  left: 0,
  fours: 4,
  right: 8,
  rank: 12,
  out: 16,
  rowBytes: 20,
  scale: 24,
  bytes: 32,
} as const;

const block = 0;
const [left, fours, right, k, out] = [1, 2, 3, 4, 5] as const;
const firstVector = 6;
const sums = Array.from({ length: 8 }, (_, index) => firstVector + index);
const [b0, b1, scale] = [firstVector + 8, firstVector + 9, firstVector + 10] as const;

export function emitThinProduct(): Uint8Array<ArrayBuffer> {
  return moduleBytes([emitRun()], { shared: false });
}

function emitRun(): EmittedFunction {
  const code = new Code();
  const field = (at: number): Code => i32.load(local.get(code, block), at);
  local.set(field(productBlock.left), left);
  local.set(field(productBlock.fours), fours);
  local.set(field(productBlock.out), out);
  local.set(v128.loadSplat64(local.get(code, block), productBlock.scale), scale);
  control.loop(code);
  for (const sum of sums) local.set(v128.const(code, [0, 0, 0, 0]), sum);
  local.set(field(productBlock.right), right);
  local.set(field(productBlock.rank), k);
  control.loop(code);
  addProducts(code);
  control.branchIf(code, 0);
  control.end(code);
  for (let row = 0; row < tile; row++) storeRow(code, row);
  countDown(code, fours);
  control.branchIf(code, 0);
  control.end(code);
  const locals = [
    ...Array<number>(5).fill(valueType.i32),
    ...Array<number>(11).fill(valueType.v128),
  ];
  return { name: 'run', locals, body: code };
}

/** One k: four elements of the left times four of the right. Leaves how many are to come. */
function addProducts(code: Code): void {
  local.set(v128.load(local.get(code, right), 0), b0);
  local.set(v128.load(local.get(code, right), 16), b1);
  for (let row = 0; row < tile; row++) {
    for (const [half, b] of [b0, b1].entries()) {
      const sum = sums[2 * row + half]!;
      local.get(code, sum);
      v128.loadSplat64(local.get(code, left), 8 * row);
      f64x2.mul(local.get(code, b));
      local.set(f64x2.add(code), sum);
    }
  }
  advance(code, left, 32);
  advance(code, right, 32);
  countDown(code, k);
}

function storeRow(code: Code, row: number): void {
  local.get(code, out);
  for (const half of [0, 1]) {
    local.get(code, sums[2 * row + half]!);
    f64x2.demoteZero(f64x2.mul(local.get(code, scale)));
  }
  v128.shuffle(code, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
  v128.store(code, 0);
  i32.load(local.get(local.get(code, out), block), productBlock.rowBytes);
  local.set(i32.add(code), out);
}
