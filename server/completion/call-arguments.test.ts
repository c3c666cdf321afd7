/** Inside functions that are no methods: what each takes, from the tables that the check reads. */
import { describe, expect, it } from 'vitest';
import { formFunctions } from '../../grammar/check/forms.ts';
import { sourceFunctions } from '../../grammar/check/source-functions.ts';
import { labels } from '../test-kit.ts';

const above = `param keep: Ratio = 40% in 10%..90%
param fade: Scalar = 0.5 in 0..1
evaluate score = command("node evaluate.mjs", metrics: ["maths", "code"])
merge final = slerp(base, math, t: fade)
`;

async function shown(text: string): Promise<readonly string[]> {
  const all = await labels(text);
  return all === '' ? [] : all.split(' ');
}

const sources = Object.entries(sourceFunctions).flatMap(([kind, functions]) =>
  functions.map(({ name, named }) => [kind, name, named.map((of) => of.name)] as const),
);

describe.each(sources)('%s x = %s(…)', (kind, name, named) => {
  it('offers its named arguments behind the path, each once', async () => {
    const open = `${kind} x = ${name}("org/name", `;
    expect((await shown(`${open}‸)`)).toSorted()).toEqual(named.toSorted());
    expect((await shown(`${open}‸`)).toSorted()).toEqual(named.toSorted());
    for (const given of named) {
      const left = await shown(`${open}${given}: base, ‸)`);
      expect(left.toSorted()).toEqual(named.filter((of) => of !== given).toSorted());
    }
  });

  it('offers a text first', async () => {
    expect(await shown(`${kind} x = ${name}(‸)`)).toEqual(['"…"']);
  });
});

it('knows that a folder has no revision', async () => {
  expect(await shown('adapter x = lora("./tone", ‸)')).toEqual(['on']);
});

describe('values of named arguments', () => {
  it('are models, texts and words', async () => {
    expect(await shown('adapter x = lora("org/x", on: ‸)')).toEqual([
      'base',
      'math',
      'code',
      'chat',
    ]);
    expect(await shown('adapter x = lora("org/x", revision: ‸)')).toEqual(['"…"']);
    expect(await shown('stats x = mask("./x.safetensors", ones: ‸)')).toEqual(['keep', 'drop']);
    expect(await shown(`${above}sweep s = random(final, budget: ‸)`)).toContain('100');
  });

  it('are knobs, metrics and measures', async () => {
    expect(await shown(`${above}sweep s = grid(final, turn: [‸])`)).toEqual(['keep', 'fade']);
    expect(await shown(`${above}sweep s = grid(final, turn: [keep], measure: [‸])`)).toContain(
      'score',
    );
    const goals = await shown(`${above}search s = cma_es(final, turn: [keep], maximize: ‸)`);
    expect(goals).toContain('score');
    expect(goals).toContain('gap');
    expect(
      await shown(`${above}search s = cma_es(final, turn: [keep], maximize: score.‸)`),
    ).toEqual(['maths', 'code']);
  });
});

/** Where each function may stand, up to its opening bracket. */
const openings: Readonly<Record<string, string>> = {
  command: 'evaluate x = command(',
  grid: 'sweep x = grid(',
  random: 'search x = random(',
  cma_es: 'search x = cma_es(',
  union: 'output final to "./out" { tokenizer = union(',
  force: 'output final to "./out" { tokens = { "<x>": force(',
  row: 'output final to "./out" { tokens = { "<x>": row(',
  file: 'output final to "./out" { chat_template = file(',
};

const example: Readonly<Record<string, string>> = {
  text: '"x"',
  token: '"x"',
  models: '[base]',
  step: 'final',
  model: 'base',
  row: 'base',
};

describe.each(formFunctions.map((form) => [form.name, form] as const))('%s(…)', (name, form) => {
  const positional = form.arguments.filter(({ isPositional }) => isPositional === true);
  const named = form.arguments.filter(({ isPositional }) => isPositional !== true);
  const open = `${above}${openings[name]!}`;
  const all = positional.map(({ type }) => example[type]!).join(', ');

  it('offers its named arguments behind the others', async () => {
    expect((await shown(`${open}${all}, ‸`)).toSorted()).toEqual(
      named.map((of) => of.name).toSorted(),
    );
  });

  it('offers something for every argument by position', async () => {
    for (const index of positional.keys()) {
      const before = positional.slice(0, index).map(({ type }) => `${example[type]!}, `);
      expect(await shown(`${open}${before.join('')}‸`), `${index}`).not.toEqual([]);
    }
  });
});

it('takes one goal of a search', async () => {
  const open = `${above}search s = cma_es(final, turn: [keep], `;
  expect(await shown(`${open}minimize: score.maths, ‸)`)).toEqual(['budget', 'seed']);
});

describe('rows of tokens', () => {
  const open = 'output base to "./out" { tokens = { "<x>": ';

  it('are of models, forced, of another token, or zero', async () => {
    expect(await shown(`${open}‸ } }`)).toEqual([
      ...['base', 'math', 'code', 'chat'],
      ...['force', 'row', 'zero'],
    ]);
    expect(await shown(`${open}force(‸) } }`)).toEqual([
      ...['base', 'math', 'code', 'chat'],
      'row',
    ]);
    expect(await shown(`${open}force(row(‸)) } }`)).toEqual(['base', 'math', 'code', 'chat']);
    expect(await shown(`${open}row(math, ‸) } }`)).toEqual(['"…"']);
  });

  it('are in a preset of an output’s settings too', async () => {
    expect(await shown('let x: output = { tokens: { "<x>": ‸ } }')).toContain('force');
  });
});

it('offers templates and what else an output may be told', async () => {
  expect(await shown('output base to "./out" { chat_template = ‸ }')).toContain('chatml');
  expect(await shown('output base to "./out" { tokens = ‸ }')).toContain('{');
});

it('offers the options of measures and curves before a colon too', async () => {
  expect(await shown(`${above}expect gap(final, math, ‸: attention) < 1`)).toEqual(['at', 'base']);
  expect(await shown('merge m = slerp(base, math, t: curve(0, 1, ‸: smooth))')).toEqual([
    'ease',
    'outside',
  ]);
});
