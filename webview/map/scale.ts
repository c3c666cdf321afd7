/** From a figure to a colour's place on the ramp. */
import type { PreviewFigure, PreviewRow } from '../../engine/measures/preview.ts';
import type { Measure, Subject } from './measures.ts';

export interface Scale {
  readonly sides: 'one' | 'two';
  /** The figure at the ramp's end, or the distance from the reference at either end. */
  readonly span: number;
}

/** A scale that holds every figure of these rows, which are those that are cells of the map. */
export function scaleOf(
  measure: Measure,
  subjects: readonly Subject[],
  rows: readonly PreviewRow[],
): Scale {
  let largest = 0;
  for (const subject of subjects) {
    const reference = measure.reference(subject);
    for (const row of rows) {
      const figure = measure.figure(row, subject);
      if (figure !== undefined) largest = Math.max(largest, Math.abs(beyond(figure, reference)));
    }
  }
  return { sides: measure.sides, span: roundedUp(largest) };
}

/**
 * Where a figure lies: 0 at the reference, 1 at the ramp's end, below 0 on the side below the reference.
 * Within two standard errors of the reference it is taken as the reference.
 */
export function positionOf(
  figure: PreviewFigure,
  reference: { readonly low: number; readonly high: number },
  { span }: Scale,
): number {
  const away = beyond(figure, reference);
  if (span === 0 || Math.abs(away) <= 2 * (figure.standardError ?? 0)) return 0;
  return Math.max(-1, Math.min(1, away / span));
}

function beyond(
  { value }: PreviewFigure,
  { low, high }: { readonly low: number; readonly high: number },
): number {
  if (value < low) return value - low;
  return value > high ? value - high : 0;
}

/** Up to the next number of two digits, so that a legend can say it. */
export function roundedUp(value: number): number {
  if (!(value > 0)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(2));
}
