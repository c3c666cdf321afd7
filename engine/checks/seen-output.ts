/** What was seen of an output's tensors, with the models' names: what checks judge. */
import type { PlannedOutput, PlannedTensor } from '../plan/plan.ts';
import type { TensorCheck } from './tensor-check.ts';

export interface SeenOutput {
  readonly tensors: readonly SeenTensor[];
}

export type SeenTensor = CopiedTensor | ComputedTensor;

export interface CopiedTensor {
  readonly kind: 'copied';
  readonly name: string;
  readonly from: SeenSource;
}

export interface ComputedTensor {
  readonly kind: 'computed';
  readonly name: string;
  readonly elements: number;
  readonly check: TensorCheck;
  /** In the order in which they are loaded. */
  readonly inputs: readonly SeenInput[];
  /** That of the model which gives the output its configuration: the base, or else the first input. */
  readonly reference?: SeenInput;
  /** Whether it is other than the reference; of one type that is known to the last byte, else as far as it was read. */
  readonly isChanged?: boolean;
}

/** Whose tensor it is, and what it is called there. */
export interface SeenSource {
  readonly model: string;
  readonly name: string;
}

/** Sums over the blocks that were read; null where one is no finite number. */
export interface SeenInput extends SeenSource {
  /** It is an adapter's change: no model of its own, and measured from zero. */
  readonly isChange: boolean;
  /** Σ x² */
  readonly square: number | null;
  /** Σ (m − x)² */
  readonly apart: number | null;
  /** Σ (x − r)² */
  readonly fromReference: number | null;
  /**
   * How the output's tensor is like it: to the last byte, or in the values of every block that was read. The reference is asked
   * first, and one input that is like it to the last byte is enough.
   */
  readonly like?: 'bytes' | 'read';
}

/** By the output's tensors; one that is empty has no check and is left out. */
export function seenOutput(
  output: Pick<PlannedOutput, 'tensors'>,
  checks: readonly (TensorCheck | undefined)[],
): SeenOutput {
  return {
    tensors: output.tensors.flatMap((tensor, index) => {
      const seen = seenTensor(tensor, checks[index]);
      return seen === undefined ? [] : [seen];
    }),
  };
}

function seenTensor(tensor: PlannedTensor, check: TensorCheck | undefined): SeenTensor | undefined {
  const { name, elements, work } = tensor;
  if (work.kind === 'copy') {
    const { source, name: there } = work.of;
    return { kind: 'copied', name, from: { model: source, name: there } };
  }
  if (check === undefined || work.kind === 'factor') return undefined;
  const sources = work.item.sources ?? [];
  const inputs = check.operands.map((seen, index): SeenInput => {
    const { source, name: there } = sources[index]!;
    const isChange = work.item.operands[index]!.kind === 'lora';
    const like = check.equals === index ? 'bytes' : seen.apart === 0 ? 'read' : undefined;
    const found = { model: source, name: there, isChange, ...seen };
    return isChange || like === undefined ? found : { ...found, like };
  });
  const at = referenceOf(tensor);
  const computed = { kind: 'computed', name, elements, check, inputs } as const;
  if (at === undefined) return computed;
  const reference = inputs[at]!;
  const isOneType = work.item.operands[at]!.dtype === tensor.dtype;
  const isChanged = reference.like !== 'bytes' && (isOneType || reference.like !== 'read');
  return { ...computed, reference, isChanged };
}

/** Which operand of a computed tensor changes are measured from; undefined where it is none of them. */
export function referenceOf({ work, reference }: PlannedTensor): number | undefined {
  if (work.kind !== 'compute' || reference === undefined) return undefined;
  const index = (work.item.sources ?? []).findIndex(
    ({ source, name }) => source === reference.source && name === reference.name,
  );
  return index < 0 ? undefined : index;
}

export function computedOf({ tensors }: SeenOutput): readonly ComputedTensor[] {
  return tensors.filter((tensor) => tensor.kind === 'computed');
}

/** Whether it brings something that the reference has not; where a sum is no finite number it must. */
export function bringsChange({ isChange, square, fromReference }: SeenInput): boolean {
  return (isChange ? square : fromReference) !== 0;
}

/** The models of these, each once, in a sentence. */
export function modelsText(sources: readonly SeenSource[]): string {
  const names = [...new Set(sources.map(({ model }) => model))];
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
