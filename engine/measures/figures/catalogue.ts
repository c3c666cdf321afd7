import { cosine } from './cosine.ts';
import { distance } from './distance.ts';
import type { FigureLaw } from './figure-law.ts';
import { gap } from './gap.ts';
import { atThreshold, kept } from './kept.ts';
import { nonFinite } from './non-finite.ts';
import { signConflict } from './sign-conflict.ts';
import { size } from './size.ts';

const all: readonly FigureLaw[] = [
  gap,
  distance,
  size,
  cosine,
  signConflict,
  kept,
  atThreshold,
  nonFinite,
];

/** Every figure that runs, by the name it has in a recipe. */
export const figureLaws: ReadonlyMap<string, FigureLaw> = new Map(
  all.map((law) => [law.name, law]),
);
