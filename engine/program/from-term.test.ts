import { describe, expect, test } from 'vitest';
import { check } from '../../grammar/check/check.ts';
import { termFor } from '../../grammar/check/settle.ts';
import { headersFor, llama } from '../../grammar/check/test-models.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { catalogue, methods } from '../methods/catalogue.ts';
import { Composer } from './composer.ts';
import { callMasks, hasMasks, programOf } from './from-term.ts';
import { mapPass, statisticPasses } from './passes.ts';

const names = ['base', 'math', 'code'];
const headers = headersFor(Object.fromEntries(names.map((name) => [name, llama()])));
const tensor = 'model.layers.1.mlp.up_proj.weight';
const context = { elements: 128, wholeElements: new Map([['s.1', 1000]]) };

function termOf(statements: string) {
  const text = `${names.map((name) => `model ${name} = "./${name}"\n`).join('')}${statements}`;
  const { steps, diagnostics } = check({ text, ...parse(text), catalogue, headers });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return termFor(steps.at(-1)!, tensor);
}

describe('the program of a term', () => {
  test.each([...methods.values()].map(({ example }) => [example]))('%s has one', (statement) => {
    const program = programOf(termOf(statement), context);
    expect(mapPass(program, 'BF16').nodes.length).toBeGreaterThan(0);
  });

  test('has the kernels of every term that differs in numbers alone', () => {
    const ties = (settings: string) =>
      programOf(termOf(`merge s = ties(base, [math, code], ${settings})`), context);
    const one = ties('density: 20%, weight: [0.5, 2]');
    const two = ties('density: 30%, weight: [0.2, 3]');
    expect(mapPass(two, 'F32').key).toBe(mapPass(one, 'F32').key);
    const keys = (program: typeof one) =>
      statisticPasses(program).map(({ formula }) => formula.key);
    expect(keys(two)).toEqual(keys(one));
  });

  test('multiplies by no 1', () => {
    const products = (settings: string) =>
      mapPass(
        programOf(termOf(`merge s = ties(base, [math, code], ${settings})`), context),
        'F32',
      ).nodes.filter(({ op }) => op === 'fmul').length;
    expect(products('weight: 1, scale: 1')).toBe(0);
    expect(products('weight: [2, 3], scale: 0.5')).toBe(3);
  });

  test('asks nothing twice of a step that two others read', () => {
    const program = programOf(
      termOf(
        'merge s = ties(base, [math, code], density: 20%, scope: whole)\nmerge x = 0.5 * s + 0.5 * base\nmerge f = average([s, x])',
      ),
      context,
    );
    const groups = program.statistics.map(({ group }) => group);
    expect(new Set(groups).size).toBe(groups.length);
    expect(groups).toHaveLength(4);
  });

  test('a masking call has one mask for each input', () => {
    const ties = termOf('merge final = ties(base, [math, code], density: 20%)');
    const linear = termOf('merge final = linear([math, code])');
    if (ties.kind !== 'call' || linear.kind !== 'call') throw new Error('both are calls');
    expect(callMasks(new Composer(8), ties, context)).toHaveLength(2);
    expect(hasMasks(linear)).toBe(false);
  });
});
