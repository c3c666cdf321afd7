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

const layerNumber = /^(.*?\b(?:layers|layer|blocks|block|h)\.)(\d+)(\.?)(.*)$/;

export function patternOf(
  { value }: Located<string>,
  { shift, count }: Numbering,
): PatternOfFilter {
  // Filters are plain texts, and no tensor's name holds these.
  if (/[*?{}]/.test(value)) return { kind: 'nothing' };
  if (shift === 0) return { kind: 'pattern', text: `*${value}*` };
  const named = layerNumber.exec(value);
  if (named === null) {
    // A number with nothing before it may be a layer's or part of another number.
    return /^\.?\d+/.test(value) ? { kind: 'unclear' } : { kind: 'pattern', text: `*${value}*` };
  }
  const [, before = '', digits = '', dot = '', rest = ''] = named;
  const layers =
    dot === '.'
      ? [Number(digits)]
      : Array.from({ length: count ?? 0 }, (_, index) => index + shift).filter((layer) =>
          String(layer).startsWith(digits),
        );
  if (dot !== '.' && rest !== '') return { kind: 'unclear' };
  const moved = layers
    .map((layer) => layer - shift)
    .filter((layer) => layer >= 0 && (count === undefined || layer < count));
  const [first] = moved;
  if (first === undefined) return { kind: 'nothing' };
  const number = moved.length === 1 ? String(first) : `{${moved.join(',')}}`;
  return { kind: 'pattern', text: `*${before}${number}.${rest}*` };
}
