import { expect, test } from 'vitest';
import { main } from '../../client/cli/main.ts';
import type { Terminal } from '../../client/cli/terminal.ts';
import { writeSparseModel } from '../kit/sparse-model.ts';
import { workspace } from '../kit/workspace.ts';

const rows = 30;

test('a terminal shows the first layer of a large model until the whole sample is there', async () => {
  using folder = workspace({
    'm.merge': 'model a = "./a"\nmodel b = "./b"\nmerge m = ties(a, [b], density: 30%)\n',
  });
  for (const model of ['a', 'b'])
    writeSparseModel(folder.at(model), { bytes: 100e6, largest: 8192 });
  const told: { readonly to: 'out' | 'err'; readonly text: string }[] = [];
  const terminal: Terminal = {
    out: (text) => void told.push({ to: 'out', text }),
    err: (text) => void told.push({ to: 'err', text }),
    isInteractive: true,
    columns: 80,
    rows,
  };
  expect(await main(['preview', folder.at('m.merge')], terminal)).toBe(0);
  const screens = told.filter(({ to, text }) => to === 'err' && text.startsWith('\r'));
  const first = screens[0]!.text;
  expect(first).toMatch(/measuring {2}0 of 4 tensors\n\nm, the first layer: \d+ blocks read/);
  expect(first).toMatch(/^layer 0 .*\n {2}mlp /m);
  expect(first).not.toMatch(/^all |layer 1/m);
  const lines = screens.at(-2)!.text.split('\n').length;
  expect(lines).toBeLessThan(rows);
  // What was shown is gone before the whole comes, which is told once.
  expect(screens.at(-1)!.text).toBe(`\r\u001b[${lines - 1}A\u001b[J`);
  const whole = told.filter(({ to }) => to === 'out');
  expect(whole.map(({ text }) => text)).toEqual([expect.stringMatching(/^layer 2 /m)]);
  expect(told.indexOf(whole[0]!)).toBeGreaterThan(told.indexOf(screens.at(-1)!));
});
