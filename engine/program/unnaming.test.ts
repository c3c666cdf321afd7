import { expect, test } from 'vitest';
import { check } from '../../grammar/check/check.ts';
import { termFor } from '../../grammar/check/settle.ts';
import { headersFor, llama } from '../../grammar/check/test-models.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { catalogue, methods } from '../methods/catalogue.ts';
import { programOf } from './from-term.ts';
import { mapPass, statisticPasses } from './passes.ts';
import { Unnaming } from './unnaming.ts';

const names = ['base', 'math', 'code'];
const headers = headersFor(Object.fromEntries(names.map((name) => [name, llama()])));
const context = { elements: 128, wholeElements: new Map([['s.1', 1000]]) };

function termsOf(statements: string) {
  const text = `${names.map((name) => `model ${name} = "./${name}"\n`).join('')}${statements}`;
  const { steps } = check({ text, ...parse(text), catalogue, headers });
  return [0, 1].map((layer) => termFor(steps.at(-1)!, `model.layers.${layer}.mlp.up_proj.weight`));
}

test.each([...methods.values()].map(({ example }) => [example]))(
  '%s has the same program without names',
  (statement) => {
    for (const term of termsOf(statement)) {
      const unnaming = new Unnaming();
      const named = programOf(term, context);
      const unnamed = programOf(unnaming.term(term), context);
      const passes = (program: typeof named) => [
        ...statisticPasses(program).map(({ formula }) => formula.key),
        mapPass(program, 'BF16').key,
      ];
      expect(passes(unnamed)).toEqual(passes(named));
      expect(unnamed.scalars).toEqual(named.scalars);
      const operands = unnamed.operands.map((operand) => unnaming.named(operand));
      expect(named.operands).toMatchObject(operands);
    }
  },
);

test('layers are alike without names, but where their draws differ', () => {
  const areAlike = (statement: string): boolean => {
    const [a, b] = termsOf(statement).map((term) => JSON.stringify(new Unnaming().term(term)));
    return a === b;
  };
  const two = '[math, code], density: 30%';
  expect(areAlike(`merge s = ties(base, ${two})`)).toBe(true);
  expect(areAlike(`merge s = 0.5 * ties(base, ${two}) + 0.5 * code`)).toBe(true);
  expect(areAlike(`merge s = dare_ties(base, ${two}, seed: 4)`)).toBe(false);
});

test('a step that two others read stays one', () => {
  const [term] = termsOf(
    'merge s = linear([math, code])\nmerge x = 0.5 * s + 0.5 * base\nmerge f = average([s, x])',
  );
  const before = programOf(term!, context).graph.operandCount;
  expect(programOf(new Unnaming().term(term!), context).graph.operandCount).toBe(before);
});
