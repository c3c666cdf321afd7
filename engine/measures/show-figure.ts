import type { MeasureCall } from '../../grammar/check/checked.ts';
import { nameOfValue } from '../../grammar/check/tensor-value.ts';
import type { FigureLaw } from './figures/figure-law.ts';

/** A figure as a check prints it: four digits, so that it can be told from what was expected. */
export function shownFigure({ unit }: FigureLaw, value: number | undefined): string {
  if (value === undefined) return 'no figure';
  switch (unit) {
    case 'percent':
      return `${shownNumber(100 * value)} %`;
    case 'cosine':
      return shownNumber(value);
    case 'count':
      return String(value);
  }
}

function shownNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A measure as a recipe writes it. */
export function shownMeasure({ measure, step, models, options }: MeasureCall): string {
  const names = models.map(({ name, value }) => name ?? nameOfValue(value) ?? '…');
  const words = Object.entries(options).map(([name, word]) => `${name}: ${String(word)}`);
  return `${measure}(${[step.name, ...names, ...words].join(', ')})`;
}
