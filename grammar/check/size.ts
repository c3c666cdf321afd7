/** How many pieces a value is made of, counted no further than a bound: names made of names grow by doubling. */
import type { Place } from '../places/place.ts';
import type { TensorValue } from './checked.ts';
import { operandsOf } from './operands.ts';
import type { Curve } from './value.ts';

/** Walkers of values may recurse as deep as this, and visit as much. */
export const mostPieces = 2000;

export type Sized =
  | { readonly kind: 'curve'; readonly curve: Curve }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'tensor'; readonly value: TensorValue };

/** Whether a tree has too many pieces, `piecesOf` giving the children of each. */
export function exceeds<Piece>(root: Piece, piecesOf: (piece: Piece) => readonly Piece[]): boolean {
  const waiting = [root];
  for (let count = 0; waiting.length > 0; count++) {
    if (count >= mostPieces) return true;
    waiting.push(...piecesOf(waiting.pop()!));
  }
  return false;
}

export function isTooLarge(sized: Sized): boolean {
  switch (sized.kind) {
    case 'curve':
      return exceeds(sized.curve, piecesOfCurve);
    case 'place':
      return exceeds(sized.place, piecesOfPlace);
    // Steps are borders: what is behind them is not counted.
    case 'tensor':
      return exceeds(sized.value, operandsOf);
  }
}

function piecesOfCurve(curve: Curve): readonly Curve[] {
  switch (curve.kind) {
    case 'arithmetic':
      return [curve.left, curve.right];
    case 'function':
      return curve.operands;
    case 'constant':
    case 'knots':
    case 'placed':
    case 'profile':
      return [];
  }
}

function piecesOfPlace(place: Place): readonly Place[] {
  switch (place.kind) {
    case 'declared':
      return [place.place];
    case 'and':
    case 'or':
    case 'except':
      return [place.left, place.right];
    case 'all':
    case 'layers':
    case 'pattern':
    case 'part':
    case 'tower':
    case 'broken':
      return [];
  }
}
