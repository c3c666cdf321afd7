import { describe, expect, it } from 'vitest';
import { check } from '../../grammar/check/check.ts';
import { termFor } from '../../grammar/check/settle.ts';
import { headersFor, llama } from '../../grammar/check/test-models.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { catalogue, methods } from '../methods/catalogue.ts';
import { Composer } from '../program/composer.ts';
import { programOf } from '../program/from-term.ts';
import { mapPass } from '../program/passes.ts';
import { callMasks, hasMasks, termValue } from './term-values.ts';

const names = ['base', 'math', 'code'];
const headers = headersFor(Object.fromEntries(names.map((name) => [name, llama()])));
const tensor = 'model.layers.1.mlp.up_proj.weight';
const context = { elements: 128, wholeElements: new Map<string, number>() };

function termOf(statement: string) {
  const text = `${names.map((name) => `model ${name} = "./${name}"\n`).join('')}${statement}`;
  const { steps } = check({ text, ...parse(text), catalogue, headers });
  return termFor(steps.at(-1)!, tensor);
}

describe('a measured term means what a merged one means', () => {
  it.each([
    ...[...methods.values()].map(({ example }) => example),
    'merge sum = base - (math - base) / 3 + 0.25 * (code - base) / 2 - -(code - math)',
    'merge ends = lerp(base, math, t: 0.3, compat: mergekit)',
    'merge sparse = dare_ties(base, [math, code], density: 0.3, seed: 1, compat: mergekit)',
  ])('%s', (statement) => {
    const term = termOf(statement);
    const composer = new Composer(context.elements);
    const here = composer.program(termValue(composer, term, context));
    const there = programOf(term, context);
    expect(mapPass(here, 'BF16').key).toBe(mapPass(there, 'BF16').key);
    expect(here.scalars).toEqual(there.scalars);
    expect(here.operands).toEqual(there.operands);
    expect(here.uniforms).toEqual(there.uniforms);
  });

  it('a masking call has one mask for each input', () => {
    const ties = termOf('merge final = ties(base, [math, code], density: 20%)');
    const linear = termOf('merge final = linear([math, code])');
    if (ties.kind !== 'call' || linear.kind !== 'call') throw new Error('both are calls');
    expect(callMasks(new Composer(8), ties, context)).toHaveLength(2);
    expect(hasMasks(linear)).toBe(false);
  });
});
