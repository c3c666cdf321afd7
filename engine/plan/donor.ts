/** The model from which a result takes what is not computed: its configuration, its tokenizer, its integer tensors. */
import type { TensorValue } from '../../grammar/check/checked.ts';
import type { Origin } from '../../grammar/places/cut.ts';
import { cutLayers, stackLayers } from '../../grammar/places/cut.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { floatTypes, type Signature } from '../../grammar/places/signature.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';

export type Checkpoints = ReadonlyMap<string, Checkpoint>;

/** A source, by its name in the recipe: the base's, else that of the first operand with share 1, in reading order. */
export function donorOf(value: TensorValue): string | undefined {
  switch (value.kind) {
    case 'source':
      return value.source.name;
    case 'step':
      return donorOf(value.step.value);
    case 'call':
      return donorOf(
        value.call.base ??
          (value.call.inputs.find(({ value: x }) => x.share === 1) ?? value.call.inputs[0]!).value,
      );
    case 'sum':
      return donorOf((value.terms.find(({ value: x }) => x.share === 1) ?? value.terms[0]!).value);
    case 'scaled':
    case 'negated':
    case 'layers':
      return donorOf(value.value);
    case 'stack':
      return value.parts[0] === undefined ? undefined : donorOf(value.parts[0]);
    case 'broken':
      return undefined;
  }
}

/** Where a tensor lies before any merging: in which source, under which name. */
export interface SourceTensor {
  readonly source: string;
  readonly name: string;
}

/**
 * Every tensor name of the result, integer tensors among them, and where the donor has it.
 * Layers that were cut or stacked are followed back to their own numbers.
 */
export function donorTensors(
  value: TensorValue,
  checkpoints: Checkpoints,
): ReadonlyMap<string, SourceTensor> {
  return namesOf(value, checkpoints).from;
}

interface Names {
  /** All tensors, floats or not. */
  readonly signature: Signature;
  readonly from: ReadonlyMap<string, SourceTensor>;
}

function namesOf(value: TensorValue, checkpoints: Checkpoints): Names {
  switch (value.kind) {
    case 'layers': {
      const inner = namesOf(value.value, checkpoints);
      const { towers } = anatomyOf(inner.signature);
      const tower = towers.find(({ name }) => name === value.tower) ?? towers[0];
      if (tower === undefined) return inner;
      const { signature, origins } = cutLayers(inner.signature, tower, value.layers);
      return { signature, from: followed(origins, [inner]) };
    }
    case 'stack': {
      const parts = value.parts.map((part) => namesOf(part, checkpoints));
      const { rearranged } = stackLayers(parts.map(({ signature }) => signature));
      return { signature: rearranged.signature, from: followed(rearranged.origins, parts) };
    }
    case 'step':
      return namesOf(value.step.value, checkpoints);
    case 'scaled':
    case 'negated':
      return namesOf(value.value, checkpoints);
    case 'source':
    case 'call':
    case 'sum':
    case 'broken':
      return ofDonor(value, checkpoints);
  }
}

function ofDonor(value: TensorValue, checkpoints: Checkpoints): Names {
  if (value.kind === 'call') {
    const { base, inputs } = value.call;
    return namesOf(
      base ?? (inputs.find(({ value: x }) => x.share === 1) ?? inputs[0]!).value,
      checkpoints,
    );
  }
  if (value.kind === 'sum') {
    return namesOf(
      (value.terms.find(({ value: x }) => x.share === 1) ?? value.terms[0]!).value,
      checkpoints,
    );
  }
  const source = donorOf(value);
  const checkpoint = source === undefined ? undefined : checkpoints.get(source);
  if (source === undefined || checkpoint === undefined)
    return { signature: { tensors: [] }, from: new Map() };
  const tensors = [...checkpoint.tensors].map(([name, { dtype, shape }]) => ({
    name,
    dtype,
    shape,
  }));
  const { config } = checkpoint.signature;
  return {
    signature: { tensors, ...(config === undefined ? {} : { config }) },
    from: new Map(tensors.map(({ name }) => [name, { source, name }])),
  };
}

function followed(
  origins: ReadonlyMap<string, Origin>,
  parts: readonly Names[],
): ReadonlyMap<string, SourceTensor> {
  return new Map(
    [...origins].flatMap(([name, { part, name: inner }]) => {
      const from = parts[part]?.from.get(inner);
      return from === undefined ? [] : [[name, from] as const];
    }),
  );
}

export function isInteger(checkpoints: Checkpoints, { source, name }: SourceTensor): boolean {
  const tensor = checkpoints.get(source)?.tensors.get(name);
  return tensor !== undefined && !floatTypes.has(tensor.dtype);
}
