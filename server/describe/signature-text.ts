/** A model's signature in words: how many tensors, layers, weights, of which types. */
import { anatomyOf, type Tower } from '../../grammar/places/anatomy.ts';
import { wordOfDtype } from '../../grammar/check/dtypes.ts';
import type { Signature, TensorHeader } from '../../grammar/places/signature.ts';
import { countText, plural } from './values.ts';

function elements({ shape }: TensorHeader): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `310 tensors · 28 layers · 1.54 billion weights · bf16`. */
export function signatureLine(signature: Signature): string {
  const { tensors } = signature;
  const weights = tensors.reduce((sum, tensor) => sum + elements(tensor), 0);
  const { towers } = anatomyOf(signature);
  return [
    plural(tensors.length, 'tensor'),
    ...towers.map((tower) => towerText(tower, towers.length)),
    `${countText(weights)} weights`,
    dtypesText(tensors),
  ].join(' · ');
}

function towerText({ name, layerCount, blocks }: Tower, towers: number): string {
  const layers = plural(layerCount, blocks === undefined ? 'layer' : 'block');
  return towers === 1 ? layers : `${name}: ${layers}`;
}

/** The commonest first: `bf16, f32 (12 tensors)`. */
function dtypesText(tensors: readonly TensorHeader[]): string {
  const counts = new Map<string, number>();
  for (const { dtype } of tensors) counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  const ordered = [...counts].sort(([, one], [, other]) => other - one);
  return ordered
    .map(([dtype, count], index) => {
      const word = wordOfDtype(dtype as TensorHeader['dtype']);
      return index === 0 ? word : `${word} (${plural(count, 'tensor')})`;
    })
    .join(', ');
}

export function layerCountOf(signature: Signature | undefined): number | undefined {
  return signature === undefined ? undefined : anatomyOf(signature).towers[0]?.layerCount;
}

/** Names of tensors with what differs between layers replaced by `*`, each once, in the order of the names. */
export function namePatterns(
  signature: Signature,
  names: Iterable<string> = signature.tensors.map(({ name }) => name),
): ReadonlyMap<string, readonly string[]> {
  const { places } = anatomyOf(signature);
  const patterns = new Map<string, string[]>();
  for (const name of names) {
    const rest = places.get(name)?.rest;
    const pattern = rest === undefined ? name : `*${rest}`;
    const held = patterns.get(pattern);
    if (held === undefined) patterns.set(pattern, [name]);
    else held.push(name);
  }
  return patterns;
}
