import { describe, expect, test } from 'vitest';
import { check } from '../../grammar/check/check.ts';
import { termFor } from '../../grammar/check/settle.ts';
import { headersFor, llama } from '../../grammar/check/test-models.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { keep, magnitudeKey } from '../formula/derived.ts';
import { blockElements } from '../formula/node.ts';
import { catalogue, methods } from '../methods/catalogue.ts';
import { kernelsOf } from '../run/kernels.ts';
import { Workbench } from '../run/workbench.ts';
import { Composer, type Program } from './composer.ts';
import { programOf } from './from-term.ts';
import { mostHistograms } from './histograms.ts';
import { keepMasks, type WholePasses } from './kept-masks.ts';
import { mapPass, statisticPasses } from './passes.ts';
import { runPasses, Scalars, type PassResult } from './settle.ts';

/** More than a block, and no whole group of eight at the end. */
const elements = blockElements + 1003;
const names = ['base', 'math', 'code'];
const headers = headersFor(Object.fromEntries(names.map((name) => [name, llama()])));

function programFor(statement: string): Program {
  const text = `${names.map((name) => `model ${name} = "./${name}"\n`).join('')}${statement}`;
  const { steps, diagnostics } = check({ text, ...parse(text), catalogue, headers });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const term = termFor(steps.at(-1)!, 'model.layers.1.mlp.up_proj.weight');
  return programOf(term, { elements, wholeElements: new Map() });
}

function plain(program: Program): WholePasses {
  return { passes: statisticPasses(program), map: mapPass(program, 'BF16'), masks: 0 };
}

function keeping(program: Program): WholePasses {
  const { passes, map } = plain(program);
  return keepMasks(program, passes, map);
}

/** The words that are stored, and all that is found on the way. */
function run(backend: 'wasm' | 'oracle', program: Program, { passes, map, masks }: WholePasses) {
  const bench = new Workbench(kernelsOf(backend));
  bench.prepare({
    operandWidths: program.operands.map(() => 16),
    elements,
    outputWidth: 16,
    histograms: mostHistograms(passes),
    masks,
  });
  program.operands.forEach((_, operand) => {
    const words = Uint16Array.from({ length: elements }, (_, at) => {
      const step = (at * (2 * operand + 3) + 7 * operand) % 97;
      return 0x3c00 + step + (step % 2 === 0 ? 0x8000 : 0);
    });
    bench.operand(operand, elements).set(new Uint8Array(words.buffer));
  });
  const scalars = new Scalars(program);
  const whole = { first: 0, elements };
  const steps = runPasses(program, scalars, passes);
  let step = steps.next();
  while (!step.done) {
    const { value: asked } = step;
    const { formula, uniforms } = asked;
    const found: PassResult =
      asked.kind === 'pass'
        ? bench.pass(formula, uniforms, whole)
        : [[bench.locate(formula, uniforms, asked.sink, whole, asked.block, asked.wanted)]];
    step = steps.next(found);
  }
  bench.run(map!, scalars.uniforms(), whole);
  return { stored: bench.output(16, elements).slice(), figures: scalars.figures() };
}

const random = [...methods.values()].filter((method) => method.random === true);
const statements = [
  ...random.map(({ example }) => example),
  'merge s = dare_linear(base, [math, code], density: [50%, 5%], seed: 7, rescale: l1)',
  'merge s = dare_ties(base, [math, code], density: 70%, seed: 9, rescale: l1, compat: mergekit)',
];

describe('of masks that are kept comes what comes of drawing anew', () => {
  test.each(statements)('%s', (statement) => {
    const program = programFor(statement);
    const expected = run('wasm', program, plain(program));
    expect(run('wasm', program, keeping(program))).toEqual(expected);
    expect(run('oracle', program, keeping(program))).toEqual(expected);
  });
});

describe('a mask is made once', () => {
  const draws = ({ passes, map }: WholePasses) =>
    [...passes.map(({ formula }) => formula), map!].map(
      ({ nodes }) => nodes.filter(({ op }) => op === 'draw').length,
    );

  test('where chance alone makes it', () => {
    const program = programFor('merge s = dare_ties(base, [math, code], density: 50%, seed: 7)');
    expect(draws(plain(program))).toEqual([2, 2]);
    const kept = keeping(program);
    expect(kept.masks).toBe(2);
    expect(draws(kept)).toEqual([2, 0]);
  });

  test('and not kept where nothing reads it again', () => {
    const program = programFor(
      'merge s = base + dare(math - base, density: 50%, seed: 7, rescale: inverse)',
    );
    expect(keeping(program)).toEqual(plain(program));
  });

  test('and drawn anew where its limit waits for a pass', () => {
    const composer = new Composer(elements);
    const { graph } = composer;
    const value = composer.operand({ source: 'base', name: 'w', dtype: 'BF16' });
    const { threshold } = composer.kth(magnitudeKey(graph, value), 9);
    const drawn = graph.shr(composer.draw([1, 2]), 1);
    const mask = graph.ltU(drawn, composer.key(threshold));
    const count = composer.float(composer.count(mask));
    const program = composer.program(graph.mul(keep(graph, mask, value), count));
    expect(draws(keeping(program))).toEqual([0, 0, 1, 1]);
    expect(run('wasm', program, keeping(program))).toEqual(run('wasm', program, plain(program)));
  });
});
