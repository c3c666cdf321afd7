/** Places in words: what a part is, and which tensors a place holds in a model. */
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import type { PartName } from '../../grammar/places/parts.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { TowerName } from '../../grammar/places/towers.ts';
import { code } from './markdown.ts';
import { namePatterns } from './signature-text.ts';
import { plural } from './values.ts';

const meanings: Readonly<Record<PartName | TowerName | 'all', string>> = {
  all: 'Every tensor of the step.',
  router: 'What sends a token to its experts.',
  experts: 'The experts of mixture layers.',
  norms: 'The normalisations within layers.',
  attention: 'Queries, keys, values and what joins their heads.',
  mlp: 'The feed-forward network of each layer.',
  mixer: 'Convolutions and state-space mixers.',
  other: 'What fits no other part.',
  embeddings: 'The vectors of tokens, positions or patches.',
  final_norm: 'The normalisation behind the last layer.',
  head: 'What turns the last vector into scores.',
  text: 'The language model of a model with several towers.',
  vision: 'The tower that reads pictures.',
  encoder: 'The encoder of an encoder and decoder.',
  decoder: 'The decoder of an encoder and decoder.',
  projector: 'What carries pictures into the language model.',
  unet: 'The U-Net of a diffusion model.',
  text_encoder: 'The text encoder of a diffusion model.',
  vae: 'The autoencoder of a diffusion model.',
};

/** One sentence; undefined for the name of a block. */
export function partMeaning(word: string): string | undefined {
  return Object.hasOwn(meanings, word) ? meanings[word as keyof typeof meanings] : undefined;
}

const patternsShown = 12;

/** `57 of 310 tensors, layers 0..7`, then their names with `*` for the layer. */
export function tensorsText(tensors: ReadonlySet<string>, signature: Signature): string {
  const total = signature.tensors.length;
  if (tensors.size === 0) return `none of ${plural(total, 'tensor')}`;
  const layers = layersText(tensors, signature);
  const head = `${tensors.size.toLocaleString('en')} of ${plural(total, 'tensor')}`;
  const patterns = [...namePatterns(signature, tensors)];
  const shown = patterns
    .slice(0, patternsShown)
    .map(([pattern, { length }]) => `- ${code(pattern)}${length === 1 ? '' : ` × ${length}`}`);
  const more = patterns.length - shown.length;
  return [
    layers === undefined ? head : `${head}, ${layers}`,
    '',
    ...shown,
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
}

/** `layers 0..7, 12`, tower by tower; undefined where none lies in a layer. */
export function layersText(tensors: ReadonlySet<string>, signature: Signature): string | undefined {
  const { places, towers } = anatomyOf(signature);
  const byTower = new Map<string, Set<number>>();
  for (const name of tensors) {
    const place = places.get(name);
    if (place?.layer === undefined) continue;
    const held = byTower.get(place.tower) ?? new Set();
    byTower.set(place.tower, held.add(place.layer));
  }
  if (byTower.size === 0) return undefined;
  return [...byTower]
    .map(([tower, layers]) => {
      const runs = `layers ${runsText([...layers].sort((one, other) => one - other))}`;
      return towers.length === 1 ? runs : `${runs} of ${tower}`;
    })
    .join(', ');
}

/** Ascending numbers as runs: `0..7, 12`. */
function runsText(numbers: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run.last === number - 1) run.last = number;
    else runs.push({ first: number, last: number });
  }
  return runs
    .map(({ first, last }) => (first === last ? String(first) : `${first}..${last}`))
    .join(', ');
}
