/** Figures in two significant digits, as sentences and as cells of the map show them. */
import type { PreviewFigure } from '../../engine/measures/preview.ts';

export type Unit = 'percent' | 'cosine';

const minus = '\u2212';

/** `19 %`, `0.62 ± 0.03 %`, `+0.26`. Absent figures are a dash. */
export function figureText(figure: PreviewFigure | undefined, unit: Unit): string {
  if (figure === undefined) return '–';
  const { value, standardError } = figure;
  switch (unit) {
    case 'percent': {
      const text = twoDigits(100 * value);
      const error = standardError === undefined ? '' : ` ± ${errorText(100 * standardError, text)}`;
      return `${text}${error} %`;
    }
    case 'cosine': {
      const text = signed(value, 2);
      const error = standardError === undefined ? '' : ` ± ${errorText(standardError, text)}`;
      return `${text}${error}`;
    }
  }
}

/** With as many decimals as the figure it belongs to; one digit where that would be none. */
function errorText(error: number, figure: string): string {
  const decimals = figure.split('.')[1]?.length ?? 0;
  const text = error.toFixed(decimals);
  if (error === 0 || Number(text) > 0) return text;
  return error < 0.001 ? '<0.001' : String(Number(error.toPrecision(1)));
}

/** As short as a cell needs it: `.62`, `6.2`, `62`; `+.26`. The unit stands in the legend. */
export function cellText(value: number, unit: Unit): string {
  switch (unit) {
    case 'percent':
      return shortPercent(100 * value);
    case 'cosine':
      return signed(value, 2).replace(/^([+\u2212]?)0\./, '$1.');
  }
}

function shortPercent(value: number): string {
  if (value === 0) return '0';
  if (value >= 9.95) return String(Math.round(value));
  if (value >= 0.095) return value.toFixed(1);
  return value < 0.005 ? '<.01' : value.toFixed(2).replace(/^0/, '');
}

/** Two significant digits; whole numbers keep all of theirs. */
export function twoDigits(value: number): string {
  const size = Math.abs(value);
  const text =
    size >= 9.95
      ? String(Math.round(size))
      : size === 0
        ? '0'
        : size < 0.001
          ? '<0.001'
          : size.toFixed(Math.max(0, 1 - Math.floor(Math.log10(size * 1.005))));
  return value < 0 ? `${minus}${text}` : text;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? minus : '+'}${text}`;
}
