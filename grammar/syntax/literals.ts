/** From the text of a literal to its value. */
import { BYTE_UNITS, DURATION_UNITS } from './tokens.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** JSON's escapes, each with its backslash; any other backslash is an unknown one. */
const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])/g;

/** The first backslash that opens no escape, as an offset in `written`; nothing if all are known. */
export function unknownEscape(written: string): number | undefined {
  const blanked = written.replace(ESCAPE, (escape) => ' '.repeat(escape.length));
  const offset = blanked.indexOf('\\');
  return offset < 0 ? undefined : offset;
}

function unescape(written: string): string {
  return written.replace(ESCAPE, (escape) =>
    escape.startsWith('\\u')
      ? String.fromCharCode(Number.parseInt(escape.slice(2), 16))
      : (SIMPLE_ESCAPES[escape.charAt(1)] ?? escape),
  );
}

const CLOSING = /["'\u2018-\u201f]$/;

/** What stands between the quotes, as written; the closing one may be missing. */
export function insideQuotes(image: string): string {
  const inside = image.slice(1);
  return isClosed(image) ? inside.slice(0, -1) : inside.trimEnd();
}

/** Whether a text has its closing quote. */
export function isClosed(image: string): boolean {
  if (image.length < 2 || !CLOSING.test(image)) return false;
  const quote = image.charAt(0);
  if (quote !== '"' && quote !== "'") return true;
  const backslashes = /\\*$/.exec(image.slice(1, -1))?.[0].length ?? 0;
  return image.endsWith(quote) && backslashes % 2 === 0;
}

/** The value of a text with its quotes. Where an escape is unknown every backslash is read as the `/` of its fix. */
export function textValue(image: string): string {
  const inside = insideQuotes(image);
  const written = image.startsWith("'") ? inside.replaceAll("\\'", "'") : inside;
  return unknownEscape(written) === undefined ? unescape(written) : written.replaceAll('\\', '/');
}

/** The value of a number or percentage; `40%` is the literal `40e-2`, not 40 divided by 100. */
export function numberValue(image: string): number {
  const percent = image.endsWith('%');
  const [digits = '', power = '0'] = (percent ? image.slice(0, -1).trimEnd() : image).split(/[eE]/);
  return Number(`${digits}e${Number(power) - (percent ? 2 : 0)}`);
}

function splitUnit(image: string): { readonly amount: string; readonly unit: string } {
  const unit = /[A-Za-z]+$/.exec(image)?.[0] ?? '';
  return { amount: image.slice(0, image.length - unit.length).trimEnd(), unit };
}

/** The value of a size, in bytes. */
export function bytesValue(image: string): number {
  const { amount, unit } = splitUnit(image);
  return numberValue(amount) * (BYTE_UNITS[unit] ?? 1);
}

/** The value of a time, in seconds. */
export function durationSeconds(image: string): number {
  const { amount, unit } = splitUnit(image);
  return (numberValue(amount) * (DURATION_UNITS[unit] ?? 1)) / 1000;
}
