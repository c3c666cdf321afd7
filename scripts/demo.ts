/** The main job on real networks: a recipe checked, previewed and merged, and the accuracy of the merge beside its parents'. */
import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluate, tableOf } from '../examples/digits/evaluate.ts';
import { buildAll } from './build.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const recipe = 'examples/digits/digits.merge';
const networks = ['base', 'low', 'mid', 'high'] as const;

function mergewright(...args: readonly string[]): void {
  console.log(`\n$ npx mergewright ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, ['client/bin/mergewright.mjs', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status === 0) return;
  console.error(`it ended with exit code ${status}`);
  process.exit(status ?? 1);
}

await buildAll();
mergewright('check', recipe);
mergewright('preview', recipe);
mergewright('run', recipe, '--overwrite');

console.log('\nShare of 3,000 held-out digits that each network reads right, in percent:');
const folders = new Map<string, string>(
  networks.map((name) => [name, `${root}examples/digits/models/${name}`]),
);
folders.set('merge', `${root}examples/digits/out/digits`);
const evaluations = new Map(
  [...folders].map(([name, folder]) => [name, evaluate(folder)] as const),
);
console.log(tableOf(evaluations, {}));
const merged = evaluations.get('merge')!.overall;
const best = Math.max(...networks.map((name) => evaluations.get(name)!.overall.correct));
console.log(
  `The merge reads ${merged.correct} of ${merged.total}, ${merged.correct - best} more than the best network it was made of.`,
);
console.log(
  `It lies in ${relative(process.cwd(), folders.get('merge')!)}, with its report in mergewright.json.`,
);
