/** How far the merge is from each model, on one scale: 0 is the model, 100 % where the base stands. */
import type { MapState } from '../../engine/protocol/panel.ts';
import { figureText } from '../words/figures.ts';

export interface Ruler {
  readonly name: string;
  readonly text: string;
  /** Along the ruler, 0 to 1; absent where there is no gap. */
  readonly length?: number;
  /** Reaches of one standard error. */
  readonly least?: number;
  readonly most?: number;
  readonly isBeyondBase: boolean;
}

export interface Rulers {
  readonly rulers: readonly Ruler[];
  /** Where the base stands along every ruler. */
  readonly base: number;
  /** They are of a text before. */
  readonly isOlder: boolean;
  /** What they say together; absent without figures. */
  readonly sentence?: { readonly name: string; readonly text: string };
}

export function rulersOf({ models, rows, step }: MapState): Rulers {
  const total = rows.find(({ kind }) => kind === 'total');
  const gaps = models.map((_, index) => total?.models[index]?.gap);
  const ends = gaps.map((gap) => (gap === undefined ? 0 : gap.value + (gap.standardError ?? 0)));
  const end = Math.max(1.25, 1.04 * Math.max(0, ...ends));
  const rulers = models.map(({ name, base, severalBases }, index): Ruler => {
    const gap = gaps[index];
    if (gap === undefined) {
      const why =
        severalBases !== undefined
          ? `several bases: ${severalBases.join(', ')}`
          : base === undefined
            ? 'has no base'
            : 'not read yet';
      return { name, text: why, isBeyondBase: false };
    }
    const error = gap.standardError ?? 0;
    return {
      name,
      text: figureText(gap, 'percent'),
      length: gap.value / end,
      ...(error > 0
        ? { least: Math.max(0, gap.value - error) / end, most: (gap.value + error) / end }
        : {}),
      isBeyondBase: gap.value > 1,
    };
  });
  const sentence = sentenceOf(
    models.map(({ name }) => name),
    gaps,
    step,
  );
  const isOlder = total?.isOlder === true;
  return { rulers, base: 1 / end, isOlder, ...(sentence === undefined ? {} : { sentence }) };
}

function sentenceOf(
  names: readonly string[],
  gaps: readonly ({ readonly value: number } | undefined)[],
  step: string,
): Rulers['sentence'] {
  const values = gaps.map((gap) => gap?.value ?? -1);
  const furthest = values.indexOf(Math.max(...values));
  const gap = gaps[furthest];
  if (gap === undefined) return undefined;
  const percent = `${Math.round(100 * gap.value)} % away`;
  const beyond = values.filter((value) => value > 1).length;
  if (beyond === 0) {
    return {
      name: names[furthest]!,
      text: ` is furthest, ${percent}: ${step} is nearer to every model than its base is.`,
    };
  }
  const others =
    beyond === 1 ? '' : beyond === 2 ? ', and so is one more' : `, and so are ${beyond - 1} more`;
  return {
    name: names[furthest]!,
    text: ` is ${percent}, further from ${step} than from its base${others}.`,
  };
}
