/** A place with its names resolved: a set of tensors, before it meets a signature. Plain data. */
import type { Span } from '../syntax/span.ts';
import { type PartName, partNames } from './parts.ts';
import { type TowerName, towerNames } from './towers.ts';

/** An end of a range of layers: a number (negative: from the end) or a named block. */
export type LayerBound = number | string;

export type Place = Span &
  (
    | { readonly kind: 'all' }
    | {
        readonly kind: 'layers';
        readonly from: LayerBound;
        readonly to: LayerBound;
        readonly step: number;
      }
    | { readonly kind: 'pattern'; readonly text: string }
    | { readonly kind: 'part'; readonly part: PartName }
    | { readonly kind: 'tower'; readonly tower: TowerName }
    | { readonly kind: 'declared'; readonly name: string; readonly place: Place }
    | {
        readonly kind: 'and' | 'or' | 'except';
        readonly left: Place;
        readonly right: Place;
      }
    /** Said already; it holds everything, so that nothing follows from it. */
    | { readonly kind: 'broken' }
  );

/** The words known for every architecture, as far as it has them. */
export const placeWords: readonly string[] = ['all', ...partNames, ...towerNames];

export function placeOfWord(word: string, span: Span): Place | undefined {
  const { start, end } = span;
  if (word === 'all') return { kind: 'all', start, end };
  const part = partNames.find((name) => name === word);
  if (part !== undefined) return { kind: 'part', part, start, end };
  const tower = towerNames.find((name) => name === word);
  if (tower !== undefined) return { kind: 'tower', tower, start, end };
  return undefined;
}

/** Whether any piece of it could not be read. */
export function isBroken(place: Place): boolean {
  switch (place.kind) {
    case 'broken':
      return true;
    case 'declared':
      return isBroken(place.place);
    case 'and':
    case 'or':
    case 'except':
      return isBroken(place.left) || isBroken(place.right);
    case 'all':
    case 'layers':
    case 'pattern':
    case 'part':
    case 'tower':
      return false;
  }
}
