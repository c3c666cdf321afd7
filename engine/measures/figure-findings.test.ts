import { describe, expect, it } from 'vitest';
import { check } from '../../grammar/check/check.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { catalogue } from '../methods/catalogue.ts';
import { figureFindings } from './figure-findings.ts';
import type { PreviewFigure, PreviewRow } from './preview.ts';

const figure = (value: number, standardError?: number): PreviewFigure => ({
  value,
  exact: standardError === undefined,
  ...(standardError === undefined ? {} : { standardError }),
});

interface Measured {
  /** ‖τ‖ / ‖base‖ of math, code, chat. */
  readonly sizes: readonly number[];
  /** Of math · code, and of every pair there is besides. */
  readonly cosines?: readonly number[];
  readonly conflict?: number;
  readonly error?: number;
}

function said(call: string, { sizes, cosines = [], conflict, error }: Measured): string[] {
  const text = `model base = "./b"\nmodel math = "./m"\nmodel code = "./c"\nmodel chat = "./t"\nmerge m = ${call}`;
  const { steps } = check({ text, ...parse(text), catalogue });
  const names = ['math', 'code', 'chat'].slice(0, sizes.length);
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));
  const total: PreviewRow = {
    kind: 'total',
    tensors: 1,
    elements: 1,
    models: names.map((model, i) => ({ model, size: figure(sizes[i]!, error) })),
    pairs: pairs.map((models, i) => ({ models, cosine: figure(cosines[i] ?? 0, error) })),
    ...(conflict === undefined ? {} : { signConflict: figure(conflict, error) }),
  };
  const models = names.map((name) => ({ name, base: 'base' }));
  return figureFindings(steps[0]!, { rows: [total], models }).map(
    ({ code, start, end }) => `${code} ${text.slice(start, end)}`,
  );
}

const ties = 'ties(base, [math, code])';
const sum = 'task_arithmetic(base, [math, code])';

describe('what figures tell', () => {
  it.each<[string, string, Measured, string[]]>([
    ['nothing of small changes at angles', ties, { sizes: [0.03, 0.04], cosines: [0.1] }, []],
    ['models trained apart', ties, { sizes: [1.4, 0.04] }, ['MW5101 math']],
    ['an unsure sample of one that may be', ties, { sizes: [0.8, 0.7], error: 0.1 }, []],
    ['twins', ties, { sizes: [0.03, 0.03], cosines: [0.999] }, ['MW5102 code']],
    ['the base itself', ties, { sizes: [0, 0.03] }, ['MW5103 math']],
    ['another base', ties, { sizes: [0.1, 0.1], cosines: [0.95] }, ['MW5104 base']],
    [
      'large changes under random drops',
      'dare_ties(base, [math, code])',
      { sizes: [0.3, 0.25] },
      ['MW5105 math', 'MW5105 code'],
    ],
    ['uneven sizes', sum, { sizes: [0.01, 0.05] }, ['MW5106 code']],
    [
      'uneven sizes that are weighed',
      'task_arithmetic(base, [math, code], weight: [1, 0.3])',
      { sizes: [0.01, 0.05] },
      [],
    ],
    [
      'signs at odds',
      sum,
      { sizes: [0.03, 0.03], conflict: 0.49 },
      ['MW5107 task_arithmetic(base, [math, code])'],
    ],
    ['signs that are elected', ties, { sizes: [0.03, 0.03], conflict: 0.49 }, []],
    [
      'changes that undo each other',
      sum,
      { sizes: [0.03, 0.03], cosines: [-0.6] },
      ['MW5108 code'],
    ],
    [
      'arithmetic',
      'base + 0.5 * (math - base) + 0.5 * (code - base)',
      { sizes: [1.2, 0.03] },
      ['MW5101 math'],
    ],
  ])('%s', (_, call, measured, findings) => expect(said(call, measured)).toEqual(findings));
});
