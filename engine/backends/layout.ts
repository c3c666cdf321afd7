import type { Formula } from '../formula/node.ts';

/**
 * The block of memory through which a kernel is called: byte offsets from its start.
 * One call works on at most one block of elements.
 */
export interface CallLayout {
  /** Whole groups of eight elements, and the elements after the last of them. */
  readonly groups: number;
  readonly tail: number;
  /** Index of the first element within the slice: what `idx` counts from. */
  readonly firstIndex: number;
  /** The draws' 64-bit counter of the first element: floor(element / 2). */
  readonly counterLow: number;
  readonly counterHigh: number;
  /** Not 0 after the call if a stored word was an infinity or a NaN. */
  readonly flag: number;
  /** Pointers, by operand index; unused operands have none. */
  readonly operands: readonly (number | undefined)[];
  /** Pointers to the bits of the masks that are read or kept, by their number: a byte for eight elements, the even four in its lower half. */
  readonly masks: ReadonlyMap<number, number>;
  /**
   * By sink: a pointer to the stored words, or the place of the result itself. Of bins the place in the memory, not the block.
   * A mask's is among `masks`.
   */
  readonly sinks: readonly number[];
  readonly uniforms: number;
  readonly size: number;
}

/** Bins of the histograms, each with one more that takes what does not count. */
export const highBins = 32768;
export const lowBins = 65536;
/** Bytes of one sub-histogram of the high halves, its spare bin included. */
export const highBytes = (highBins + 4) * 4;
export const lowBytes = (lowBins + 4) * 4;

/** Bytes a `hist` sink needs: even and odd lanes count apart in the first level, which hides the delay of a store. */
export function histBytes(level: 'high' | 'low'): number {
  return level === 'high' ? 2 * highBytes : lowBytes;
}

/** A call's block, with its uniforms, lies at the start of the memory and takes no more. */
export const callBlockBytes = 65536;

/** Where the bins of a formula's histograms lie, by their order: a kernel has the place in its code. */
export function binsPlace(histogram: number): number {
  return callBlockBytes + histogram * histBytes('high');
}

export function callLayout(formula: Formula): CallLayout {
  let offset = 24;
  const take = (bytes: number): number => {
    const at = offset;
    offset += bytes;
    return at;
  };
  const operands = formula.operandWidths.map((width) =>
    width === undefined ? undefined : take(4),
  );
  const masks = new Map([...masksOf(formula)].map((mask) => [mask, take(4)]));
  offset = (offset + 7) & ~7;
  let histograms = 0;
  const sinks = formula.sinks.map((sink) => {
    if (sink.kind === 'keep') return masks.get(sink.as)!;
    return sink.kind === 'hist' ? binsPlace(histograms++) : take(8);
  });
  const uniforms = take(4 * formula.uniformCount);
  return {
    groups: 0,
    tail: 4,
    firstIndex: 8,
    counterLow: 12,
    counterHigh: 16,
    flag: 20,
    operands,
    masks,
    sinks,
    uniforms,
    size: (offset + 15) & ~15,
  };
}

/** The numbers of the masks that a formula reads or keeps. */
function masksOf({ nodes, sinks }: Formula): ReadonlySet<number> {
  return new Set([
    ...nodes.flatMap(({ op, imm }) => (op === 'kept' ? [imm] : [])),
    ...sinks.flatMap((sink) => (sink.kind === 'keep' ? [sink.as] : [])),
  ]);
}
