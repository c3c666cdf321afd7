import { blockElements, type Formula, type Width } from '../formula/node.ts';
import type { Kernel, KernelFactory } from '../backends/kernel.ts';
import { binsPlace, callBlockBytes, highBins, highBytes, lowBins } from '../backends/layout.ts';
import type { PassResult, Uniforms } from '../program/settle.ts';

/** Behind each buffer: a kernel reads whole groups of eight, and the last may begin at the last element. */
const paddingBytes = 64;

/** A stretch of a tensor that lies in memory. */
export interface Stretch {
  /** Index of its first element within the tensor; a multiple of a block's elements. */
  readonly first: number;
  readonly elements: number;
  /** Elements that lie before it on the bench; whole blocks. */
  readonly at?: number;
}

/** A tensor's elements from the first to the last, at most so many at once. */
export function* stretchesOf(elements: number, atMost: number): Generator<Stretch> {
  for (let first = 0; first < elements; first += atMost)
    yield { first, elements: Math.min(atMost, elements - first) };
}

/** The parts of a stretch, at most so many elements each. */
export function* partsOf({ first, elements }: Stretch, atMost: number): Generator<Stretch> {
  for (const part of stretchesOf(elements, atMost)) yield { ...part, first: first + part.first };
}

/** Memory for the operands of one stretch of a tensor, and the kernels that run over it. One thread's own. */
export class Workbench {
  readonly #factory: KernelFactory;
  readonly #mostBinned: number;
  #operandAt: number[] = [];
  #operandWidths: readonly Width[] = [];
  #outputAt = 0;
  #maskAt: readonly number[] = [];
  #view: DataView;
  /** Elements whose keys lie in the bins, and what was taken out of these before, by sink. */
  #binned = 0;
  #carried: readonly (Float64Array | undefined)[] = [];

  /** `mostBinned`: elements after which counts are taken out of the bins, which are words of 32 bits. */
  constructor(factory: KernelFactory, { mostBinned = 0xffffffff } = {}) {
    this.#mostBinned = mostBinned;
    this.#factory = factory;
    factory.reserve(callBlockBytes);
    this.#view = viewOf(factory.bytes());
  }

  /** Makes room for stretches of so many elements. What lay there before is lost. */
  prepare(room: {
    readonly operandWidths: readonly Width[];
    readonly elements: number;
    readonly outputWidth: Width;
    readonly histograms: number;
    /** Masks that one pass keeps for another. */
    readonly masks?: number;
  }): void {
    let end = (binsPlace(room.histograms) + 63) & ~63;
    const take = (bytes: number): number => {
      const at = end;
      end += (bytes + paddingBytes + 63) & ~63;
      return at;
    };
    this.#operandWidths = room.operandWidths;
    this.#operandAt = room.operandWidths.map((width) => take((room.elements * width) / 8));
    // The output takes the first operand's place: a group is stored after all of it was loaded.
    const inPlace =
      room.operandWidths[0] !== undefined && room.outputWidth <= room.operandWidths[0];
    this.#outputAt = inPlace ? this.#operandAt[0]! : take((room.elements * room.outputWidth) / 8);
    this.#maskAt = Array.from({ length: room.masks ?? 0 }, () => take(room.elements / 8));
    this.#factory.reserve(end);
    this.#view = viewOf(this.#factory.bytes());
  }

  /** Where an operand's bytes are to be read to, for so many elements behind others. */
  operand(index: number, elements: number, before = 0): Uint8Array {
    const width = this.#operandWidths[index]! / 8;
    return this.#bytes(this.#operandAt[index]! + before * width, elements * width);
  }

  /** The stored words of the last map. */
  output(width: Width, elements: number): Uint8Array {
    return this.#bytes(this.#outputAt, (elements * width) / 8);
  }

  /** Empties the histograms; call it before the first stretch of a pass. */
  clearBins(formula: Formula): void {
    this.#carried = [];
    this.#emptyBins(formula);
  }

  /** The histograms as they stand, by sink, to hand on; sinks of other kinds give nothing. */
  bins(formula: Formula): readonly (Uint32Array | Float64Array | undefined)[] {
    return this.binsInPlace(formula).map((bins, sink) => {
      const carried = this.#carried[sink];
      if (bins === undefined || carried === undefined) return bins?.slice();
      addTo(carried, bins);
      return carried;
    });
  }

  /** The same where they lie, gone with the next pass, of stretches that lay on the bench at once: no bin holds 2³² keys. */
  binsInPlace(formula: Formula): readonly (Uint32Array | undefined)[] {
    return this.#histograms(formula).map((halves) => {
      if (halves === undefined) return undefined;
      const [even, odd] = halves;
      if (odd === undefined) return even;
      addTo(even, odd);
      odd.fill(0);
      return even;
    });
  }

  /** Takes the counts out of the bins before they could be too many for them. */
  #carry(formula: Formula): void {
    this.#carried = this.bins(formula).map((bins) => bins && Float64Array.from(bins));
    this.#emptyBins(formula);
  }

  #emptyBins(formula: Formula): void {
    const count = formula.sinks.filter((sink) => sink.kind === 'hist').length;
    this.#factory.bytes().fill(0, binsPlace(0), binsPlace(count));
    this.#binned = 0;
  }

  /** By sink: the bins of a key's low half, or those of its high half, where even and odd lanes count apart. */
  #histograms(formula: Formula): readonly (readonly [Uint32Array, Uint32Array?] | undefined)[] {
    let histogram = 0;
    return formula.sinks.map((sink) => {
      if (sink.kind !== 'hist') return undefined;
      const at = binsPlace(histogram++);
      return sink.prefix === undefined
        ? [this.#words(at, highBins), this.#words(at + highBytes, highBins)]
        : [this.#words(at, lowBins)];
    });
  }

  /**
   * Runs a pass over the stretch. Sums and counts come by block; histograms go on counting and are read with `bins`.
   * Returns whether a word was stored that is no finite number.
   */
  run(
    formula: Formula,
    uniforms: Uniforms,
    stretch: Stretch,
  ): { readonly figures: readonly Float64Array[]; readonly nonFinite: boolean } {
    const kernel = this.#factory.kernel(formula);
    const blocks = Math.ceil(stretch.elements / blockElements);
    const figures = formula.sinks.map(
      (sink) => new Float64Array(sink.kind === 'dot' || sink.kind === 'count' ? blocks : 0),
    );
    this.#writeUniforms(kernel, uniforms(stretch.first));
    if (this.#binned + stretch.elements > this.#mostBinned) this.#carry(formula);
    this.#binned += stretch.elements;
    let nonFinite = false;
    for (let block = 0; block < blocks; block++) {
      const elements = Math.min(blockElements, stretch.elements - block * blockElements);
      nonFinite = this.#call(kernel, stretch, block, elements) || nonFinite;
      formula.sinks.forEach((sink, index) => {
        const at = kernel.layout.sinks[index]!;
        if (sink.kind === 'dot') figures[index]![block] = this.#view.getFloat64(at, true);
        if (sink.kind === 'count') figures[index]![block] = this.#view.getUint32(at, true);
      });
    }
    return { figures, nonFinite };
  }

  /** A whole pass over one stretch: everything its sinks find. */
  pass(formula: Formula, uniforms: Uniforms, stretch: Stretch): PassResult {
    this.clearBins(formula);
    const { figures } = this.run(formula, uniforms, stretch);
    const bins = this.binsInPlace(formula);
    return formula.sinks.map((_, index) => bins[index] ?? figures[index]!);
  }

  /** The element of the tensor behind the `wanted`-th true lane of a count sink, which lies in the given block of the stretch. */
  locate(
    formula: Formula,
    uniforms: Uniforms,
    sink: number,
    stretch: Stretch,
    block: number,
    wanted: number,
  ): number {
    const kernel = this.#factory.kernel(formula);
    this.#writeUniforms(kernel, uniforms(stretch.first));
    let low = 0;
    let high = Math.min(blockElements, stretch.elements - block * blockElements);
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      this.#call(kernel, stretch, block, middle);
      if (this.#view.getUint32(kernel.layout.sinks[sink]!, true) >= wanted) high = middle;
      else low = middle;
    }
    return stretch.first + block * blockElements + high;
  }

  #writeUniforms(kernel: Kernel, words: Uint32Array): void {
    words.forEach((word, index) =>
      this.#view.setUint32(kernel.layout.uniforms + 4 * index, word, true),
    );
  }

  #call(kernel: Kernel, stretch: Stretch, block: number, elements: number): boolean {
    const { layout, formula } = kernel;
    const view = this.#view;
    const offset = block * blockElements;
    const onBench = (stretch.at ?? 0) + offset;
    const counter = (stretch.first + offset) / 2;
    view.setUint32(layout.groups, Math.floor(elements / 8), true);
    view.setUint32(layout.tail, elements % 8, true);
    view.setUint32(layout.firstIndex, offset, true);
    view.setUint32(layout.counterLow, counter % 4294967296, true);
    view.setUint32(layout.counterHigh, Math.floor(counter / 4294967296), true);
    view.setUint32(layout.flag, 0, true);
    layout.operands.forEach((at, index) => {
      if (at !== undefined)
        view.setUint32(
          at,
          this.#operandAt[index]! + (onBench * this.#operandWidths[index]!) / 8,
          true,
        );
    });
    for (const [mask, at] of layout.masks)
      view.setUint32(at, this.#maskAt[mask]! + onBench / 8, true);
    formula.sinks.forEach((sink, index) => {
      if (sink.kind !== 'store') return;
      view.setUint32(layout.sinks[index]!, this.#outputAt + (onBench * sink.width) / 8, true);
    });
    kernel.run(0);
    return view.getUint32(layout.flag, true) !== 0;
  }

  #bytes(at: number, length: number): Uint8Array {
    return this.#factory.bytes().subarray(at, at + length);
  }

  #words(at: number, count: number): Uint32Array {
    const bytes = this.#factory.bytes();
    return new Uint32Array(bytes.buffer, bytes.byteOffset + at, count);
  }
}

function addTo(sums: Uint32Array | Float64Array, counts: Uint32Array): void {
  for (let bin = 0; bin < sums.length; bin++) sums[bin]! += counts[bin]!;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
