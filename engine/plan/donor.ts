/** The model from which a result takes what is not computed: its configuration, its tokenizer, its integer tensors. */
import type { TensorValue } from '../../grammar/check/checked.ts';
import { referenceAmong } from '../../grammar/check/signatures.ts';
import type { Origin } from '../../grammar/places/cut.ts';
import { cutLayers, stackLayers } from '../../grammar/places/cut.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { floatTypes, type Signature } from '../../grammar/places/signature.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';

export type Checkpoints = ReadonlyMap<string, Checkpoint>;

/** The source, by its name in the recipe, behind the operand whose names and types the result has. */
export function donorOf(value: TensorValue): string | undefined {
  switch (value.kind) {
    case 'source':
      return value.source.name;
    case 'step':
      return donorOf(value.step.value);
    case 'call':
    case 'sum':
      return donorOf(referenceOf(value));
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

function referenceOf(value: TensorValue & { kind: 'call' | 'sum' }): TensorValue {
  if (value.kind === 'sum') return referenceAmong(value.terms.map((term) => term.value))!;
  return value.call.base ?? referenceAmong(value.call.inputs.map((input) => input.value))!;
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
    case 'call':
    case 'sum':
      return namesOf(referenceOf(value), checkpoints);
    case 'source':
      return ofSource(value.source.name, checkpoints);
    case 'broken':
      return { signature: { tensors: [] }, from: new Map() };
  }
}

function ofSource(source: string, checkpoints: Checkpoints): Names {
  const checkpoint = checkpoints.get(source);
  if (checkpoint === undefined) return { signature: { tensors: [] }, from: new Map() };
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
