/** Masks on a task vector: by magnitude, by chance, and what scales up the rest. */
import { absolute, always, keep, magnitude, magnitudeKey } from '../../formula/derived.ts';
import type { FNode } from '../../formula/node.ts';
import type { Words } from '../../numeric/threefry.ts';
import type { ScalarId } from '../../program/scalar.ts';
import type { Composer } from '../../program/composer.ts';
import type { Arithmetic } from '../arithmetic.ts';
import type { Masked } from '../method.ts';
import { typeCode } from '../../program/host.ts';

interface Trim {
  readonly density: number;
  /** Elements over which the threshold runs. */
  readonly elements: number;
  readonly group?: string;
}

/**
 * Keeps |τ| ≥ the (⌊n d⌋ + 1)-th largest, ties and all: the convention of the paper's code.
 * A density that keeps everything needs no threshold.
 */
export function trimByThreshold(
  composer: Composer,
  vector: FNode,
  { density, elements, group }: Trim,
): Masked {
  const { graph } = composer;
  const key = magnitudeKey(graph, vector);
  const rank = Math.floor(elements * density) + 1;
  const isTrimmed = rank <= elements;
  const threshold = composer.key(
    isTrimmed ? composer.over(group, () => composer.kth(key, rank)).threshold : composer.number(0),
  );
  // No threshold lies above the largest key, so the plain magnitude decides the same.
  const kept = graph.not(graph.ltU(magnitude(graph, vector), threshold));
  return {
    vector: keep(graph, kept, vector),
    kept,
    ...(isTrimmed ? { atThreshold: graph.eqU(key, threshold) } : {}),
  };
}

/** Keeps exactly the ⌊n d⌋ largest; of equal keys, those that come first. */
export function trimExactly(
  composer: Composer,
  vector: FNode,
  { density, elements }: Trim,
): Masked {
  const { graph } = composer;
  if (density >= 1) return { vector, kept: always(graph) };
  const key = magnitudeKey(graph, vector);
  const rank = Math.floor(elements * density);
  const { threshold, above } = composer.kth(key, rank);
  const at = composer.key(threshold);
  const equal = graph.eqU(key, at);
  const limit = composer.quota(equal, composer.host('subtract', composer.number(rank), above));
  const kept = graph.either(graph.ltU(at, key), graph.both(equal, composer.before(limit)));
  return { vector: keep(graph, kept, vector), kept, atThreshold: equal };
}

/** Keeps each element with that probability: 31 random bits below ⌊p 2³¹⌋. */
export function dropAtRandom(
  composer: Composer,
  vector: FNode,
  density: number,
  key: Words,
): Masked {
  const { graph } = composer;
  if (density >= 1) return { vector, kept: always(graph) };
  const limit = composer.number(Math.floor(density * 2147483648));
  const kept = graph.ltU(graph.shr(composer.draw(key), 1), composer.key(limit));
  return { vector: keep(graph, kept, vector), kept };
}

export type Rescale = 'none' | 'l1' | 'inverse';

interface RescaleOptions {
  readonly whole: FNode;
  readonly density: number;
  readonly arithmetic: Arithmetic;
  readonly compat: 'paper' | 'mergekit';
}

/** Scales what was kept: by 1/density, or so that its l1 norm is that of the whole. */
export function rescaled(
  composer: Composer,
  kept: FNode,
  how: Rescale,
  options: RescaleOptions,
): FNode {
  const { whole, density, arithmetic: a, compat } = options;
  switch (how) {
    case 'none':
      return kept;
    case 'inverse': {
      // A share whose inverse is no f32 keeps nothing, and of nothing, nothing is scaled up.
      const factor = 1 / density;
      return Number.isFinite(Math.fround(factor)) ? a.times(factor, kept) : kept;
    }
    case 'l1': {
      const sums = [l1(composer, whole), l1(composer, kept)] as const;
      const factor =
        compat === 'mergekit'
          ? composer.host('l1RescaleRounded', ...sums, composer.number(typeCode(a.type)))
          : composer.host('l1Rescale', ...sums);
      return a.mul(kept, composer.float(factor));
    }
  }
}

function l1(composer: Composer, vector: FNode): ScalarId {
  return composer.dot(absolute(composer.graph, vector), composer.graph.constant(1));
}
