import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FromMeasure, MeasureRequest, MeasuredRecipe } from '../../engine/protocol/measure.ts';
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
  /** One desk measures the recipe, then plans another text. */
  const changedBy = async (edit: (text: string) => string, shownVersion = 3): Promise<unknown> => {
    const next = { ...recipe, text: edit(recipe.text), textVersion: 4 };
    const shown = { step: 'blend', textVersion: shownVersion };
    const answer = await new Promise<FromMeasure>((done) => {
      const { hear } = desk((message) => {
        if (message.kind === 'tile')
          hear({ kind: 'acknowledge', id: message.id, tile: message.tile });
        if (message.kind === 'measured')
          hear({
            kind: 'request',
            id: 2,
            request: { kind: 'plan', recipe: next, shown, ...limits },
          });
        if (message.kind === 'planned') done(message);
      });
      hear({
        kind: 'request',
        id: 1,
        request: { kind: 'measure', recipe, exact: false, ...limits },
      });
    });
    return answer.kind === 'planned' ? answer.changed : answer;
  };

  test('nowhere, where only words changed', async () => {
    expect(await changedBy((text) => `// A word.\n${text}`)).toEqual([]);
  });

  test('at the tensors of an edited rule', async () => {
    const edit = (text: string): string =>
      text.replace('at head        { scale = 0.7 }', 'at head        { scale = 0.6 }');
    expect(await changedBy(edit)).toEqual([{ tower: 'text', part: 'head' }]);
  });

  test('everywhere, where the models or the stored type are others', async () => {
    expect(await changedBy((text) => text.replace('dtype = bf16', 'dtype = f16'))).toEqual([{}]);
    const fewer = (text: string): string =>
      text.replace('[low, mid, high]', '[low, mid]').replace(/expect gap\(blend, high\).*/, '');
    expect(await changedBy(fewer)).toEqual([{}]);
  });

  test('it does not say so of a picture that it did not send last', async () => {
    expect(await changedBy((text) => text, 2)).toBeUndefined();
  });
});
