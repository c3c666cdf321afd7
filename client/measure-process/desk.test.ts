import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  expect(await lineAt({ part: 'final_norm' })).toMatchObject({ line: 22 });
});

test('the cursor on a rule names its places', async () => {
  const [places] = await ask({ kind: 'places-at', recipe, line: 25 });
  expect(places).toMatchObject({ step: 'blend', places: [{ part: 'head' }] });
  const [none] = await ask({ kind: 'places-at', recipe, line: 1 });
  expect(none).toMatchObject({ places: [] });
});
