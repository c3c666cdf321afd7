import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import type { FromMeasure, MeasureRequest, MeasuredRecipe } from '../../engine/protocol/measure.ts';
import { layoutShards } from '../../engine/safetensors/layout.ts';
import { desk } from './desk.ts';

const digits = fileURLToPath(new URL('../../examples/digits', import.meta.url));
const limits = { memory: 256_000_000, threads: 1 };
let folder: string;
let recipe: MeasuredRecipe;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mergewright-measure-'));
  cpSync(join(digits, 'models'), join(folder, 'models'), { recursive: true });
  const text = readFileSync(join(digits, 'digits.merge'), 'utf8');
  recipe = { text, path: join(folder, 'digits.merge'), textVersion: 3 };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All that is said until the last answer came; `each` may speak in between. */
function ask(
  request: MeasureRequest,
  each: (message: FromMeasure, hear: ReturnType<typeof desk>['hear']) => void = () => undefined,
): Promise<readonly FromMeasure[]> {
  return new Promise((done) => {
    const heard: FromMeasure[] = [];
    const { hear } = desk((message) => {
      heard.push(message);
      if (message.kind === 'tile')
        hear({ kind: 'acknowledge', id: message.id, tile: message.tile });
      each(message, hear);
      if (['planned', 'measured', 'line', 'places'].includes(message.kind)) done(heard);
    });
    hear({ kind: 'request', id: 1, request });
  });
}

test('a plan says what a run would read, write and need', async () => {
  const [planned] = await ask({ kind: 'plan', recipe, ...limits });
  expect(planned).toMatchObject({
    kind: 'planned',
    id: 1,
    textVersion: 3,
    checked: { errors: [], outputs: 1, steps: [{ name: 'blend', method: 'ties', line: 22 }] },
    plan: { outputs: [{ step: 'blend', folder: join(folder, 'out', 'digits'), state: 'new' }] },
  });
});

test('a recipe with errors has them, with their lines, and no plan', async () => {
  const text = recipe.text.replace('= ties(', '= tise(');
  const [planned] = await ask({ kind: 'plan', recipe: { ...recipe, text }, ...limits });
  expect(planned).toMatchObject({
    checked: { errors: [{ line: 22, message: expect.stringContaining('tise') }] },
  });
  expect(planned).not.toHaveProperty('plan');
});

test('a picture comes in tiles, and says how much was read', async () => {
  const heard = await ask({ kind: 'measure', recipe, exact: false, ...limits });
  const picture = heard.find(({ kind }) => kind === 'picture');
  expect(picture).toMatchObject({ step: 'blend', reading: 'exact' });
  const rows = heard.flatMap((message) => (message.kind === 'tile' ? message.rows : []));
  expect(rows.find(({ kind }) => kind === 'total')?.models[0]?.gap?.value).toBeCloseTo(0.8489, 3);
  expect(heard.at(-1)).toMatchObject({ kind: 'measured', outcome: 'whole' });
  expect(heard.map(({ number }) => number)).toEqual(heard.map((_, index) => index + 1));
});

test('a stop ends a measuring', async () => {
  const heard = await ask({ kind: 'measure', recipe, exact: true, ...limits }, (message, hear) => {
    if (message.kind === 'measuring') hear({ kind: 'stop', id: 1 });
  });
  expect(heard.at(-1)).toMatchObject({ kind: 'measured', outcome: 'stopped' });
});

test('a newer measuring of a recipe ends the older one, and of another recipe none', async () => {
  const outcomes = new Map<number, string>();
  const other = { ...recipe, path: join(folder, 'other.merge') };
  await new Promise<void>((done) => {
    const { hear } = desk((message) => {
      if (message.kind === 'tile')
        hear({ kind: 'acknowledge', id: message.id, tile: message.tile });
      if (message.kind === 'measured') outcomes.set(message.id, message.outcome);
      if (outcomes.size === 3) done();
    });
    for (const [index, each] of [recipe, other, recipe].entries()) {
      const request = { kind: 'measure', recipe: each, exact: true, ...limits } as const;
      hear({ kind: 'request', id: index + 1, request });
    }
  });
  expect([1, 2, 3].map((id) => outcomes.get(id))).toEqual(['stopped', 'whole', 'whole']);
});

test('of a large model the first layer comes first, then all of it', async () => {
  const names = [0, 1, 2].map((layer) => `model.layers.${layer}.mlp.up_proj.weight`);
  const large = 16 << 20;
  const layout = valueOf(
    layoutShards(names.map((name) => ({ name, dtype: 'BF16', shape: [large] }))),
  );
  const [{ name, header, size }] = layout.files as [(typeof layout.files)[0]];
  for (const model of ['a', 'b']) {
    mkdirSync(join(folder, model), { recursive: true });
    writeFileSync(join(folder, model, name), header);
    // The rest of the file is a hole, which reads as zeros.
    truncateSync(join(folder, model, name), size);
  }
  const text = 'model a = "./a"\nmodel b = "./b"\nmerge m = ties(a, [b], density: 30%)\n';
  const heard = await ask({
    kind: 'measure',
    recipe: { ...recipe, text },
    exact: false,
    ...limits,
  });
  const pictures = heard.flatMap((message) =>
    message.kind === 'picture' ? [[message.reading, message.partial]] : [],
  );
  expect(pictures).toEqual([
    ['sampling', true],
    ['sampled', false],
  ]);
  const [first, whole] = heard
    .flatMap((message) => (message.kind === 'tile' ? [message.rows] : []))
    .map((rows) =>
      rows.map(({ kind, layer }) => (layer === undefined ? kind : `${kind} ${layer}`)),
    );
  expect(first).toEqual(['layer 0', 'cell 0']);
  expect(whole).toEqual([
    ...['total', 'part'],
    ...[0, 1, 2].map((layer) => `layer ${layer}`),
    ...[0, 1, 2].map((layer) => `cell ${layer}`),
  ]);
});

test('the line that decides a cell is the rule that speaks of it, else the statement', async () => {
  const lineAt = async (place: object): Promise<FromMeasure> =>
    (await ask({ kind: 'line-of', recipe, step: 'blend', place }))[0]!;
  expect(await lineAt({ part: 'head' })).toMatchObject({ line: 25 });
  expect(await lineAt({ layer: 2, part: 'mlp' })).toMatchObject({ line: 23 });
  expect(await lineAt({ layer: 2, part: 'mlp', column: 'up' })).toMatchObject({ line: 23 });
  expect(await lineAt({ layer: 2, part: 'mlp', column: 'gate' })).toMatchObject({ line: 22 });
  expect(await lineAt({ part: 'final_norm' })).toMatchObject({ line: 22 });
});

test('the cursor on a rule names its places', async () => {
  const [places] = await ask({ kind: 'places-at', recipe, line: 25 });
  expect(places).toMatchObject({ step: 'blend', places: [{ part: 'head' }] });
  const layers = [0, 1, 2, 3].map((layer) => ({ tower: 'text', layer }));
  const [whole] = await ask({ kind: 'places-at', recipe, line: 23 });
  expect(whole).toMatchObject({ places: layers });
  const text = recipe.text.replace('at layers 0..3', 'at "*.up_proj.weight"');
  const [ups] = await ask({ kind: 'places-at', recipe: { ...recipe, text }, line: 23 });
  expect(ups).toMatchObject({
    places: layers.map((layer) => ({ ...layer, part: 'mlp', column: 'up' })),
  });
  const [none] = await ask({ kind: 'places-at', recipe, line: 1 });
  expect(none).toMatchObject({ places: [] });
});

test('a picture tells a layer’s matrices apart', async () => {
  const heard = await ask({ kind: 'measure', recipe, exact: false, ...limits });
  const rows = heard.flatMap((message) => (message.kind === 'tile' ? message.rows : []));
  const cells = rows.filter(({ kind, layer }) => kind === 'cell' && layer === 0);
  expect(cells.map(({ part, column }) => [part, column])).toEqual([
    ['mlp', 'up'],
    ['mlp', 'down'],
    ['norms', 'norms'],
  ]);
});

describe('a plan says where the shown picture is no longer the text’s', () => {
  /** One desk measures a text, then plans another. */
  const changedBy = async (
    edit: (text: string) => string,
    { of = recipe.text, shownVersion = 3, meanwhile = (): void => undefined } = {},
  ): Promise<unknown> => {
    const before = { ...recipe, text: of };
    const next = { ...recipe, text: edit(of), textVersion: 4 };
    const shown = { step: 'blend', textVersion: shownVersion };
    const answer = await new Promise<FromMeasure>((done) => {
      const { hear } = desk((message) => {
        if (message.kind === 'tile')
          hear({ kind: 'acknowledge', id: message.id, tile: message.tile });
        if (message.kind === 'measured') {
          meanwhile();
          hear({
            kind: 'request',
            id: 2,
            request: { kind: 'plan', recipe: next, shown, ...limits },
          });
        }
        if (message.kind === 'planned') done(message);
      });
      hear({
        kind: 'request',
        id: 1,
        request: { kind: 'measure', recipe: before, exact: false, ...limits },
      });
    });
    return answer.kind === 'planned' ? answer.changed : answer;
  };

  test('nowhere, where only words changed', async () => {
    expect(await changedBy((text) => `// A word.\n${text}`)).toEqual([]);
  });

  const headScaled = (text: string): string =>
    text.replace('at head        { scale = 0.7 }', 'at head        { scale = 0.6 }');

  test('at the tensors of an edited rule', async () => {
    expect(await changedBy(headScaled)).toEqual([{ tower: 'text', part: 'head' }]);
  });

  test('everywhere, where a statistic over the whole model takes part in the edited tensors', async () => {
    const of = recipe.text
      .replace('density: keep)', 'density: keep, scope: whole)')
      .replace('density = 60%, ', '');
    expect(await changedBy(headScaled, { of })).toEqual([{}]);
    expect(await changedBy((text) => `// A word.\n${text}`, { of })).toEqual([]);
  });

  test('everywhere, where a model has other weights by now', async () => {
    const weights = join(folder, 'models', 'low', 'model.safetensors');
    const meanwhile = (): void => utimesSync(weights, new Date(), new Date());
    expect(await changedBy((text) => `// A word.\n${text}`, { meanwhile })).toEqual([{}]);
  });

  test('everywhere, where the models or the stored type are others', async () => {
    expect(await changedBy((text) => text.replace('dtype = bf16', 'dtype = f16'))).toEqual([{}]);
    const fewer = (text: string): string =>
      text.replace('[low, mid, high]', '[low, mid]').replace(/expect gap\(blend, high\).*/, '');
    expect(await changedBy(fewer)).toEqual([{}]);
  });

  test('it does not say so of a picture that it did not send last', async () => {
    expect(await changedBy((text) => text, { shownVersion: 2 })).toBeUndefined();
  });
});
