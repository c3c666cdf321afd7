import { describe, expect, it } from 'vitest';
import type { DiagnosticKind } from '../diagnostics/diagnostic.ts';
import { checkKinds } from '../diagnostics/registry.ts';
import { parse } from '../syntax/parse.ts';
import { check } from './check.ts';
import { testCatalogue } from './test-catalogue.ts';

const models = ['base', 'math', 'code', 'a', 'b', 'c', 'a1', 'b1', 'old', 'other', 'unet', 'text'];
const adapters = ['tone'];

/** An example with what it leaves out: its sources, the step it speaks of, the merge its rules stand in. */
function completed(example: string): string {
  const isRules = example.startsWith('at ');
  const text = isRules ? `merge m = lerp(a, b, t: 0) {\n${example}\n}` : example;
  const uses = (name: string): boolean =>
    new RegExp(`\\b${name}\\b`).test(text.replace(/"[^"]*"/g, '""')) &&
    !new RegExp(`^(model|adapter|merge|let) ${name}\\b`, 'm').test(text);
  const needsStep = uses('m') && !/^merge m\b/m.test(text);
  const step = needsStep ? 'merge m = ties(base, [math])\n' : '';
  const needed = (name: string): boolean =>
    uses(name) || (needsStep && (name === 'base' || name === 'math'));
  const sources = models.filter(needed).map((name) => `model ${name} = "./sources/${name}"\n`);
  const tones = adapters
    .filter(uses)
    .map((name) => `adapter ${name} = lora("./${name}", on: ${models.find(needed)!})\n`);
  return `${sources.join('')}${tones.join('')}${step}${text}`;
}

function codes(example: string): string[] {
  const text = completed(example);
  const { diagnostics } = check({ text, ...parse(text), catalogue: testCatalogue });
  return diagnostics.map(({ code }) => code);
}

/** Only headers tell these; their examples stand in the tests of headers. */
const isOfText = ({ code }: DiagnosticKind): boolean =>
  !code.startsWith('MW4') && code !== 'MW3029';

describe.each(checkKinds.filter(isOfText).map((kind) => [kind.code, kind] as const))(
  'the page of %s',
  (code, { wrong, right }) => {
    it('shows a wrong example that is found wrong', () => {
      expect(codes(wrong)).toContain(code);
    });

    it('shows a right example', () => {
      const found = codes(right).filter((of) => of === code || /^MW[123][0-8]/.test(of));
      expect(found).toEqual([]);
    });
  },
);
