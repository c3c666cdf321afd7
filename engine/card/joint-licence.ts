/** The terms of a merge, as far as those of its inputs settle them. */
import type { Licence } from '../checkpoints/checkpoint.ts';
import { termsOf } from '../checkpoints/header-answer.ts';
import type { CardInput } from './card-facts.ts';

export type JointLicence =
  /** All inputs have these. */
  | { readonly kind: 'same'; readonly licence: Licence }
  /** Some tell none, and what the others tell agrees. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'conflict' };

export function jointLicence(inputs: readonly CardInput[]): JointLicence {
  const told = inputs.flatMap(({ licence }) => (licence === undefined ? [] : [licence]));
  const terms = new Set(told.map(termsOf));
  const first = told[0];
  if (terms.size > 1) return { kind: 'conflict' };
  // Terms without a name are the same only if they are one model's.
  if (terms.has(undefined) && told.length > 1) return { kind: 'conflict' };
  if (first === undefined || told.length < inputs.length) return { kind: 'unknown' };
  return { kind: 'same', licence: first };
}
