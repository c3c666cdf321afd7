/** Two thin factors in memory as doubles, and stretches of their product. One thread's own. */
import { emitThinProduct, productBlock, tile } from '../backends/wasm/thin-product.ts';

const pageBytes = 65536;
/** Elements of the product that are made at once, where rows are not longer. */
const atOnce = 262144;
/** Doubles of the left factor that are held at once, where one four of rows has not more. */
const leftAtOnce = 131072;

/** A product as the matrix whose rows are the tensor's: element (i, j) is scale · Σ_k left(i, k) · right(k, j). */
export interface ProductShape {
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  readonly scale: number;
}

/** Rows that are made at once: whole fours. */
export function rowsAtOnce({ columns, rank }: ProductShape): number {
  const most = Math.min(atOnce / padded(columns), leftAtOnce / rank);
  return Math.max(tile, Math.floor(most / tile) * tile);
}

/** Bytes of memory for a product's right factor, and of what it shares with others: left rows and made elements. */
export function factorBytes(shape: ProductShape): {
  readonly own: number;
  readonly shared: number;
} {
  const rows = rowsAtOnce(shape);
  return {
    own: 8 * shape.rank * padded(shape.columns),
    shared: 8 * rows * shape.rank + 4 * rows * padded(shape.columns) + pageBytes,
  };
}

/** Memory for right factors that stay, and for rows of the left that come and go. */
export class ThinFactors {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #run: (block: number) => void;
  readonly #rights = new Map<string, number>();
  #end = pageBytes;

  constructor() {
    const module = new WebAssembly.Module(emitThinProduct());
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#run = instance.exports.run as (block: number) => void;
  }

  /** Forgets the right factors of all but these. */
  keep(names: ReadonlySet<string>): void {
    if ([...this.#rights.keys()].every((name) => names.has(name))) return;
    this.#rights.clear();
    this.#end = pageBytes;
  }

  has(name: string): boolean {
    return this.#rights.has(name);
  }

  /** Room for a right factor: element (k, j) goes to `rightIndex`. What lies between columns and whole tiles is 0. */
  right(name: string, shape: ProductShape): Float64Array {
    const length = shape.rank * padded(shape.columns);
    let at = this.#rights.get(name);
    if (at === undefined) {
      at = this.#end;
      this.#end += 8 * length;
      this.#reserve(this.#end);
      this.#rights.set(name, at);
      new Float64Array(this.#memory.buffer, at, length).fill(0);
    }
    return new Float64Array(this.#memory.buffer, at, length);
  }

  /** Room for so many rows of the left factor: element (i, k) goes to `leftIndex`. */
  left(rows: number, shape: ProductShape): Float64Array {
    const length = padded(rows) * shape.rank;
    this.#reserve(this.#end + 8 * length + 4 * padded(rows) * padded(shape.columns));
    return new Float64Array(this.#memory.buffer, this.#end, length);
  }

  /** The product of the rows that lie in the left room, row after row. */
  product(name: string, rows: number, shape: ProductShape): Float32Array {
    const { columns, rank, scale } = shape;
    const width = padded(columns);
    const right = this.#rights.get(name)!;
    const out = this.#end + 8 * padded(rows) * rank;
    const view = new DataView(this.#memory.buffer);
    view.setUint32(productBlock.left, this.#end, true);
    view.setUint32(productBlock.fours, padded(rows) / tile, true);
    view.setUint32(productBlock.rank, rank, true);
    view.setUint32(productBlock.rowBytes, 4 * width, true);
    view.setFloat64(productBlock.scale, scale, true);
    for (let column = 0; column < columns; column += tile) {
      view.setUint32(productBlock.right, right + 8 * column * rank, true);
      view.setUint32(productBlock.out, out + 4 * column, true);
      this.#run(0);
    }
    return withoutPadding(new Float32Array(this.#memory.buffer, out, rows * width), shape);
  }

  #reserve(bytes: number): void {
    const missing = Math.ceil((bytes - this.#memory.buffer.byteLength) / pageBytes);
    if (missing > 0) this.#memory.grow(missing);
  }
}

/** Where element (k, j) of a right factor lies: four columns beside one another, for each k. */
export function rightIndex(k: number, column: number, rank: number): number {
  return ((column >>> 2) * rank + k) * tile + (column & 3);
}

/** Where element (i, k) of a left factor lies: four rows beside one another, for each k. */
export function leftIndex(row: number, k: number, rank: number): number {
  return ((row >>> 2) * rank + k) * tile + (row & 3);
}

function padded(length: number): number {
  return Math.ceil(length / tile) * tile;
}

/** Moves rows together, in their place. */
function withoutPadding(made: Float32Array, { columns }: ProductShape): Float32Array {
  const width = padded(columns);
  if (width === columns) return made;
  const rows = made.length / width;
  for (let row = 1; row < rows; row++)
    made.copyWithin(row * columns, row * width, row * width + columns);
  return made.subarray(0, rows * columns);
}
