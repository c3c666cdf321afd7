/**
 * Memory that dense kernels work in, and the kernels. A thread has one; who needs some of it takes it within `inRoom`, and gives it
 * back by returning. Memory that grew large is let go.
 */
import { moduleBytes } from '../backends/wasm/assembler.ts';
import { columnsBlock, emitColumns, lanes } from './emit-columns.ts';
import { emitMultiply, multiplyBlock } from './emit-multiply.ts';

const pageBytes = 65536;
/** Operands of the kernels lie in the first page; the stacked rest is of f64, at multiples of 64 bytes. */
const firstFree = pageBytes;
const alignment = 64;
/** So much memory stays with a thread that no longer needs it. */
const keptBytes = 64 << 20;

type Kernel = (block: number) => void;

export interface MultiplyStretch {
  readonly left: number;
  readonly fours: number;
  readonly right: number;
  readonly units: number;
  readonly out: number;
}

export class Room {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #kernels: Readonly<Record<string, Kernel>>;
  #operands = new DataView(this.#memory.buffer);
  #end = firstFree;

  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#kernels = exports as Readonly<Record<string, Kernel>>;
  }

  get end(): number {
    return this.#end;
  }

  /** Where so many doubles lie from now on, with what was there. Views of the memory are void after this. */
  take(doubles: number): number {
    const at = this.#end;
    this.giveBack(at + Math.ceil((8 * doubles) / alignment) * alignment);
    const missing = Math.ceil((this.#end - this.#memory.buffer.byteLength) / pageBytes);
    if (missing > 0) {
      this.#memory.grow(missing);
      this.#operands = new DataView(this.#memory.buffer);
    }
    return at;
  }

  /** What was taken behind this place is free again. */
  giveBack(end: number): void {
    this.#end = end;
  }

  isLarge(): boolean {
    return this.#memory.buffer.byteLength > keptBytes;
  }

  doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, at, length);
  }

  multiply({ left, fours, right, units, out }: MultiplyStretch): void {
    const operands = this.#operands;
    operands.setUint32(multiplyBlock.left, left, true);
    operands.setUint32(multiplyBlock.fours, fours, true);
    operands.setUint32(multiplyBlock.right, right, true);
    operands.setUint32(multiplyBlock.units, units, true);
    operands.setUint32(multiplyBlock.out, out, true);
    this.#kernels.multiply!(0);
  }

  /** Σ p·q over so many elements, a multiple of 8. */
  dot(p: number, q: number, length: number): number {
    if (length === 0) return 0;
    this.#columns(p, q, length);
    this.#kernels.dot!(0);
    return this.#operands.getFloat64(columnsBlock.first, true);
  }

  /** p ← p + factor · q. */
  addScaled(p: number, q: number, length: number, factor: number): void {
    if (length === 0) return;
    this.#columns(p, q, length);
    this.#operands.setFloat64(columnsBlock.first, factor, true);
    this.#kernels.addScaled!(0);
  }

  /** p ← cosine · p − sine · q, q ← sine · p + cosine · q; `half` is the tangent of half the angle. */
  rotate(p: number, q: number, length: number, sine: number, half: number): void {
    if (length === 0) return;
    this.#columns(p, q, length);
    this.#operands.setFloat64(columnsBlock.first, sine, true);
    this.#operands.setFloat64(columnsBlock.second, half, true);
    this.#kernels.rotate!(0);
  }

  #columns(p: number, q: number, length: number): void {
    this.#operands.setUint32(columnsBlock.p, p, true);
    this.#operands.setUint32(columnsBlock.q, q, true);
    this.#operands.setUint32(columnsBlock.steps, length / lanes, true);
  }
}

let kernels: WebAssembly.Module | undefined;
let own: Room | undefined;

/** Works in the thread's room. What is taken meanwhile is given back at the end, so what lies in it must not be kept. */
export function inRoom<T>(work: (room: Room) => T): T {
  kernels ??= new WebAssembly.Module(
    moduleBytes([emitMultiply(), ...emitColumns()], { shared: false }),
  );
  const room = (own ??= new Room(kernels));
  const begun = room.end;
  try {
    return work(room);
  } finally {
    room.giveBack(begun);
    if (begun === firstFree && room.isLarge()) own = undefined;
  }
}
