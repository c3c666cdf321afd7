/** Filters as patterns: a text that a name holds is `*text*`; layer numbers move with their slice. */
import type { Located } from '../config/config.ts';

/** How layers of what the filter speaks of are numbered in the step: theirs less `shift`, of `count`. */
export interface Numbering {
  readonly shift: number;
  readonly count: number | undefined;
}

export type PatternOfFilter =
  | { readonly kind: 'pattern'; readonly text: string }
  /** It fits no tensor of the slice. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unclear' };

const layerWords = ['layers', 'layer', 'blocks', 'block', 'h'];
const layerNumber = new RegExp(`^(.*?\\b(?:${layerWords.join('|')})\\.)(\\d+)(\\.?)(.*)$`);

export function patternOf(
  { value }: Located<string>,
  { shift, count }: Numbering,
): PatternOfFilter {
  // Filters are plain texts, and no tensor's name holds these.
  if (/[*?{}]/.test(value)) return { kind: 'nothing' };
  if (shift === 0) return { kind: 'pattern', text: `*${value}*` };
  const named = layerNumber.exec(value);
  if (named === null) {
    return isCutShort(value) ? { kind: 'unclear' } : { kind: 'pattern', text: `*${value}*` };
  }
  const [, before = '', digits = '', dot = '', rest = ''] = named;
  // A layer's number ends at a dot, so this is no layer's.
  if (dot !== '.' && rest !== '') return { kind: 'pattern', text: `*${value}*` };
  if (dot !== '.' && count === undefined) return { kind: 'unclear' };
  const layers =
    dot === '.'
      ? [Number(digits)]
      : Array.from({ length: count ?? 0 }, (_, index) => index + shift).filter((layer) =>
          String(layer).startsWith(digits),
        );
  const moved = layers
    .map((layer) => layer - shift)
    .filter((layer) => layer >= 0 && (count === undefined || layer < count));
  const [first] = moved;
  if (first === undefined) return { kind: 'nothing' };
  const number = moved.length === 1 ? String(first) : `{${moved.join(',')}}`;
  return { kind: 'pattern', text: `*${before}${number}.${rest}*` };
}

/** A number with nothing before it, or with the end of a word that stands before layers, may be a layer's or another. */
function isCutShort(text: string): boolean {
  const before = /^([A-Za-z_]*)\.?\d/.exec(text)?.[1];
  if (before === undefined) return false;
  return before === '' || layerWords.some((word) => word !== before && word.endsWith(before));
}
