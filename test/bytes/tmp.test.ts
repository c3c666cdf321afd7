import { test } from 'vitest';
import { testFolder, writeRecipe } from '../kit/merge.ts';
import { runAll } from '../kit/outputs.ts';
import { stepped, stored, weights } from '../kit/values.ts';
for (const [title, body] of [
  ['ties', 'merge m = ties(base, [x], density: 30%)'],
  ['mk', 'merge m = ties(base, [x], density: 30%, compat: mergekit)'],
  ['slerp', 'merge m = slerp(base, x, t: 0.3)'],
  ['dare', 'merge m = dare_linear(base, [x], density: 0.3)'],
] as const)
test(title, async () => {
  using folder = testFolder();
  const n = 2_300_000;
  const base = weights(n, 1);
  const r = writeRecipe(folder.path, { base: { w: stored(base, 'F32') }, x: { w: stored(stepped(base, 2), 'F32') } }, `${body}\noutput m to "./out"`);
  for (const o of [{backend:'wasm', memory: 9_100_000}, {backend:'oracle'}, {backend:'gpu'}] as const) {
    const t = performance.now();
    const { fingerprints, reports } = await runAll(r, o);
    console.log(title, o, (performance.now() - t)/1000, JSON.stringify(fingerprints), JSON.stringify(reports.out.backends));
  }
});
