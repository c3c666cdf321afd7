import type { Formula } from '../../formula/node.ts';
import { blockElements } from '../../formula/node.ts';
import { oracleKernels } from '../oracle/factory.ts';

export interface OracleSlice {
  readonly output: Uint8Array;
  readonly nonFinite: boolean;
}

/** A slice by the plain reading of its formula: what a GPU's bytes are compared with. Operands are their words as bytes. */
export function oracleSlice(
  formula: Formula,
  {
    uniforms,
    operands,
    elements,
    firstElement,
  }: {
    readonly uniforms: Uint32Array;
    readonly operands: readonly Uint8Array[];
    readonly elements: number;
    readonly firstElement: number;
  },
): OracleSlice {
  const factory = oracleKernels();
  const kernel = factory.kernel(formula);
  const { layout } = kernel;
  const blockBytes = 4 * blockElements;
  factory.reserve(layout.size + (operands.length + 1) * blockBytes);
  const bytes = factory.bytes();
  const view = new DataView(bytes.buffer);
  const put = (offset: number, word: number): void => view.setUint32(offset, word, true);
  const [sink] = formula.sinks;
  if (sink?.kind !== 'store') throw new Error('a slice ends in a store');
  const output = new Uint8Array((elements * sink.width) / 8);
  let nonFinite = false;

  for (let from = 0; from < elements; from += blockElements) {
    const count = Math.min(blockElements, elements - from);
    const pair = (firstElement + from) / 2;
    put(layout.groups, Math.floor(count / 8));
    put(layout.tail, count % 8);
    put(layout.firstIndex, from);
    put(layout.counterLow, pair % 4294967296);
    put(layout.counterHigh, Math.floor(pair / 4294967296));
    put(layout.flag, 0);
    formula.operandWidths.forEach((width, operand) => {
      if (width === undefined) return;
      const at = layout.size + operand * blockBytes;
      put(layout.operands[operand]!, at);
      const start = (from * width) / 8;
      bytes.set(operands[operand]!.subarray(start, start + (count * width) / 8), at);
    });
    const outputAt = layout.size + operands.length * blockBytes;
    put(layout.sinks[0]!, outputAt);
    uniforms.forEach((word, index) => put(layout.uniforms + 4 * index, word));
    kernel.run(0);
    nonFinite ||= view.getUint32(layout.flag, true) !== 0;
    const stored = bytes.subarray(outputAt, outputAt + (count * sink.width) / 8);
    output.set(stored, (from * sink.width) / 8);
  }
  return { output, nonFinite };
}
